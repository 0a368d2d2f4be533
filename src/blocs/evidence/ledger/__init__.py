"""The ledger: what many articles say, merged into facts, each with every telling of it."""
