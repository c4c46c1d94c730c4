"""Windows, sealed ballots and publishing once, on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from allybot.crypto import SEALED_BYTES, seal
from allybot.domain.anonymity import Tier, encode_answer
from allybot.domain.figures import Summary
from allybot.domain.people import Actor, Program
from allybot.domain.plans import Outcome, PlanKind
from allybot.domain.windows import Window, WindowState
from allybot.errors import (
    DecryptionError,
    NotALeadError,
    NotFoundError,
    SettingsError,
    UserError,
    WrongStateError,
)
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.outcomes import summary as words
from allybot.services.context import Context, Rendering, new_id
from allybot.services.outcomes import publishing, summaries, windows
from allybot.services.outcomes.casting import cast
from allybot.store import tables
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.outcomes import ballots
from allybot.store.programs import programs
from allybot.store.programs.workspaces import save_workspace
from allybot.store.vault.vault import private_key_of, window_key
from tests.support import builders

TRAINED = date(2026, 1, 2)
CLOSES = datetime(2026, 2, 27, 9, 0, tzinfo=UTC)  # day 42 and 14 more, at ten in Berlin
AFTER = CLOSES + timedelta(minutes=1)


class Exploding:
    """A random generator that must not be used."""

    def __init__(self, draws: int = 0) -> None:
        self.draws = draws

    def randrange(self, start: int, /) -> int:
        if self.draws == 0:
            raise ConnectionAbortedError
        self.draws -= 1
        return start - 1


def set_up(
    context: Context, key_holder: str = "vault", epsilon_milli: int = 1000, least: int = 10
) -> Program:
    with context.database.transaction() as tx:
        builders.workspace(tx)
        return builders.program(
            tx,
            context,
            trained=TRAINED,
            leads=("ULEAD1", "ULEAD2"),
            name="Allies 2026",
            zone="Europe/Berlin",
            minimum_respondents=least,
            epsilon_milli=epsilon_milli,
            key_holder=key_holder,
        )


def enrol(context: Context, number: int, steps: tuple[int, ...] = (3, 10)) -> list[str]:
    names = [f"trainee-{place:03}" for place in range(number)]
    with context.database.transaction() as tx:
        for place, name in enumerate(names):
            builders.trainees(tx, {name: f"U{place:03}"}, zone="Europe/Berlin")
            for step in steps:
                tx.execute(
                    insert(tables.check_in).values(
                        id=new_id(),
                        trainee_id=name,
                        step=step,
                        window_id=windows.window_for_step(context, tx, "program", step),
                        due_at=CLOSES,
                        state="asked",
                        times_put_off=0,
                    )
                )
    return names


def answer(context: Context, trainee: str, outcome: Outcome, step: int = 3) -> bool:
    with context.database.transaction() as tx:
        window_id = windows.window_for_step(context, tx, "program", step)
        return cast(context, tx, window_id, trainee, step, outcome, PlanKind.FEAR)


def window_of(context: Context, name: str = "1-6") -> Window:
    with context.database.reading() as tx:
        window = ballots.window_named(tx, "program", name)
    assert window
    return window


def count(context: Context, table: str) -> int:
    with context.database.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(tables.metadata.tables[table])).scalar_one())


def stored_release(context: Context, name: str = "1-6") -> ballots.Published | None:
    with context.database.reading() as tx:
        return ballots.release_by_window(tx, window_of(context, name).id)


def only_summary(context: Context) -> Summary:
    (one,) = summaries.summary(context, Actor("T1", "ULEAD1"), AFTER)
    return one


def vault_key(context: Context) -> bytes | None:
    with context.vault.reading() as vault_tx:
        return private_key_of(vault_tx, context.keyring, window_of(context).id)


def notices(context: Context) -> list[tuple[str, str, datetime]]:
    with context.database.reading() as tx:
        rows = tx.execute(select(tables.outbox).where(tables.outbox.c.kind == "release_notice"))
        return sorted((row.key.split(":")[2], row.to_user, row.due_at) for row in rows)


@pytest.fixture
def full(context: Context) -> Context:
    """A program of 14 with 12 answers, 9 of them that they acted."""
    set_up(context)
    trainees = enrol(context, 14)
    for place, trainee in enumerate(trainees[:12]):
        answer(context, trainee, Outcome.ACTED if place < 9 else Outcome.FORGOT)
    return context


def test_a_program_gets_both_windows_with_keys_in_the_vault(context: Context) -> None:
    set_up(context)
    with context.database.reading() as tx:
        made = ballots.windows_of(tx, "program")
    assert [window.name for window in made] == ["1-6", "7-13"]
    assert all(window.public_key and window.state is WindowState.OPEN for window in made)
    assert made[0].closes_at == CLOSES
    assert made[1].closes_at == datetime(2026, 4, 17, 8, 0, tzinfo=UTC)  # day 91 and 14, summer time
    assert vault_key(context)


def test_a_later_cohort_moves_the_closing_and_an_earlier_one_does_not(context: Context) -> None:
    set_up(context)
    for name, day in (("autumn", TRAINED - timedelta(days=90)), ("summer", TRAINED + timedelta(days=7))):
        with context.database.transaction() as tx:
            programs.add_cohort(
                tx, {"id": name, "program_id": "program", "name": name, "training_ended_on": day}
            )
            windows.set_closing(context, tx, "program")
    assert window_of(context).closes_at == CLOSES + timedelta(days=7)


def test_windows_that_would_spend_more_than_the_budget_are_refused(context: Context) -> None:
    with pytest.raises(SettingsError, match="budget"):
        set_up(context, epsilon_milli=1001)


def test_the_step_fixes_the_window(context: Context) -> None:
    set_up(context)
    with context.database.reading() as tx:
        names = {
            step: windows.window_for_step(context, tx, "program", step)
            for step in (3, 10, 17, 28, 42, 56, 70, 90, 5)
        }
    first, second = window_of(context).id, window_of(context, "7-13").id
    assert names == {
        3: first,
        10: first,
        17: first,
        28: first,
        42: first,
        56: second,
        70: second,
        90: None,
        5: None,
    }


def test_answering_again_overwrites_and_every_ballot_is_eighty_bytes(context: Context) -> None:
    set_up(context)
    (trainee,) = enrol(context, 1)
    sealed = []
    for outcome in Outcome:
        assert answer(context, trainee, outcome)
        with context.database.reading() as tx:
            sealed.append(ballots.ballots_of(tx, window_of(context).id)[trainee])
    assert all(len(envelopes) == 1 and len(envelopes[0]) == SEALED_BYTES for envelopes in sealed)
    assert len({envelopes[0] for envelopes in sealed}) == len(Outcome)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_answer_that_comes_too_late_writes_nothing_whatever_it_says(
    full: Context, outcome: Outcome
) -> None:
    publishing.close(full, window_of(full).id, AFTER)
    assert answer(full, "trainee-013", outcome) is False
    assert count(full, "ballot") == 12


def test_an_answer_without_a_window_counts_nowhere(context: Context) -> None:
    set_up(context)
    enrol(context, 1)
    assert answer(context, "trainee-000", Outcome.ACTED, step=90) is False
    assert count(context, "ballot") == 0


def test_nothing_happens_before_a_window_is_due(full: Context) -> None:
    assert summaries.close_due(full, CLOSES - timedelta(seconds=1)) == 0
    assert window_of(full).state is WindowState.OPEN


def test_a_closed_window_is_published_once_and_leaves_nothing_to_open(full: Context) -> None:
    assert summaries.close_due(full, AFTER) == 1
    made = stored_release(full)
    assert made
    assert (made.tier, made.respondents, made.invited, made.scale_milli) == (Tier.S, 12, 14, 1000)
    assert made.noisy.keys() == {"acted"}
    assert 0 <= made.noisy["acted"] <= 12
    assert made.published_on == AFTER.date()
    assert count(full, "ballot") == 0
    assert vault_key(full) is None
    assert window_of(full).key_destroyed_on == AFTER.date()
    before = summaries.summary(full, Actor("T1", "ULEAD1"), AFTER)
    assert summaries.close_due(full, AFTER + timedelta(days=1)) == 0
    assert summaries.summary(full, Actor("T1", "ULEAD2"), AFTER + timedelta(days=9)) == before


def test_every_lead_is_told_alike_and_in_working_hours(full: Context) -> None:
    saturday = datetime(2026, 2, 28, 11, 0, tzinfo=UTC)
    summaries.close_due(full, saturday)
    monday = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    assert notices(full) == [("ULEAD1", "ULEAD1", monday), ("ULEAD2", "ULEAD2", monday)]


@pytest.mark.parametrize(
    ("published_at", "told_at"),
    [
        pytest.param(
            datetime(2026, 12, 25, 10, tzinfo=UTC), datetime(2026, 12, 28, 8, tzinfo=UTC), id="public holiday"
        ),
        pytest.param(
            datetime(2026, 12, 22, 16, tzinfo=UTC), datetime(2026, 12, 23, 8, tzinfo=UTC), id="end of the day"
        ),
    ],
)
def test_leads_are_told_by_the_calendar_of_their_program(
    full: Context, published_at: datetime, told_at: datetime
) -> None:
    with full.database.transaction() as tx:
        programs.change_program(tx, "program", country="DE")
    summaries.close_due(full, published_at)
    assert {due_at for _, _, due_at in notices(full)} == {told_at}


def rendered(context: Context) -> list[Message | None]:
    with context.database.reading() as tx:
        rows = tx.execute(select(tables.outbox).where(tables.outbox.c.kind == "release_notice")).all()
        messages = []
        for row in rows:
            seen = outbox.OutboxRow(
                row.id, row.key, row.workspace_id, MessageKind(row.kind), row.about_id, row.to_user,
                None, None, None, row.due_at, None, 0,
            )  # fmt: skip
            messages.append(summaries.render_release_notice(Rendering(context, tx, seen, AFTER)))
    return messages


def test_the_notice_says_that_figures_are_out_or_that_there_are_none(full: Context) -> None:
    summaries.close_due(full, AFTER)
    first, second = rendered(full)
    assert first
    assert first == second
    assert "are out" in first.text


def test_a_lead_who_was_dismissed_meanwhile_gets_no_notice(full: Context) -> None:
    summaries.close_due(full, AFTER)
    with full.database.transaction() as tx:
        programs.remove_lead(tx, "program", "ULEAD1")
        programs.remove_lead(tx, "program", "ULEAD2")
    assert rendered(full) == [None, None]


def test_fewer_than_ten_respondents_are_destroyed_unread(context: Context) -> None:
    set_up(context)
    for trainee in enrol(context, 14)[:9]:
        answer(context, trainee, Outcome.ACTED, step=3)
        answer(context, trainee, Outcome.ACTED, step=10)
    assert summaries.close_due(context, AFTER) == 1
    assert window_of(context).state is WindowState.VOID
    assert (count(context, "ballot"), count(context, "release"), vault_key(context)) == (0, 0, None)
    (release,) = only_summary(context).releases
    assert (release.state, release.respondents, release.cells) == (WindowState.VOID, None, ())
    assert len(notices(context)) == 2
    assert all(message and "without figures" in message.text for message in rendered(context))


def test_several_answers_of_one_person_are_one_respondent(context: Context) -> None:
    set_up(context)
    for trainee in enrol(context, 10):
        answer(context, trainee, Outcome.FORGOT, step=3)
        answer(context, trainee, Outcome.ACTED, step=10)
    summaries.close_due(context, AFTER)
    made = stored_release(context)
    assert made
    assert made.respondents == 10


def test_trainees_who_were_only_to_be_asked_are_not_invited(full: Context) -> None:
    with full.database.transaction() as tx:
        tx.execute(
            update(tables.check_in)
            .where(tables.check_in.c.trainee_id == "trainee-013")
            .values(state="cancelled")
        )
    summaries.close_due(full, AFTER)
    assert window_of(full).invited == 13


def test_forged_and_moved_ballots_are_dropped(full: Context) -> None:
    here, there = window_of(full), window_of(full, "7-13")
    assert here.public_key
    forged = {
        "trainee-000": seal(here.public_key, bytes(32)),
        "trainee-001": seal(here.public_key, encode_answer(there.id, PlanKind.FEAR, Outcome.ACTED)),
        "trainee-002": bytes(SEALED_BYTES),
    }
    with full.database.transaction() as tx:
        ballots.put_ballot(tx, here.id, "trainee-012", 3, forged["trainee-001"])
        ballots.put_ballot(tx, here.id, "trainee-013", 3, forged["trainee-000"])
        ballots.put_ballot(tx, here.id, "trainee-000", 10, forged["trainee-002"])
    summaries.close_due(full, AFTER)
    made = stored_release(full)
    assert made
    assert made.respondents == 12


def test_too_few_readable_ballots_make_the_window_void(full: Context) -> None:
    with full.database.transaction() as tx:
        for place in range(3):
            ballots.put_ballot(tx, window_of(full).id, f"trainee-{place:03}", 3, bytes(SEALED_BYTES))
    assert summaries.close_due(full, AFTER) == 1
    assert window_of(full).state is WindowState.VOID


def test_fifty_respondents_make_a_histogram_that_sums_to_them(context: Context) -> None:
    set_up(context)
    outcomes = list(Outcome)
    for place, trainee in enumerate(enrol(context, 52)):
        answer(context, trainee, outcomes[place % len(outcomes)])
    summaries.close_due(context, AFTER)
    made = stored_release(context)
    assert made
    assert (made.tier, made.scale_milli) == (Tier.M, 2000)
    assert sum(made.noisy.values()) == 52
    assert len(made.noisy) == len(Outcome)
    (release,) = only_summary(context).releases
    assert [cell.name for cell in release.cells][:2] == ["acted", "no_moment"]


@pytest.mark.parametrize("killed_after", range(len(publishing.STEPS) + 1))
def test_killed_after_any_step_it_goes_on_and_nothing_is_drawn_twice(
    full: Context, killed_after: int
) -> None:
    window_id = window_of(full).id
    for step in publishing.STEPS[:killed_after]:
        step(full, window_id, AFTER)
    drawn = stored_release(full)
    later = AFTER + timedelta(hours=1)
    summaries.close_due(full, later)
    made = stored_release(full)
    assert made
    assert drawn is None or drawn == made
    assert publishing.draw(full, window_id, bytes(32), later, Exploding()) is False
    assert len(notices(full)) == 2
    assert (count(full, "ballot"), vault_key(full)) == (0, None)
    assert window_of(full).key_destroyed_on


def test_several_workers_at_once_publish_once(full: Context) -> None:
    with ThreadPoolExecutor(4) as workers:
        done = list(workers.map(lambda _: summaries.close_due(full, AFTER), range(4)))
    assert sum(done) == 1
    assert count(full, "release") == 1
    assert len(notices(full)) == 2


@pytest.mark.parametrize("draws", [0, 1, 3])
def test_killed_while_drawing_nothing_is_kept_or_shown(full: Context, draws: int) -> None:
    window_id, key = window_of(full).id, vault_key(full)
    assert key
    publishing.close(full, window_id, AFTER)
    with pytest.raises(ConnectionAbortedError):
        publishing.draw(full, window_id, key, AFTER, Exploding(draws))
    assert window_of(full).state is WindowState.CLOSED
    assert (count(full, "ballot"), count(full, "release"), notices(full)) == (12, 0, [])
    assert summaries.close_due(full, AFTER) == 1


def test_killed_before_the_key_was_gone_the_key_goes_at_the_next_tick(full: Context) -> None:
    for step in publishing.STEPS[:3]:
        step(full, window_of(full).id, AFTER)
    assert vault_key(full)
    assert summaries.close_due(full, AFTER + timedelta(days=1)) == 0
    assert vault_key(full) is None
    assert window_of(full).key_destroyed_on == (AFTER + timedelta(days=1)).date()


def test_the_database_refuses_to_change_or_delete_a_release(full: Context) -> None:
    summaries.close_due(full, AFTER)
    made = stored_release(full)
    assert made
    again = {
        "window_id": window_of(full).id, "cell": "acted", "noisy": 1, "scale_milli": 1, "tier": "S",
        "respondents": 1, "invited": 1, "published_on": TRAINED,
    }  # fmt: skip
    attempts = [
        update(tables.release).values(noisy=3),
        delete(tables.release),
        insert(tables.release).values(**again),
    ]
    if full.database.is_sqlite:
        attempts.append(insert(tables.release).prefix_with("OR REPLACE").values(**again))
    else:
        attempts.append(text("TRUNCATE release"))  # type: ignore[arg-type]
    for attempt in attempts:
        with pytest.raises(DBAPIError), full.database.transaction() as tx:
            tx.execute(attempt)
    assert stored_release(full) == made


def test_a_missing_key_is_waited_for_and_then_the_window_is_void(full: Context) -> None:
    with full.vault.transaction() as vault_tx:
        vault_tx.execute(delete(window_key))
    assert summaries.close_due(full, AFTER) == 0
    assert window_of(full).state is WindowState.CLOSED
    assert only_summary(full).waiting == ("1-6",)
    assert summaries.close_due(full, AFTER + timedelta(days=7)) == 1
    assert window_of(full).state is WindowState.VOID


def test_no_window_spends_more_than_is_left_of_the_budget(full: Context) -> None:
    with full.database.transaction() as tx:
        spent = ballots.Published({"acted": 5}, Tier.S, 500, 12, 14, TRAINED)  # epsilon 2 already
        ballots.add_release(tx, window_of(full, "7-13").id, spent)
    summaries.close_due(full, AFTER)
    assert window_of(full).state is WindowState.VOID


def custodian(context: Context) -> tuple[str, str]:
    set_up(context, key_holder="custodian")
    private, public = windows.keygen()
    return private, public


def test_until_a_custodian_hands_in_a_key_no_answer_counts(context: Context) -> None:
    _, public = custodian(context)
    enrol(context, 1)
    assert answer(context, "trainee-000", Outcome.ACTED) is False
    assert [status.key for status in windows.show(context, "Allies 2026")] == ["missing", "missing"]
    windows.hand_in_public_key(context, "Allies 2026", "1-6", public)
    assert answer(context, "trainee-000", Outcome.ACTED) is True
    assert [status.key for status in windows.show(context, "Allies 2026")] == [
        "with its custodian",
        "missing",
    ]


def test_a_custodians_window_closes_and_waits_for_its_key(context: Context) -> None:
    private, public = custodian(context)
    windows.hand_in_public_key(context, "Allies 2026", "1-6", public)
    for trainee in enrol(context, 10):
        answer(context, trainee, Outcome.NO_TIME)
    with pytest.raises(WrongStateError, match="still open"):
        summaries.publish_with_key(context, "Allies 2026", "1-6", private, CLOSES - timedelta(days=1))
    assert summaries.close_due(context, AFTER) == 0
    assert summaries.close_due(context, AFTER + timedelta(days=30)) == 0
    assert window_of(context).state is WindowState.CLOSED
    with pytest.raises(UserError, match="does not belong"):
        summaries.publish_with_key(context, "Allies 2026", "1-6", windows.keygen()[0], AFTER)
    state = summaries.publish_with_key(context, "Allies 2026", "1-6", private, AFTER)
    assert state is WindowState.PUBLISHED
    assert count(context, "ballot") == 0
    with pytest.raises(WrongStateError, match="once"):
        summaries.publish_with_key(context, "Allies 2026", "1-6", private, AFTER)


def test_a_custodians_window_with_few_answers_is_void_without_its_key(context: Context) -> None:
    _, public = custodian(context)
    windows.hand_in_public_key(context, "Allies 2026", "1-6", public)
    enrol(context, 3)
    answer(context, "trainee-000", Outcome.ACTED)
    assert summaries.close_due(context, AFTER) == 1
    assert window_of(context).state is WindowState.VOID


def test_keys_that_cannot_be_meant_are_refused(context: Context) -> None:
    private, public = custodian(context)
    hand_in = windows.hand_in_public_key
    for wrong in (private, "nonsense", "allybot-public-", "allybot-public-AAAA", public + "A"):
        with pytest.raises(UserError):
            hand_in(context, "Allies 2026", "1-6", wrong)
    with pytest.raises(NotFoundError, match="1-6, 7-13"):
        hand_in(context, "Allies 2026", "2", public)
    with pytest.raises(NotFoundError):
        hand_in(context, "Allies 2025", "1-6", public)
    hand_in(context, "Allies 2026", "1-6", f" {public}\n")
    with pytest.raises(WrongStateError, match="key already"):
        hand_in(context, "Allies 2026", "1-6", public)


def test_a_program_whose_keys_are_in_the_vault_takes_none(full: Context) -> None:
    private, public = windows.keygen()
    with pytest.raises(WrongStateError):
        windows.hand_in_public_key(full, "Allies 2026", "1-6", public)
    with pytest.raises(WrongStateError):
        summaries.publish_with_key(full, "Allies 2026", "1-6", private, AFTER)


def test_a_name_two_workspaces_share_must_be_told_apart(context: Context) -> None:
    program = set_up(context)
    with context.database.transaction() as tx:
        save_workspace(tx, "T2", name="Other", bot_user="B2", state="active")
        values = {column.name: getattr(program, column.name, None) for column in tables.program.columns}
        programs.add_program(
            tx, {**values, "id": "twin", "workspace_id": "T2", "zone": "UTC", "closures": None}
        )
    with pytest.raises(UserError, match="Several"):
        summaries.summary_for_program(context, "Allies 2026", None, AFTER)
    assert summaries.summary_for_program(context, "Allies 2026", "T1", AFTER).next_window == "1-6"
    assert len(summaries.summaries(context)) == 2


def test_who_is_no_lead_is_refused_whether_or_not_programs_exist(full: Context) -> None:
    for actor in (Actor("T1", "U000"), Actor("T2", "ULEAD1"), Actor("", "")):
        with pytest.raises(NotALeadError):
            summaries.summary(full, actor, AFTER)


def test_while_a_window_is_open_nobody_sees_how_many_have_answered(full: Context) -> None:
    before = summaries.summary(full, Actor("T1", "ULEAD1"), CLOSES - timedelta(days=1))
    answer(full, "trainee-012", Outcome.ACTED)
    after = summaries.summary(full, Actor("T1", "ULEAD1"), CLOSES - timedelta(days=1))
    assert before == after
    assert before[0].releases == ()
    assert before[0].next_closes_on == CLOSES.date()
    assert "12" not in words.summary(Say(), before).text


def test_after_the_last_window_nothing_more_is_promised(full: Context) -> None:
    assert summaries.close_due(full, AFTER + timedelta(days=60)) == 2
    one = only_summary(full)
    assert [release.state for release in one.releases] == [WindowState.PUBLISHED, WindowState.VOID]
    assert (one.next_window, one.next_closes_on) == (None, None)


def test_a_key_wrapped_with_another_secret_leaves_the_window_closed(full: Context) -> None:
    with full.vault.transaction() as vault_tx:
        vault_tx.execute(update(window_key).values(private_wrapped=bytes(72)))
    with pytest.raises(DecryptionError):
        vault_key(full)
    assert summaries.close_due(full, AFTER) == 0
    assert window_of(full).state is WindowState.CLOSED
