"""Mondays at noon: which suggestions go to the leads of a program, and the one message they get."""

from collections.abc import Iterator
from datetime import datetime

from allybot.domain.people import Actor
from allybot.domain.suggestions import (
    OPEN_KEPT,
    Suggestion,
    SuggestionState,
    Waiting,
    going_with_round,
    next_round,
    waits_no_longer,
)
from allybot.errors import DecryptionError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.programs import suggestions_to_leads as prompts
from allybot.services.context import Context, Rendering, new_id
from allybot.services.isolation import ScheduledJob
from allybot.services.leads import tell_leads
from allybot.services.working_hours import next_working_time
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs, waiting_suggestions
from allybot.store.programs import suggestions as stored
from allybot.store.programs.waiting_suggestions import WaitingRow
from allybot.store.vault.vault import keys_of_people

_KEYS_AT_ONCE = 1000


def _round(context: Context, program_id: str, now: datetime) -> int:
    """Hand over what goes, keep the rest back, and delete what has waited long enough or is nobody's."""
    with context.database.transaction() as tx:
        waiting_suggestions.take_program(tx, program_id)
        program = programs.program_by_id(tx, program_id)
        rows = waiting_suggestions.waiting(tx, program_id)
        if program is None or not any(row.goes_at <= now for row in rows):
            return 0
        monday = now.astimezone(program.zone).date()
        due = {row.id: row for row in rows if row.goes_at <= now}
        texts = _texts(context, tx, program_id, list(due.values()))
        has_leads = bool(programs.leads(tx, program_id))
        waiting = [Waiting(each, due[each].first_on) for each in sorted(texts)]
        going = (
            going_with_round(waiting, context.secret_rng("suggestions", program_id, monday))
            if has_leads
            else []
        )
        goes_at = next_round(now, program.zone)
        kept = [
            WaitingRow(each.id, each.first_on, goes_at, due[each.id].locked)
            for each in waiting
            if each.id not in going and not waits_no_longer(each, monday)
        ]
        later = [row for row in rows if row.id not in due]
        waiting_suggestions.set_waiting(tx, program_id, [*kept, *later])
        for each in going:
            handed = Suggestion(new_id(), program_id, SuggestionState.WITH_LEADS, texts[each])
            stored.add(tx, context.keyring, handed, now + OPEN_KEPT)
        if going:
            message = OutboxMessage(
                key=f"suggestions:{program.id}:{monday.isoformat()}",
                workspace_id=program.workspace_id,
                kind=MessageKind.SUGGESTIONS,
                about_id=program.id,
                due_at=next_working_time(context, program, program.zone, now),
            )
            # Under random ids: after a restore it comes again, since no button of the one that was sent since
            # works any more. Ids made from what waited would tell whoever holds all keys whose each was.
            tell_leads(tx, program.id, message, looked_up=False)
    return 1


def _texts(context: Context, tx: Transaction, program_id: str, rows: list[WaitingRow]) -> dict[str, str]:
    """The texts of those whose sender is still there, by id: found by trying everybody's key."""
    found = {}
    days = {row.first_on for row in rows}
    by_id = {row.id: row for row in rows}
    for key in _keys(context, tx, program_id):
        for day in days:
            row = by_id.get(waiting_suggestions.waiting_id(key, program_id, day))
            if row is not None:
                try:
                    found[row.id] = waiting_suggestions.unlocked(key, row)
                except DecryptionError:
                    continue  # damaged, so it can go to nobody
    return found


def _keys(context: Context, tx: Transaction, program_id: str) -> Iterator[bytes]:
    people = waiting_suggestions.senders(tx, program_id)
    for begin in range(0, len(people), _KEYS_AT_ONCE):
        with context.vault.reading() as vault_tx:
            page = keys_of_people(vault_tx, context.keyring, people[begin : begin + _KEYS_AT_ONCE])
        yield from page.values()


def render_suggestions(rendering: Rendering) -> Message | None:
    """To a lead: what waits for an answer. None when nothing does, or they do not lead any more."""
    tx, row = rendering.tx, rendering.row
    program = programs.program_by_id(tx, row.about_id)
    if program is None or not programs.is_lead(tx, program.id, Actor(row.workspace_id, row.to_user or "")):
        return None
    found = stored.of_leads(tx, rendering.context.keyring, program.id)
    waiting = [each for each in found if each.state is SuggestionState.WITH_LEADS and each.text is not None]
    return prompts.new_suggestions(Say(), program.name, waiting) if waiting else None


hand_over = ScheduledJob("suggestion_rounds", RowKind.PROGRAM, waiting_suggestions.due_rounds, _round)
"""Hand suggestions over to leads, on Mondays at noon in each program's zone."""
