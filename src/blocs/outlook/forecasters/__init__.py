"""One file per forecaster."""
