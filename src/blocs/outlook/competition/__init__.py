"""Does bloc competition raise conflict? Indices, outcomes, models, permutations."""
