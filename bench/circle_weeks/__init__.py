"""Lives 26 weeks in three circles, and judges whether each had what it was promised."""
