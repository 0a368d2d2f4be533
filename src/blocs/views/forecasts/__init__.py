"""Forecasts: as they are kept and told, their page, the calls from Python."""
