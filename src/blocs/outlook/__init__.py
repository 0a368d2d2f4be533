"""Tests, forecasts and what-if."""
