"""From Slack to us: everything a person can do, one module per story."""
