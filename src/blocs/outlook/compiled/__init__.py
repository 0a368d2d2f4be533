"""Compiled loops of the forecasters and of the models of events."""
