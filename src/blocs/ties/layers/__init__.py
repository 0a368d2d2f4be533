"""One file per rule that turns facts into signed ties."""
