"""How right, against labels, truths that were planted, or what others published."""
