"""A Slack for measurements: it answers after a fixed delay, opens modals, sends presses and can limit calls.

The emulator of the tests refuses what Slack refuses, which takes time of its own; this one only answers, so
that allybot and its peers are measured and not their Slack. It runs in a process of its own.
"""
