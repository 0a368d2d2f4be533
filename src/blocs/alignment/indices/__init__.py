"""One file per measure of polarisation."""
