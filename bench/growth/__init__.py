"""How much a check-in and an idle tick cost among few people and among many. See `__main__`."""
