"""The embedded default evidence: facts with citations, figures with recipes."""
