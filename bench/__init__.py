"""Measurements and trials that are too long or too large for the test suite."""
