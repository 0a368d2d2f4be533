"""Pages of the explorer: one module a page, each an answer with its facts, table and page."""
