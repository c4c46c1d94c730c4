"""The ids of buttons in test messages, which do nothing."""

PRESSED = "sample.pressed"  # one action id for each place in a message
PRESSES = tuple(f"{PRESSED}.{place}" for place in range(25))
"""As many as Slack lets a row of buttons have."""
