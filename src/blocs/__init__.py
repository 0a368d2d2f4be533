"""Who stands with whom, on what, how firmly, since when, on whose word."""
