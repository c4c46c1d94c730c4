"""Attacks that try to infer a person's answer, each measured against a bar.

`python -m tests.adversarial.attacks` runs them on SQLite and PostgreSQL. Every attack is also tried on a
build that has one protection replaced by something naive: an attack that fails there too would prove nothing
here.
"""
