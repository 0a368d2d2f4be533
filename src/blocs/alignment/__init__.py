"""Likeness, ideal points, blocs, and the test of a named group."""
