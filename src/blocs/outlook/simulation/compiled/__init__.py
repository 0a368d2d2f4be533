"""Compiled parts of a simulated month; `blocs.outlook.simulation.model` says what they take."""
