"""A local Slack to practise and test with: Web API, Socket Mode, signed HTTP, a page for people."""

from slack_emulator.config import App, Channel, Person, StandInConfig, Team, load_config
from slack_emulator.errors import ConfigError, RefusedError, StandInError
from slack_emulator.server import StandIn, run

__all__ = [
    "App",
    "Channel",
    "ConfigError",
    "Person",
    "RefusedError",
    "StandIn",
    "StandInConfig",
    "StandInError",
    "Team",
    "load_config",
    "run",
]
