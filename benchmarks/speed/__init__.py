"""How fast, at what cost of memory."""
