"""Facts become a dated, signed, layered network of states."""
