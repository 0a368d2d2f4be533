"""Compiled parts of a simulated month; `blocs.outlook.simulation.model` says what they take.

Numba counts references to every array of a tuple that is handed on, which costs more than a
quiet month. So arrays are taken out of their tuples before a loop; what runs every month hands
no tuple on; and what does (`move`, `take_steps`) is called when something happens.
"""
