"""The bot connected to the emulator, with a clock that can be moved."""

from allybot.demo.attended import walk_through
from allybot.demo.options import DemoOptions, Report
from allybot.demo.unattended import autoplay

__all__ = ["DemoOptions", "Report", "autoplay", "walk_through"]
