"""One file per group of columns that a panel can carry."""
