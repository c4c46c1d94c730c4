"""What every handler has on its desk: how it reads who is acting, and how it answers him.

A handler commits, acknowledges and is free again. What it then shows is shown soon, by other threads, and
Slack's trouble ends here: it may refuse, limit or hang, what was committed stays.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slack_bolt import App

from allybot import telemetry
from allybot.clock import Clock
from allybot.domain.people import Actor
from allybot.errors import AllybotError, SlackError
from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts.help import as_modal, not_opened
from allybot.services.context import Context
from allybot.services.trainees.roles import locale_of
from allybot.slack.gateway import SlackGateway
from allybot.slack_app.background import Afterwards, Turns, at_once
from allybot.slack_app.backoff import Restraint

TRIGGER_SECONDS = 3.0
"""How long Slack lets a press open a modal."""
_OPEN, _PUSH, _OPEN_ALREADY = "views.open", "views.push", "exchanged_trigger_id"
log = telemetry.logger()


@dataclass(frozen=True)
class Desk:
    """What handlers work with.

    Attributes:
        clock: says what is due; read once per payload.
        slack: for the moment of the press; gives up quickly.
        nudge: tells a worker in this process that the outbox has something new; cheap, never fails.
        afterwards: where to leave what is said to Slack, so that no acknowledgement waits for it.
        restraint: what Slack asked not to be asked for a while.
        homes: lets each person's Home tab be written by one at a time.
    """

    context: Context
    slack: SlackGateway
    clock: Clock
    nudge: Callable[[], None]
    afterwards: Afterwards = at_once
    restraint: Restraint = field(default_factory=Restraint)
    homes: Turns = field(default_factory=Turns)

    def now(self) -> datetime:
        """The program's time, aware UTC."""
        return self.clock()


@dataclass(frozen=True)
class Permit:
    """What Slack gives with a press or command to answer it by: each is empty where it gives none."""

    trigger_id: str = ""
    response_url: str = ""


@dataclass(frozen=True)
class Asked:
    """One `/allybot` command: who asked, the words after the subcommand, and how to open a modal."""

    actor: Actor
    words: str
    permit: Permit
    say: Say


EventWork = Callable[[dict[str, Any], dict[str, Any]], None]
"""Does what follows from an event: the event, and the payload around it."""
CommandHandler = Callable[[Desk, Asked], Message | None]
"""Answers a subcommand with an ephemeral message, or None when it opened a modal instead."""


def actor(body: Mapping[str, Any]) -> Actor:
    """Who acts, from any of Slack's payloads: interactions nest ids, commands and events do not."""
    team = body.get("team")
    user = body.get("user")
    return Actor(
        workspace_id=str(team["id"] if isinstance(team, Mapping) else body.get("team_id") or ""),
        slack_user=str(user["id"] if isinstance(user, Mapping) else body.get("user_id") or user or ""),
    )


def permit(body: Mapping[str, Any]) -> Permit:
    """How to answer a press or a command."""
    return Permit(str(body.get("trigger_id") or ""), str(body.get("response_url") or ""))


def say_for(desk: Desk, body: Mapping[str, Any]) -> Say:
    """Whoever acts, in his own language where allybot knows it."""
    return Say(locale_of(desk.context, actor(body)))


def before_acknowledging(bolt: App, event: str) -> Callable[[EventWork], EventWork]:
    """Listen to an event, and let Slack send it again when that fails.

    Bolt acknowledges an event before its listener runs, so that what fails then is lost; a listener's own
    middleware runs before.
    """

    def listen(work: EventWork) -> EventWork:
        def first(event: dict[str, Any], body: dict[str, Any], next_: Callable[[], None]) -> None:
            work(event, body)
            next_()

        bolt.event(event, middleware=[first])(_done)
        return work

    return listen


def reply(desk: Desk, body: Mapping[str, Any], message: Message | None, *, replace: bool = False) -> None:
    """Answer a button where it was pressed, seen by that person only; None means there is nothing to say.

    With `replace` the message that held the button becomes the answer, if it was seen by him only.
    """
    pressed = permit(body)
    replace = replace and bool((body.get("container") or {}).get("is_ephemeral"))
    if message is not None and pressed.response_url:
        desk.afterwards(
            f"say {pressed.trigger_id} {message.text}", lambda: _tell(desk, pressed, message, replace=replace)
        )


def answer(desk: Desk, body: Mapping[str, Any], message: Message | None, *, replace: bool = False) -> None:
    """Answer a button wherever it may stand: as `reply` in a message, else in a modal.

    Slack gives no response_url for presses on the Home tab and in modals.
    """
    if message is None or body.get("response_url"):
        reply(desk, body, message, replace=replace)
        return
    say = say_for(desk, body)
    if (body.get("view") or {}).get("type") == "modal":
        change_modal(desk, body, as_modal(say, message), whatever_it_shows=True)
    else:
        open_modal(desk, actor(body), permit(body), as_modal(say, message), say)


def open_modal(
    desk: Desk,
    who: Actor,
    pressed: Permit,
    view: View | Callable[[], View],
    say: Say,
    *,
    on_top: bool = False,
) -> None:
    """Open a modal soon; where Slack does not, say so if it lets us. One press opens one.

    Args:
        desk: the desk.
        who: for whom.
        pressed: what his press permits.
        view: the modal, or what builds it when its turn has come.
        say: his language.
        on_top: keep the modal he pressed in; closing the new one leads back to it.
    """
    began = time.monotonic()

    def job() -> None:
        in_time = time.monotonic() - began < TRIGGER_SECONDS
        if in_time and not desk.restraint.wanted(who.workspace_id, _PUSH if on_top else _OPEN):
            try:
                page = view if isinstance(view, View) else view()
                show = desk.slack.push_view if on_top else desk.slack.open_view
                show(who.workspace_id, pressed.trigger_id, page)
            except SlackError as problem:
                if problem.reason == _OPEN_ALREADY:
                    return  # the same press came to another process, too
                desk.restraint.learn(who.workspace_id, problem)
                _note(problem)
            except AllybotError:
                telemetry.ANSWERS_LOST.inc()  # what it shows has gone meanwhile, or cannot be read
            else:
                return
        if pressed.response_url:
            _tell(desk, pressed, not_opened(say))

    desk.afterwards(f"open {pressed.trigger_id}", job)


def change_modal(desk: Desk, body: Mapping[str, Any], view: View, *, whatever_it_shows: bool = False) -> None:
    """Show something else soon in the modal that was used, unless it has changed meanwhile."""
    who, shown = actor(body), body["view"]
    seen = None if whatever_it_shows else shown.get("hash")
    _soon(
        desk,
        f"change {body.get('trigger_id')}",
        lambda: desk.slack.update_view(who.workspace_id, str(shown["id"]), view, seen),
    )


def publish_home(desk: Desk, who: Actor, page: Callable[[], View]) -> None:
    """Show the Home tab soon, as `page` finds things then; an older page never takes a newer one's place."""

    def publish() -> None:
        desk.slack.publish_home(who.workspace_id, who.slack_user, page())

    _soon(desk, "", lambda: desk.homes.take(who, publish))


def _soon(desk: Desk, key: str, call: Callable[[], None]) -> None:
    def job() -> None:
        try:
            call()
        except SlackError as problem:
            _note(problem)

    desk.afterwards(key, job)


def _tell(desk: Desk, pressed: Permit, message: Message, *, replace: bool = False) -> None:
    words = {"text": message.text, "blocks": list(message.blocks)}
    try:
        desk.slack.respond(
            pressed.response_url, words | {"response_type": "ephemeral", "replace_original": replace}
        )
    except SlackError as problem:
        _note(problem)


def _note(problem: SlackError) -> None:
    telemetry.ANSWERS_LOST.inc()
    log.warning("slack did not take an answer", method=problem.method, reason=problem.reason)


def _done() -> None:
    """Nothing is left to do."""
