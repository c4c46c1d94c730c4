"""One table of who handles what: Bolt listens to everything, and the table is looked up once per payload."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from slack_bolt import Ack, App

from allybot.message import Message, View
from allybot.prompts import ids
from allybot.prompts.help import renamed_command, stale_button
from allybot.prompts.trainees.commands import unknown
from allybot.slack_app.events import Envelope
from allybot.slack_app.forms import keep_open
from allybot.slack_app.payloads import Press, Request, SlashCommand, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.steady_time import SteadyAck

PressHandler = Callable[[HandlerContext, Press, Ack], None]
FormHandler = Callable[[HandlerContext, Submission, Ack], None]
CommandHandler = Callable[[HandlerContext, SlashCommand], Message | None]
"""Answers a subcommand with an ephemeral message, or None when it opened a modal instead."""
ModalHandler = Callable[[HandlerContext, Request], View | Message]
EventHandler = Callable[[HandlerContext, Any, str], None]
"""Takes an event's model and the workspace id. It ends before Slack gets its acknowledgement: when it fails,
Slack sends the event again."""
Command = TypeVar("Command", bound=CommandHandler)
ModalMaker = TypeVar("ModalMaker", bound=ModalHandler)
Handler = TypeVar("Handler")

HELP = "help"
"""The subcommand that stands for no subcommand."""
_ANYTHING = re.compile(".*", re.DOTALL)
_AROUND = ".,;:!?'\"\u2018\u2019\u201a\u201c\u201d\u201e"
"""What phones and habits put around a word."""


class Routes:
    """Which handler takes which action id, callback id, subcommand and event. Each key has one handler."""

    def __init__(self, *parts: "Routes") -> None:
        self.actions: dict[str, PressHandler] = {}
        self.views: dict[str, FormHandler] = {}
        self.commands: dict[str, CommandHandler] = {}
        self.events: dict[str, EventHandler] = {}
        for part in parts:
            _add(self.actions, part.actions)
            _add(self.views, part.views)
            _add(self.commands, part.commands)
            _add(self.events, part.events)

    def action(self, *action_ids: str) -> Callable[[PressHandler], PressHandler]:
        """Handle presses of the buttons and menus with these ids."""
        return _adding(self.actions, action_ids)

    def view(self, callback_id: str, *, steady: bool = False) -> Callable[[FormHandler], FormHandler]:
        """Handle submissions of this modal.

        Args:
            steady: acknowledge at a steady time, since the form says what somebody answered.
        """

        def add(handler: FormHandler) -> FormHandler:
            _add(self.views, {callback_id: _steadily(handler) if steady else handler})
            return handler

        return add

    def command(self, word: str) -> Callable[[Command], Command]:
        """Handle `/allybot <word>`."""
        return _adding(self.commands, (word,))

    def modal(self, action_id: str, word: str) -> Callable[[ModalMaker], ModalMaker]:
        """Open a modal by a button and by `/allybot <word>`; where it gives a message, say that instead."""

        def add(make: ModalMaker) -> ModalMaker:
            @self.action(action_id)
            def show(bot: HandlerContext, press: Press, ack: Ack) -> None:
                ack()
                bot.show_form(press, make(bot, press))

            @self.command(word)
            def open_modal(bot: HandlerContext, command: SlashCommand) -> Message | None:
                return bot.open_form(command, make(bot, command))

            return make

        return add

    def event(self, *names: str) -> Callable[[EventHandler], EventHandler]:
        """Handle these events, before they are acknowledged."""
        return _adding(self.events, names)

    def connect(self, bolt: App, bot: HandlerContext) -> None:
        """Listen to everything; what has no handler is of another version and gets a kind answer."""

        @bolt.action(_ANYTHING)
        def action(ack: Ack, parsed: Press) -> None:
            self.actions.get(parsed.action_id, _stale_button)(bot, parsed, ack)

        @bolt.view(_ANYTHING)
        def view(ack: Ack, parsed: Submission) -> None:
            self.views.get(parsed.view.callback_id, _outdated_form)(bot, parsed, ack)

        @bolt.view_closed(_ANYTHING)
        def closed(ack: Ack) -> None:
            ack()

        @bolt.command(_ANYTHING)
        def command(ack: Ack, parsed: SlashCommand) -> None:
            answer = self._answer(bot, parsed)
            if answer is None:
                ack()
            elif answer.older and parsed.response_url:
                ack()
                bot.answer_later(parsed, answer)
            else:
                ack(text=answer.text, blocks=list(answer.blocks), response_type="ephemeral")

        # Bolt acknowledges an event before its listener runs, but after the listener's own middleware.
        def work(parsed: Envelope, next_: Callable[[], None]) -> None:
            handler = self.events.get(parsed.event.type)
            if handler is not None:
                handler(bot, parsed.event, parsed.workspace_id)
            next_()

        bolt.event(_ANYTHING, middleware=[work])(_done)

    def _answer(self, bot: HandlerContext, command: SlashCommand) -> Message | None:
        if command.command != ids.COMMAND:
            return renamed_command(bot.say(command))
        word = command.word.casefold()
        handler = self.commands.get(word.strip(_AROUND) or HELP)
        if handler is not None:
            return handler(bot, command)
        overview = self.commands[HELP](bot, command)
        return overview and unknown(bot.say(command), word, overview)


def _steadily(handler: FormHandler) -> FormHandler:
    return lambda bot, submission, ack: handler(bot, submission, SteadyAck(ack))


def _stale_button(bot: HandlerContext, press: Press, ack: Ack) -> None:
    ack()
    bot.answer(press, stale_button(bot.say(press)))


def _outdated_form(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    keep_open(ack, submission.view, bot.say(submission))


def _done() -> None:
    """Nothing is left to do."""


def _adding(table: dict[str, Handler], keys: tuple[str, ...]) -> Callable[[Any], Any]:
    def add(handler: Handler) -> Handler:
        _add(table, dict.fromkeys(keys, handler))
        return handler

    return add


def _add(table: dict[str, Handler], more: dict[str, Handler]) -> None:
    if twice := table.keys() & more.keys():
        raise ValueError(twice)
    table.update(more)
