"""Chaos: workers die, Slack fails, the database goes away, and every message must still be seen once."""
