"""One file per data set somebody publishes."""
