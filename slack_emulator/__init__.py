"""A local Slack for trying out and testing apps: Web API, Socket Mode, signed HTTP, a web client."""

from slack_emulator.clock import Clock, MachineClock, ManualClock
from slack_emulator.config import (
    App,
    Channel,
    EmulatorConfig,
    OrgWorkspace,
    Person,
    Team,
    UserGroup,
    load_config,
)
from slack_emulator.errors import ConfigError, EmulatorError, RefusedError
from slack_emulator.server import Emulator, run

__all__ = [
    "App",
    "Channel",
    "Clock",
    "ConfigError",
    "Emulator",
    "EmulatorConfig",
    "EmulatorError",
    "MachineClock",
    "ManualClock",
    "OrgWorkspace",
    "Person",
    "RefusedError",
    "Team",
    "UserGroup",
    "load_config",
    "run",
]
