"""One file per way to split a signed network into blocs."""
