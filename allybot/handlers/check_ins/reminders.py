"""Asking for a reminder of a plan's moment, and having enough of it."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App

from allybot.errors import DecryptionError, NotFoundError, WrongStateError
from allybot.handlers.home import show_home
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.check_ins import reminders as prompts
from allybot.prompts.help import stale_button
from allybot.services.check_ins import reminders
from allybot.slack_app.replies import Desk, actor, answer, say_for


def register(bolt: App, desk: Desk) -> None:
    """The two buttons."""

    @bolt.action(ids.REMINDER_ON)
    def on(ack: Ack, body: dict[str, Any]) -> None:
        _show(desk, ack, body, wanted=True)

    @bolt.action(ids.REMINDER_OFF)
    def off(ack: Ack, body: dict[str, Any]) -> None:
        _show(desk, ack, body, wanted=False)


def _show(desk: Desk, ack: Ack, body: dict[str, Any], *, wanted: bool) -> None:
    """Note his wish; on the Home tab the page itself shows it."""
    said = _wish(desk, body, wanted=wanted)
    ack()
    if said is not None and (body.get("view") or {}).get("type") == "home":
        show_home(desk, actor(body))
    else:
        answer(desk, body, said or stale_button(say_for(desk, body)))


def _wish(desk: Desk, body: Mapping[str, Any], *, wanted: bool) -> Message | None:
    say, value = say_for(desk, body), ids.PlanValue.unpack(body["actions"][0].get("value"))
    try:
        done = reminders.wish(
            desk.context, actor(body), value.plan if value else "", wanted=wanted, now=desk.now()
        )
    except (NotFoundError, WrongStateError, DecryptionError):
        return None
    return prompts.wished(say, done.comes_on) if wanted else prompts.had_enough(say)
