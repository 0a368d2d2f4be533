"""Run the command line: ``python -m blocs``."""

from blocs.views.cli import main

main()
