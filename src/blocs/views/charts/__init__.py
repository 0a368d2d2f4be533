"""Figures of the brief, one per file: the finding, the picture and its table."""
