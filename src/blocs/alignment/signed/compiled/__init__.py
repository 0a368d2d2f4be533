"""Compiled loops for big signed graphs; imported lazily, never for small ones."""
