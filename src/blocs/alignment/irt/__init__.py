"""The parts of the dynamic ordinal item-response model, one idea per file."""
