"""Measurements of speed, too long for the test suite."""
