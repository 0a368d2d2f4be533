"""Escalation and realignment as one coupled, monthly, stochastic model."""
