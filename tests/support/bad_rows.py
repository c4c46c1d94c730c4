"""For every scheduled job: three rows that are due, and ways to corrupt the first of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, select, text, update
from sqlalchemy.sql.dml import Update

from allybot.domain.people import Actor
from allybot.services.check_ins import reminders
from allybot.services.circles import membership
from allybot.services.context import Context
from allybot.services.plans import plans
from allybot.services.programs import programs
from allybot.store import tables, trainees
from allybot.store.delivery import outbox
from allybot.store.delivery.copies import GRACE
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxMessage, decrypted_about, rows_in
from allybot.store.engine.database import Database
from allybot.store.vault.vault import add_window_key, person_key, window_key
from tests.services.circles import test_circles as weeks
from tests.support.trainee_timeline import Timeline, berlin

TUESDAY = berlin(1, 6)
CHANNELS = ("C1", "C2", "C3")
USERS = ("U1", "U2", "U3")
Mend = Callable[[], None]
Spoil = Callable[[Context], Mend]


@dataclass(frozen=True)
class BadRow:
    """Attributes:
    now: when all three are due.
    arrange: makes three rows that are due; the bad one comes first where the order is not random.
    served: which of them have got theirs.
    bad: how the bad one is called in `served`.
    spoils: ways to make it bad, by name; each gives back what mends it.
    jobs: which have to be told; the one of this name by default.
    limit: how many rows a tick looks at.
    """

    now: datetime
    arrange: Callable[[Context], None]
    served: Callable[[Context], Collection[str]]
    bad: str
    spoils: dict[str, Spoil]
    jobs: tuple[str, ...] = ()
    limit: int = 1


def put(change: Callable[[], Update], database: str = "database") -> Callable[[Context], None]:
    """One UPDATE in the database or the vault."""

    def run(context: Context) -> None:
        with getattr(context, database).transaction() as tx:
            tx.execute(change())

    return run


def column(table: str, row: str, name: str, value: object, key: str = "id") -> Spoil:
    """A value nobody can use, in one column."""

    def spoil(context: Context) -> Mend:
        chosen = tables.metadata.tables[table]
        same = chosen.c[key] == row
        with context.database.transaction() as tx:
            before = tx.execute(select(chosen.c[name]).where(same)).scalars().first()
            tx.execute(update(chosen).where(same).values({name: value}))
        return lambda: put(lambda: update(chosen).where(same).values({name: before}))(context)

    return spoil


def key_of_vault(table: str, row: Callable[[Context], str]) -> Spoil:
    """A key that none of the operator's keys opens."""

    def spoil(context: Context) -> Mend:
        chosen, wrap = (
            (person_key, "key_wrapped") if table == "person_key" else (window_key, "private_wrapped")
        )
        (identity,) = chosen.primary_key.columns
        row_id = row(context)
        with context.vault.transaction() as tx:
            before = tx.execute(select(chosen.c[wrap]).where(identity == row_id)).scalar_one()
            tx.execute(update(chosen).where(identity == row_id).values({wrap: bytes(72)}))
        return lambda: put(lambda: update(chosen).where(identity == row_id).values({wrap: before}), "vault")(
            context
        )

    return spoil


def forbidden(table: str, what: str, condition: str, part: str = "database") -> Spoil:
    """The database itself refuses to change one row, as a disk that is damaged in one place would."""

    def spoil(context: Context) -> Mend:
        database: Database = getattr(context, part)
        old = "NEW" if what == "INSERT" else "OLD"
        when = condition.replace("row.", f"{old}.")
        if database.is_sqlite:
            refuse = "BEGIN SELECT RAISE(ABORT, 'forbidden'); END"
            begin = [f"CREATE TRIGGER forbidden BEFORE {what} ON {table} WHEN {when} {refuse}"]
            end = ["DROP TRIGGER forbidden"]
        else:
            refuse = "$$ BEGIN RAISE EXCEPTION 'forbidden'; END $$"
            each = f"ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION forbid()"
            begin = [
                f"CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS {refuse}",
                f"CREATE TRIGGER forbidden BEFORE {what} {each}",
            ]
            end = [f"DROP TRIGGER forbidden ON {table}", "DROP FUNCTION forbid()"]

        def run(statements: list[str]) -> None:
            with database.transaction() as tx:
                for each in statements:
                    tx.execute(text(each))

        run(begin)
        return lambda: run(end)

    return spoil


ZONE = column("trainee", "trainee-U1", "zone", "Mars/Olympus")
QUIET_DAYS = column("trainee", "trainee-U1", "quiet_days", "x")
PACE = column("trainee", "trainee-U1", "pace", "never")
COHORT = column("cohort", "cohort-1", "training_ended_on", date(9999, 12, 31))
PROGRAM = column("program", "program-1", "zone", "Mars/Olympus")
WRITING = forbidden("trainee", "UPDATE", "row.id = 'trainee-U1'")
QUEUEING = forbidden("outbox", "INSERT", "row.trainee_id = 'trainee-U1'")


def three_people(context: Context, **values: object) -> Timeline:
    """U1 to U3 with a plan each; U1 has a program and a cohort of its own, and comes first."""
    life = Timeline(context)
    for user in USERS[1:]:
        life.enrol(user)
    for user in USERS:
        life.write(user=user)
    with context.database.transaction() as tx:
        for table, name in ((tables.program, "program"), (tables.cohort, "cohort")):
            row = dict(tx.execute(select(table).where(table.c.id == name)).mappings().one())
            own = {"id": f"{name}-1", "name": "One", "program_id": "program-1"}
            tx.execute(insert(table).values({**row, **{k: v for k, v in own.items() if k in row}}))
        own = {"program_id": "program-1", "cohort_id": "cohort-1"}
        trainees.change_trainee(tx, "trainee-U1", **own, next_check_in_at=berlin(1, 6, 9))
        for user in USERS if values else ():
            trainees.change_trainee(tx, f"trainee-{user}", **values)
    return life


def told(*kinds: MessageKind) -> Callable[[Context], Collection[str]]:
    """To whom such a message was queued: Slack users, or channels."""

    def find(context: Context) -> Collection[str]:
        with context.database.reading() as tx:
            rows = tx.execute(select(tables.outbox).where(tables.outbox.c.kind.in_(kinds)))
            return {row.to_user or row.to_channel for row in rows}

    return find


def _told_of_a_moment(context: Context) -> Collection[str]:
    """To whom a reminder was queued: its row holds the trainee encrypted."""
    with context.database.reading() as tx:
        rows = [row for row in rows_in(tx, MessageState.DUE) if row.kind is MessageKind.REMINDER]
        return {decrypted_about(context.keyring, row).removeprefix("trainee-") for row in rows}


def _people_in(state: str) -> Callable[[Context], Collection[str]]:
    def find(context: Context) -> Collection[str]:
        with context.database.reading() as tx:
            return set(
                tx.execute(
                    select(tables.trainee.c.slack_user).where(tables.trainee.c.state == state)
                ).scalars()
            )

    return find


def _deleted(context: Context) -> Collection[str]:
    with context.database.reading() as tx:
        return set(USERS) - set(tx.execute(select(tables.trainee.c.slack_user)).scalars())


def _asked(context: Context) -> None:
    life = three_people(context)
    life.tick(TUESDAY)
    assert len(life.rows("check_in")) == 3
    first = tables.check_in.c.trainee_id == "trainee-U1"
    put(lambda: update(tables.check_in).where(first).values(follow_up_at=berlin(1, 7, 9)))(context)


def _reminded(context: Context) -> None:
    life = three_people(context, next_check_in_at=berlin(1, 13))
    for user in USERS:
        life.write("bystander", date(2026, 1, 6), user=user)
    for user in USERS:
        (plan,) = [each for each in plans.book(context, Actor("T1", user)).plans if each.next_moment_on]
        reminders.wish(context, Actor("T1", user), plan.id, wanted=True, now=berlin(1, 5))
    reminders.queue_due(context, berlin(1, 5))


_ASK = weeks.KIT - timedelta(hours=5)
"""Early enough on a working day for somebody to be asked again an hour later."""


def _three_circles(context: Context, until: datetime | None = None) -> None:
    """C1 to C3 of five each, C1 first in every order; what is due up to a moment has been done."""
    program = weeks.set_up(context, size=0)
    for place, channel in enumerate(CHANNELS):
        for number in range(5):
            weeks.seat(context, program, 10 * (place + 1) + number, channel=channel)
    with context.database.transaction() as tx:
        for place, channel in enumerate(CHANNELS):
            named = tables.circle.c.channel == channel
            ids = select(tables.circle_member)
            old = tx.execute(select(tables.circle.c.id).where(named)).scalar_one()
            row = dict(tx.execute(select(tables.circle).where(named)).mappings().one())
            seats = [
                dict(each)
                for each in tx.execute(ids.where(tables.circle_member.c.circle_id == old)).mappings()
            ]
            tx.execute(tables.circle.delete().where(named))
            tx.execute(insert(tables.circle).values({**row, "id": f"circle-{place + 1}"}))
            for seat in seats:
                tx.execute(insert(tables.circle_member).values({**seat, "circle_id": f"circle-{place + 1}"}))
    if until is not None:
        membership.queue_due(context, until)


def _week_of(channel: str, context: Context) -> str:
    with context.database.reading() as tx:
        joined = select(tables.circle_week.c.id).join(
            tables.circle, tables.circle.c.id == tables.circle_week.c.circle_id
        )
        of_channel = joined.where(tables.circle.c.channel == channel).order_by(tables.circle_week.c.number)
        return str(tx.execute(of_channel).scalars().first())


def _week_column(name: str, value: object) -> Spoil:
    return lambda context: column("circle_week", _week_of("C1", context), name, value)(context)


def _kits(context: Context) -> Collection[str]:
    with context.database.reading() as tx:
        found = select(tables.circle.c.channel).join(
            tables.circle_week, tables.circle_week.c.circle_id == tables.circle.c.id
        )
        return set(tx.execute(found.where(tables.circle_week.c.asked_id.is_not(None))).scalars())


def _posted(context: Context) -> None:
    _three_circles(context, weeks.KIT)
    membership.queue_due(context, weeks.MONDAY)
    put(lambda: tables.circle_week.delete().where(tables.circle_week.c.number > 1))(context)  # being prepared
    put(lambda: update(tables.outbox).values(state="sent", sent_channel="C", sent_ts="1"))(context)
    with context.database.reading() as tx:
        found = tx.execute(select(tables.circle_week.c.id, tables.circle.c.channel).join(
            tables.circle, tables.circle.c.id == tables.circle_week.c.circle_id)).all()  # fmt: skip
    for row in found:
        for number in range(5):
            actor = weeks.actor(10 * int(row.channel[1]) + number)
            membership.vote(context, actor, row.id, 0, weeks.MONDAY)
    earlier = tables.circle_week.c.circle_id == "circle-1"
    first = weeks.THURSDAY - timedelta(hours=1)
    put(lambda: update(tables.circle_week).where(earlier).values(opens_at=first))(context)


def _closed(context: Context) -> None:
    _posted(context)
    put(lambda: update(tables.circle).values(state="closed", next_post_at=None))(context)


def _few(context: Context) -> Collection[str]:
    with context.database.reading() as tx:
        found = select(tables.circle.c.channel).join(
            tables.circle_week, tables.circle_week.c.circle_id == tables.circle.c.id
        )
        return set(tx.execute(found.where(tables.circle_week.c.state == "few")).scalars())


def _left(context: Context) -> None:
    """Whoever was asked in each circle has gone."""
    _three_circles(context, _ASK)
    put(lambda: update(tables.circle_week).values(asked_id=None, ask_at=None))(context)


def _two_programs(context: Context) -> None:
    """C1 belongs to a program of its own."""
    _three_circles(context)
    with context.database.transaction() as tx:
        row = dict(tx.execute(select(tables.program)).mappings().one())
        tx.execute(insert(tables.program).values({**row, "id": "a-program", "name": "Another"}))
        tx.execute(
            update(tables.circle).where(tables.circle.c.id == "circle-1").values(program_id="a-program")
        )


def _questions(context: Context) -> None:
    _three_circles(context)
    with context.database.transaction() as tx:
        for number in (1, 2, 3):
            due_at = weeks.MONDAY - timedelta(hours=number)
            values = {"id": f"question-{number}", "circle_id": f"circle-{number}", "sealed": b"x"}
            values |= {"kind": "question", "state": "waiting"}
            tx.execute(insert(tables.circle_text).values(**values, delete_after=due_at))


def _forgotten(context: Context) -> Collection[str]:
    with context.database.reading() as tx:
        left = set(tx.execute(select(tables.circle_text.c.id)).scalars())
    return {"question-1", "question-2", "question-3"} - left


def _deeds(context: Context) -> None:
    _three_circles(context)
    with context.database.transaction() as tx:
        for number in (1, 2, 3):
            due_at = weeks.MONDAY - timedelta(hours=number)
            values = {"id": f"deed-{number}", "circle_id": f"circle-{number}", "sealed": b"x"}
            tx.execute(insert(tables.deed).values(**values, kept_back=False, delete_after=due_at))


def _stories(context: Context) -> None:
    _three_circles(context)
    with context.database.transaction() as tx:
        program = tx.execute(select(tables.program)).mappings().first()
        assert program
        for number in (1, 2, 3):
            due_at = weeks.MONDAY - timedelta(hours=4 - number)
            values = {"id": f"story-{number}", "program_id": program["id"], "sealed": b"x", "state": "asked"}
            values |= {"workspace_id": program["workspace_id"], "delete_after": due_at}
            tx.execute(insert(tables.role_story).values(**values))


def _forgotten_stories(context: Context) -> Collection[str]:
    with context.database.reading() as tx:
        left = set(tx.execute(select(tables.role_story.c.id)).scalars())
    return {"story-1", "story-2", "story-3"} - left


def _forgotten_deeds(context: Context) -> Collection[str]:
    with context.database.reading() as tx:
        left = set(tx.execute(select(tables.deed.c.id)).scalars())
    return {"deed-1", "deed-2", "deed-3"} - left


def _suggestions(context: Context) -> None:
    """One in each of three programs that waits for a Monday's noon that is over, and is nobody's."""
    _programs(context)
    rows = select(tables.program.c.id, tables.program.c.name).where(tables.program.c.name != "Allies")
    waiting = {"state": "waiting", "sealed": b"x", "first_on": date(2026, 1, 5), "goes_at": berlin(1, 5, 12)}
    with context.database.transaction() as tx:
        for row in tx.execute(rows).all():
            tx.execute(insert(tables.suggestion).values(id=row.name, program_id=row.id, **waiting))


def _settled_suggestions(context: Context) -> None:
    _programs(context)
    with context.database.transaction() as tx:
        program_id = tx.execute(select(tables.program.c.id).limit(1)).scalar_one()
        for name, day in (("A", 1), ("B", 2), ("C", 3)):
            values = {"state": "hidden", "settled_by": "U1", "delete_after": berlin(1, day)}
            tx.execute(insert(tables.suggestion).values(id=name, program_id=program_id, **values))


def _gone_suggestions(context: Context) -> Collection[str]:
    with context.database.reading() as tx:
        return {"A", "B", "C"} - set(tx.execute(select(tables.suggestion.c.id)).scalars())


def _windows(context: Context) -> None:
    Timeline(context)
    for name in ("A", "B", "C"):
        programs.create(context, "T1", name, "Kim", [("a", date(2026, 1, 2))], zone="UTC", now=berlin(1, 1))
    with context.database.transaction() as tx:
        tx.execute(tables.window.delete().where(tables.window.c.name == "7-13"))
        tx.execute(tables.window.delete().where(tables.window.c.program_id == "program"))
        mine = select(tables.program.c.id).where(tables.program.c.name == "A").scalar_subquery()
        tx.execute(
            update(tables.window).where(tables.window.c.program_id == mine).values(closes_at=berlin(2, 1))
        )


def _void(context: Context) -> Collection[str]:
    with context.database.reading() as tx:
        rows = select(tables.program.c.name).join(
            tables.window, tables.window.c.program_id == tables.program.c.id
        )
        return set(tx.execute(rows.where(tables.window.c.key_destroyed_on.is_not(None))).scalars())


def _programs(context: Context) -> None:
    Timeline(context)
    for name in ("A", "B", "C"):
        programs.create(context, "T1", name, "Kim", [("a", date(2026, 1, 2))], zone="UTC", now=berlin(1, 1))


def _counted(context: Context) -> Collection[str]:
    """Names of the programs whose people have been counted."""
    with context.database.reading() as tx:
        rows = select(tables.program.c.name).join(
            tables.program_count, tables.program_count.c.program_id == tables.program.c.id
        )
        counted = set(tx.execute(rows.where(tables.program_count.c.counted_on.is_not(None))).scalars())
        return counted - {"Allies"}  # there from the beginning


def _leftovers(context: Context) -> None:
    """An old message, and a key of nobody's that was noted as such long ago."""
    three_people(context)
    with context.vault.transaction() as vault_tx:
        add_window_key(vault_tx, context.keyring, "never-came")
        vault_tx.execute(update(window_key).values(orphan_since=datetime(2025, 12, 1, tzinfo=UTC)))
    with context.database.transaction() as tx:
        outbox.put(
            tx, "old", OutboxMessage("old", "T1", MessageKind.CIRCLE_TROUBLE, "x", berlin(1, 1), to_user="U9")
        )
        tx.execute(update(tables.outbox).where(tables.outbox.c.id == "old").values(
            state="sent", due_at=datetime(2025, 11, 1, tzinfo=UTC)))  # fmt: skip


def _swept(context: Context) -> Collection[str]:
    with context.database.reading() as tx, context.vault.reading() as vault_tx:
        message = tx.execute(select(tables.outbox.c.id).where(tables.outbox.c.id == "old")).first()
        key = vault_tx.execute(select(window_key.c.box_id).where(window_key.c.box_id == "never-came")).first()
    return {name for name, left in (("message", message), ("key", key)) if not left}


def _spent_key(context: Context) -> None:
    _posted(context)
    put(lambda: update(tables.circle_week).values(state="opened"))(context)


def _keys_left(context: Context) -> Collection[str]:
    with context.vault.reading() as vault_tx:
        return () if vault_tx.execute(select(window_key.c.box_id)).first() else ("keys",)


AT_WORK = {
    "a zone this host does not know": ZONE,
    "quiet days that are none": QUIET_DAYS,
    "an unknown pace": PACE,
}
FROM_THE_PROGRAM = {"a cohort of an impossible day": COHORT, "a program with an unknown zone": PROGRAM}

BAD_ROWS: dict[str, BadRow] = {
    "pauses": BadRow(
        TUESDAY,
        lambda context: three_people(context, state="paused", paused_until=berlin(1, 6, 8)) and None,
        _people_in("active"),
        "U1",
        AT_WORK | FROM_THE_PROGRAM | {"a row that cannot be written": WRITING},
    ),
    "check_ins": BadRow(
        TUESDAY,
        lambda context: three_people(context) and None,
        told(MessageKind.CHECK_IN),
        "U1",
        AT_WORK
        | FROM_THE_PROGRAM
        | {
            "a damaged record": column("private_record", "trainee-U1", "locked", b"damaged", "trainee_id"),
            "a key that cannot be read": key_of_vault("person_key", lambda _context: "trainee-U1"),
            "a message that cannot be queued": QUEUEING,
        },
    ),
    "follow_ups": BadRow(
        berlin(1, 8),
        _asked,
        told(MessageKind.FOLLOW_UP),
        "U1",
        AT_WORK | {"a program with an unknown zone": PROGRAM, "a message that cannot be queued": QUEUEING},
    ),
    "reminders": BadRow(
        berlin(1, 6, 10),
        _reminded,
        _told_of_a_moment,
        "U1",
        AT_WORK | {"a row that cannot be written": WRITING},
    ),
    "votes": BadRow(
        weeks.THURSDAY,
        _posted,
        told(MessageKind.VOTE_RESULT),
        "C1",
        {
            "a damaged week": _week_column("counts", "{"),
            "a scenario that is gone": _week_column("scenario_id", "nowhere"),
            "a key that cannot be read": key_of_vault("window_key", lambda context: _week_of("C1", context)),
        },
    ),
    "votes_of_closed_circles": BadRow(
        weeks.THURSDAY,
        _closed,
        _few,
        "C1",
        {"a week that cannot be written": forbidden("circle_week", "UPDATE", "row.circle_id = 'circle-1'")},
    ),
    "circle_posts": BadRow(
        weeks.MONDAY,
        lambda context: _three_circles(context, weeks.KIT),
        told(MessageKind.SCENARIO),
        "C1",
        {
            "a damaged week": _week_column("counts", "{"),
            "a circle that cannot be written": forbidden("circle", "UPDATE", "row.id = 'circle-1'"),
        },
    ),
    "circle_programs": BadRow(
        _ASK,
        _two_programs,
        _kits,
        "C1",
        {"an unknown zone": column("program", "a-program", "zone", "Mars/Olympus")},
    ),
    "circle_kits": BadRow(
        _ASK,
        _three_circles,
        _kits,
        "C1",
        {"a week that cannot be made": forbidden("circle_week", "INSERT", "row.circle_id = 'circle-1'")},
        ("circle_programs", "circle_kits"),
    ),
    "facilitators": BadRow(
        _ASK + timedelta(minutes=1),
        _left,
        _kits,
        "C1",
        {
            "a damaged week": _week_column("counts", "{"),
            "a week that cannot be written": forbidden("circle_week", "UPDATE", "row.circle_id = 'circle-1'"),
        },
    ),
    "ask": BadRow(
        weeks.MONDAY,
        _questions,
        _forgotten,
        "question-1",
        {"one that cannot be deleted": forbidden("circle_text", "DELETE", "row.id = 'question-1'")},
    ),
    "deeds": BadRow(
        weeks.MONDAY,
        _deeds,
        _forgotten_deeds,
        "deed-1",
        {"one that cannot be deleted": forbidden("deed", "DELETE", "row.id = 'deed-1'")},
    ),
    "role_stories": BadRow(
        weeks.MONDAY,
        _stories,
        _forgotten_stories,
        "story-1",
        {"one that cannot be deleted": forbidden("role_story", "DELETE", "row.id = 'story-1'")},
    ),
    "people_counts": BadRow(
        berlin(1, 12),
        _programs,
        _counted,
        "A",
        {"an unknown zone": column("program", "A", "zone", "Mars/Olympus", "name")},
    ),
    "suggestion_rounds": BadRow(
        berlin(1, 12),
        _suggestions,
        _gone_suggestions,
        "A",
        {
            "an unknown zone": column("program", "A", "zone", "Mars/Olympus", "name"),
            "one that cannot be deleted": forbidden("suggestion", "DELETE", "row.id = 'A'"),
        },
    ),
    "suggestion_answers": BadRow(
        berlin(1, 12),
        _settled_suggestions,
        _gone_suggestions,
        "A",
        {"one that cannot be deleted": forbidden("suggestion", "DELETE", "row.id = 'A'")},
    ),
    "transfers": BadRow(
        berlin(3, 6),
        _windows,
        _void,
        "A",
        {"an unknown zone": column("program", "A", "zone", "Mars/Olympus", "name")},
    ),
    "goodbyes": BadRow(
        TUESDAY,
        lambda context: three_people(context, goodbye_at=berlin(1, 6, 9)) and None,
        told(MessageKind.GOODBYE),
        "U1",
        AT_WORK | {"a row that cannot be written": WRITING},
    ),
    "plan_copies": BadRow(
        TUESDAY,
        lambda context: three_people(context, delete_after=berlin(1, 9, 9)) and None,
        told(MessageKind.LAST_COPY),
        "U1",
        {"an unknown zone": ZONE, "an unknown zone of the program": PROGRAM, "no message": QUEUEING},
    ),
    "deletion": BadRow(
        TUESDAY,
        lambda context: three_people(context, delete_after=TUESDAY - GRACE) and None,
        _deleted,
        "U1",
        {"one that cannot be deleted": forbidden("trainee", "DELETE", "row.id = 'trainee-U1'")},
    ),
    "retention": BadRow(
        TUESDAY,
        _leftovers,
        _swept,
        "message",
        {"a message that cannot be deleted": forbidden("outbox", "DELETE", "row.id = 'old'")},
        limit=200,
    ),
}
