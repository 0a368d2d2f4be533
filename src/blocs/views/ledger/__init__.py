"""The ledger: articles gathered into it, its tables, its page, its review."""
