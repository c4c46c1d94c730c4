"""Did it appear? The answer of a facilitator or lead to an uncertain circle post."""

from typing import Any

from slack_bolt import Ack, App

from allybot.errors import NotFoundError, WrongStateError
from allybot.prompts import ids
from allybot.prompts.help import stale_button
from allybot.services.delivery import did_it_appear
from allybot.slack_app.replies import Desk, actor, reply, say_for


def register(bolt: App, desk: Desk) -> None:
    """The two buttons of the question."""

    @bolt.action(ids.IT_APPEARED)
    def it_appeared(ack: Ack, body: dict[str, Any]) -> None:
        _answer(desk, ack, body, appeared=True)

    @bolt.action(ids.IT_DID_NOT_APPEAR)
    def it_did_not_appear(ack: Ack, body: dict[str, Any]) -> None:
        _answer(desk, ack, body, appeared=False)


def _answer(desk: Desk, ack: Ack, body: dict[str, Any], *, appeared: bool) -> None:
    value = ids.OutboxValue.unpack(body["actions"][0].get("value"))
    counted = False
    if value:
        try:
            did_it_appear.answer(desk.context, actor(body), value.outbox, appeared=appeared, now=desk.now())
            counted = True
        except (NotFoundError, WrongStateError):
            pass  # not asked, or answered before: both see the same kind words
    ack()
    if counted:
        desk.nudge()
    else:
        reply(desk, body, stale_button(say_for(desk, body)))
