"""Tests; helpers for them are imported as ``tests.<module>``."""
