"""One file per measure of how alike two states act."""
