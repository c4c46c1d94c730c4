"""What time brings, in the order a worker asks: the table of contents of everything that falls due."""

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
from allybot.services.isolation import Story

STORIES: tuple[Story, ...] = (
    dose.bring_back,
    check_ins.queue_due,
    follow_ups.queue_follow_ups,
    reminders.queue_due,
    *circles.STORIES,
    ask.forget_settled,
    transfers.close_due,
    welcome.queue_goodbyes,
    welcome.delete_expired,
    retention.tidy,
)
