"""Resolves a message's channel and checks that its recipient is still active in Slack."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from allybot.clock import Clock
from allybot.domain.people import Actor
from allybot.domain.trainee import is_in_slack
from allybot.errors import DatabaseUnavailableError, SlackRefusedError
from allybot.i18n import Say
from allybot.services.context import Context
from allybot.services.delivery.config import DeliveryRules
from allybot.slack.answers import SlackPerson
from allybot.slack.gateway import SlackGateway
from allybot.store.delivery.message_kinds import NAMES_NOBODY
from allybot.store.delivery.outbox import OutboxRow, decrypted_about
from allybot.store.engine.database import Transaction
from allybot.store.trainees import change_trainee, trainee_by_id, trainee_of

USER_GONE = "user_gone"
"""Our own code for a deactivated user: Slack accepts posts to such users without an error."""


def can_be_read(row: OutboxRow) -> bool:
    """Whether the bot can look the message up: it can read direct messages only, never circles."""
    return row.to_user is not None or (row.to_channel or "").startswith("D")


def addressed(context: Context, row: OutboxRow) -> OutboxRow | None:
    """The row with its recipient, which `NAMES_NOBODY` hold encrypted; None when they are deleted.

    Raises:
        DecryptionError: no configured key fits.
    """
    if row.kind not in NAMES_NOBODY:
        return row
    with context.database.reading() as tx:
        trainee = trainee_by_id(tx, decrypted_about(context.keyring, row))
    return replace(row, trainee_id=trainee.id, to_user=trainee.slack_user) if trainee else None


class Recipients:
    """Caches who is active and their DM channel. Shared by the threads of one worker."""

    _MAX_CACHED = 10_000

    def __init__(self, context: Context, slack: SlackGateway, real: Clock, rules: DeliveryRules) -> None:
        self._context = context
        self._slack = slack
        self._real = real
        self._rules = rules
        self._active_until: dict[Actor, datetime] = {}
        self._channels: dict[Actor, str] = {}
        self._just_asked: set[Actor] = set()
        self._looked_up: dict[str, datetime] = {}
        self._spending = threading.Lock()
        self._names: dict[Actor, tuple[datetime, str]] = {}

    def names(self, people: Sequence[Actor]) -> list[str]:
        """The full names of these people; kept in memory for as long as being active is, and nowhere else.

        Raises:
            SlackError: Slack was asked and did not say.
        """
        found = []
        for actor in people:
            until, name = self._names.get(actor, (self._real(), ""))
            if until <= self._real():
                name = self._ask_for(actor).name
            found.append(name)
        return found

    def channel(self, row: OutboxRow) -> str:
        """The channel to post a row to; a DM is opened once and cached.

        Raises:
            SlackRefusedError: with `USER_GONE` for a deactivated user, else with Slack's code.
            SlackUnavailableError: nothing was sent.
            SlackUncertainError: nothing was sent; repeating the call is safe.
        """
        if row.to_user is None or row.replaces_ts is not None:
            return row.to_channel or ""
        actor = Actor(row.workspace_id, row.to_user)
        self._check_active(actor)
        return self.direct_message(actor)

    def were_asked_for(self, row: OutboxRow) -> bool:
        """Whether `users.info` was just called for a row, so that what is known of the person may be new."""
        asked = row.to_user is not None and Actor(row.workspace_id, row.to_user) in self._just_asked
        if asked and row.to_user:
            self._just_asked.discard(Actor(row.workspace_id, row.to_user))
        return asked

    def direct_message(self, actor: Actor) -> str:
        """The bot's DM with a person. Raises as `channel` does."""
        with self._context.database.reading() as tx:
            trainee = trainee_of(tx, actor)
        known = (trainee.dm_channel if trainee else None) or self._channels.get(actor)
        if known:
            return known
        channel = self._slack.open_dm(actor.workspace_id, actor.slack_user)
        self._channels[actor] = channel
        if trainee:
            # Only a cache: the message need not wait for the database.
            with suppress(DatabaseUnavailableError), self._context.database.transaction() as tx:
                change_trainee(tx, trainee.id, dm_channel=channel)
        return channel

    def forget_channel(self, actor: Actor) -> None:
        """Drop the cached DM channel, so that it is opened again next time."""
        self._channels.pop(actor, None)
        with self._context.database.transaction() as tx:
            trainee = trainee_of(tx, actor)
            if trainee:
                change_trainee(tx, trainee.id, dm_channel=None)

    def _check_active(self, actor: Actor) -> None:
        real = self._real()
        with self._context.database.reading() as tx:
            trainee = trainee_of(tx, actor)
        doubtful = trainee is not None and not is_in_slack(trainee.state)  # `user_change` said so since
        if not doubtful and self._active_until.get(actor, real) > real:
            return
        if trainee is not None and not doubtful and not self._spend_look_up(actor.workspace_id):
            return
        person = self._ask_for(actor)
        if person.deleted:
            raise SlackRefusedError("users.info", USER_GONE)
        if len(self._active_until) > self._MAX_CACHED:
            self._active_until.clear()
            self._just_asked.clear()
        self._active_until[actor] = real + (
            self._rules.presence_of_others if trainee is None else self._rules.presence
        )
        self._just_asked.add(actor)
        if trainee and trainee.away_until != person.away_until:
            # Only a courtesy: the message need not wait for the database.
            with suppress(DatabaseUnavailableError), self._context.database.transaction() as tx:
                change_trainee(tx, trainee.id, away_until=person.away_until)

    def _spend_look_up(self, workspace_id: str) -> bool:
        """Take one look-up off the workspace's budget; False where none is left."""
        budget = self._rules.look_ups
        with self._spending:
            real, spent = self._real(), self._looked_up.get(workspace_id)
            if not budget.affordable(spent, real):
                return False
            self._looked_up[workspace_id] = budget.after(spent, real, 1)
            return True

    def _ask_for(self, actor: Actor) -> SlackPerson:
        """Somebody as Slack knows them now, whose name is remembered. Raises SlackError."""
        person = self._slack.person(actor.workspace_id, actor.slack_user)
        if len(self._names) > self._MAX_CACHED:
            self._names.clear()
        self._names[actor] = self._real() + self._rules.presence, person.name
        return person


def say_to(tx: Transaction, row: OutboxRow) -> Say:
    """The language of the recipient, if they are a trainee; else English."""
    trainee = trainee_of(tx, Actor(row.workspace_id, row.to_user)) if row.to_user else None
    return Say(trainee.locale) if trainee else Say()
