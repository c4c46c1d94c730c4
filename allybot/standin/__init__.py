"""A local Slack to practise and test with: Web API, Socket Mode, signed HTTP, a page for people."""

from allybot.standin.config import App, Channel, Person, StandInConfig, Team, load_config
from allybot.standin.errors import ConfigError, RefusedError, StandInError
from allybot.standin.server import StandIn, run

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
