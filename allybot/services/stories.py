"""What time brings, in the order a worker asks: the table of contents of everything that falls due."""

from collections.abc import Callable
from datetime import datetime

from allybot.services import (
    ask,
    check_ins,
    circles,
    dose,
    follow_ups,
    reminders,
    retention,
    transfers,
    welcome,
)
from allybot.services.house import House

STORIES: tuple[tuple[str, Callable[[House, datetime], int]], ...] = (
    ("dose", dose.bring_back),
    ("check_ins", check_ins.queue_due),
    ("follow_ups", follow_ups.queue_follow_ups),
    ("reminders", reminders.queue_due),
    ("circles", circles.queue_due),
    ("ask", ask.forget_settled),
    ("transfers", transfers.close_due),
    ("goodbyes", welcome.queue_goodbyes),
    ("deletion", welcome.delete_expired),
    ("retention", retention.tidy),
)
