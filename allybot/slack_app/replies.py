"""What every handler works with: the use cases' context, and how to answer whoever acted.

A handler commits, acknowledges and returns. What it then shows is sent soon, by other threads: Slack may
refuse, limit or hang, what was committed stays.
"""

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from allybot import telemetry
from allybot.clock import Clock
from allybot.domain.people import Actor
from allybot.errors import AllybotError, DatabaseUnavailableError, SlackError
from allybot.i18n import Say
from allybot.message import Message, TextFile, View
from allybot.prompts.help import as_modal, not_opened
from allybot.services.context import Context
from allybot.services.trainees.roles import locale_of
from allybot.slack.errors import OPEN_ALREADY
from allybot.slack.gateway import SlackGateway
from allybot.slack_app.background import Background, Coalescer, at_once
from allybot.slack_app.backoff import RateLimitMemory
from allybot.slack_app.payloads import Press, Request

TRIGGER_SECONDS = 3.0
"""How long Slack lets a press open a modal."""
_OPEN, _PUSH = "views.open", "views.push"
log = telemetry.logger()


@dataclass(frozen=True)
class HandlerContext:
    """What handlers work with; one per process.

    Attributes:
        clock: says what is due; read once per payload.
        slack: for calls that answer a press; gives up quickly.
        wake_worker: tells a worker in this process that the outbox has something new; cheap, never fails.
        background: runs what is sent to Slack after the acknowledgement.
        rate_limits: what Slack asked not to be called for a while.
        homes: lets each person's Home tab be written by one thread at a time.
    """

    context: Context
    slack: SlackGateway
    clock: Clock
    wake_worker: Callable[[], None]
    background: Background = at_once
    rate_limits: RateLimitMemory = field(default_factory=RateLimitMemory)
    homes: Coalescer = field(default_factory=Coalescer)

    def now(self) -> datetime:
        """The program's time, aware UTC."""
        return self.clock()

    def say(self, request: Request) -> Say:
        """The language of whoever acted where allybot knows it; looked up once per payload."""
        return request.say(partial(locale_of, self.context))

    def reply(self, press: Press, message: Message | None, *, replace: bool = False) -> None:
        """Answer a button in a message, seen by that person only; None means there is nothing to say.

        With `replace` an ephemeral message that held the button becomes the answer.
        """
        if message is not None and press.response_url:
            replace = replace and press.is_ephemeral
            job = partial(self._respond, press, message, replace=replace)
            self.background(f"say {press.trigger_id} {message.text}", job)

    def remove(self, press: Press) -> None:
        """Remove the ephemeral message that held the button; any other message stays."""
        url = press.response_url
        if press.is_ephemeral and url:
            job = partial(self.slack.respond, url, {"delete_original": True})
            self._soon(f"remove {press.trigger_id}", job)

    def tell(self, request: Request, dm_channel: str | None, message: Message) -> None:
        """Say something after the acknowledgement; in the direct message where Slack gave no response_url."""
        if request.response_url:
            self._respond(request, message)
        elif dm_channel:
            try:
                self.slack.post(request.actor.workspace_id, dm_channel, message, secrets.token_hex(8))
            except SlackError as problem:
                _log_lost(problem)

    def answer_later(self, command: Request, message: Message) -> None:
        """Answer a command after its acknowledgement, which is empty: a refused one could not be mended."""
        key = f"answer {command.trigger_id}" if command.trigger_id else ""
        self.background(key, partial(self._respond, command, message))

    def send_file(
        self,
        request: Request,
        dm_channel: str | None,
        file: Callable[[], TextFile],
        refused: Callable[[bool], Message],
    ) -> None:
        """Send a file by direct message soon: four calls to Slack take longer than it waits for an answer.

        Args:
            request: who asked for it.
            dm_channel: of the direct messages with them; None opens it.
            file: makes what to send.
            refused: what to say if Slack does not take it, for good or just now.
        """
        who = request.actor

        def job() -> None:
            channel = dm_channel
            try:
                channel = channel or self.slack.open_dm(who.workspace_id, who.slack_user)
                made = file()
                self.slack.upload_file(who.workspace_id, channel, made.name, made.text, made.comment)
            except SlackError as problem:
                log.warning("slack did not take a file", method=problem.method, reason=problem.reason)
                self.tell(request, channel, refused(problem.permanent))

        self.background(f"file {request.trigger_id}" if request.trigger_id else "", job)

    def answer(self, press: Press, message: Message | None, *, replace: bool = False) -> None:
        """Answer a button wherever it stands: as `reply` in a message, else in a modal.

        Slack gives no response_url for presses on the Home tab and in modals.
        """
        if message is None or press.response_url:
            self.reply(press, message, replace=replace)
        else:
            self.show(press, as_modal(self.say(press), message))

    def answer_on_top(self, press: Press, message: Message | None) -> None:
        """As `answer`, but on top of the modal with the button: what was typed there stays."""
        if message is not None and press.in_modal:
            self.open_modal(press, as_modal(self.say(press), message), on_top=True)
        else:
            self.answer(press, message)

    def show_form(self, press: Press, form: View | Message) -> None:
        """Show a form; where there is none for this person, the message that says why."""
        if isinstance(form, Message):
            self.answer(press, form)
        else:
            self.show(press, form)

    def open_form(self, request: Request, form: View | Message) -> Message | None:
        """Open a form a command asked for; returns the message that says why where there is none."""
        if isinstance(form, Message):
            return form
        self.open_modal(request, form)
        return None

    def show(self, press: Press, view: View) -> None:
        """Show a modal soon, in place of the one the button was pressed in."""
        if press.in_modal:
            self.change_modal(press, view, whatever_it_shows=True)
        else:
            self.open_modal(press, view)

    def open_modal(self, request: Request, view: View | Callable[[], View], *, on_top: bool = False) -> None:
        """Open a modal soon; where Slack does not, say so if it lets us. One press opens one.

        Args:
            request: the press or command that permits it.
            view: the modal, or what builds it when its turn has come.
            on_top: keep the modal with the button; closing the new one leads back to it.
        """
        began = time.monotonic()
        workspace_id = request.actor.workspace_id

        def job() -> None:
            in_time = time.monotonic() - began < TRIGGER_SECONDS
            if in_time and not self.rate_limits.must_wait(workspace_id, _PUSH if on_top else _OPEN):
                try:
                    page = view if isinstance(view, View) else view()
                    open_view = self.slack.push_view if on_top else self.slack.open_view
                    open_view(workspace_id, request.trigger_id, page)
                except SlackError as problem:
                    if problem.reason == OPEN_ALREADY:
                        return  # the same press came to another process, too
                    self.rate_limits.learn(workspace_id, problem)
                    _log_lost(problem)
                except AllybotError:
                    telemetry.ANSWERS_LOST.inc()  # what it shows has gone meanwhile, or cannot be read
                else:
                    return
            if request.response_url:
                self._respond(request, not_opened(self.say(request)))

        self.background(f"open {request.trigger_id}", job)

    def change_modal(self, press: Press, view: View, *, whatever_it_shows: bool = False) -> None:
        """Show something else soon in the modal with the button, unless the modal has changed meanwhile."""
        seen = None if whatever_it_shows else press.view.hash
        update = partial(self.slack.update_view, press.actor.workspace_id, press.view.id, view, seen)
        self._soon(f"change {press.trigger_id}", update)

    def change_message(self, press: Press, message: Message) -> None:
        """Show something else soon in the message with the button; an ephemeral one stays."""
        if press.message_place:
            update = partial(self.slack.update, press.actor.workspace_id, *press.message_place, message)
            self._soon(f"change {press.trigger_id}", update)

    def publish_home(self, who: Actor, page: Callable[[], View]) -> None:
        """Show the Home tab soon, built when its turn comes; an older page never replaces a newer one."""

        def publish() -> None:
            self.slack.publish_home(who.workspace_id, who.slack_user, page())

        self._soon("", lambda: self.homes.run(who, publish))

    def _soon(self, key: str, call: Callable[[], object]) -> None:
        def job() -> None:
            try:
                call()
            except SlackError as problem:
                _log_lost(problem)

        self.background(key, job)

    def _respond(self, request: Request, message: Message, *, replace: bool = False) -> None:
        answer = {"text": message.text, "blocks": list(message.blocks), "response_type": "ephemeral"}
        channel = request.channel_of_thread if isinstance(request, Press) else None
        if channel:  # at its response_url the answer would stand in the thread, where nobody may look
            who = request.actor
            with suppress(SlackError, DatabaseUnavailableError):  # the token stands in the database
                self.slack.post_ephemeral(who.workspace_id, (channel, who.slack_user), message)
                return
        try:
            words = answer | {"replace_original": replace}
            self.slack.respond(request.response_url or "", words, message.older)
        except SlackError as problem:
            _log_lost(problem)


def _log_lost(problem: SlackError) -> None:
    telemetry.ANSWERS_LOST.inc()
    log.warning("slack did not take an answer", method=problem.method, reason=problem.reason)
