"""What an answer may cost, as docs/privacy.md states it: statements, and bytes of the private record."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import event, func, select

from allybot.domain.check_ins import FromHere, Tap
from allybot.services.check_ins import answering
from allybot.services.check_ins.answering import Choices
from allybot.services.context import Context
from allybot.store import tables
from tests.support.trainee_timeline import TRAINED, Timeline, berlin

TAP, HELP, FORM = 11, 4, 10
"""Statements of a tap, of the help that opens after it, and of the help's form; without BEGIN."""
RECORD_BYTES = 4096 + 4096 + 40
"""The notes' part, the rest, and what encryption adds."""


def statements(context: Context, work: Callable[[], object]) -> int:
    """How many statements `work` sends to the database and the vault."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    engines = (context.database.engine, context.vault.engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    work()
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
    return len(sent)


def test_an_answer_stays_within_its_budget_whatever_it_is(context: Context) -> None:
    timeline = Timeline(context)
    timeline.write()
    timeline.days(TRAINED, date(2026, 1, 6))
    asked, actor, now = timeline.asked(3), timeline.actor, berlin(1, 6)
    spent = set()
    for tap, note in (
        (tap, note) for tap in Tap for note in ("", "It was easier than I thought", "\U0001d49c" * 140)
    ):
        answered = answering.take(context, actor, asked.id, tap, now, None)
        spent.add(
            (
                statements(context, lambda tap=tap: answering.take(context, actor, asked.id, tap, now, None)),
                statements(context, lambda answered=answered: answering.facts_after(context, answered)),
                statements(
                    context,
                    lambda tap=tap, note=note: answering.help_form(
                        context,
                        actor,
                        asked.id,
                        tap,
                        "",
                        Choices("", "", None, FromHere.AS_BEFORE, keeps_moment=True, note=note),
                        now,
                    ),
                ),
            )
        )
    (once,) = spent
    assert all(cost <= most for cost, most in zip(once, (TAP, HELP, FORM), strict=True)), once
    with context.database.reading() as tx:
        length = func.length(tables.private_record.c.locked)
        assert tx.execute(select(length)).scalar_one() == RECORD_BYTES
