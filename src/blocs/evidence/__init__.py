"""Articles and data sets in, facts with sources out."""
