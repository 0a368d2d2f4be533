"""Events of any number, summed to ties of pairs of states by period, on any engine."""
