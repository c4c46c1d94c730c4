"""The bot wired to the stand-in Slack and a clock that can be moved."""

from allybot.demo.options import DemoOptions, Report
from allybot.demo.practise import practise
from allybot.demo.unattended import autoplay

__all__ = ["DemoOptions", "Report", "autoplay", "practise"]
