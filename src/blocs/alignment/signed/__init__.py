"""Signed graphs: the solvers behind the partitions and indices of the alignment stage."""
