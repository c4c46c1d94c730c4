"""A program that chose to count once, over all its weeks, and also how many had a moment."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select

from allybot.domain.anonymity import CELL_ACTED, CELL_MOMENT, Tier
from allybot.domain.figures import Release
from allybot.domain.people import Actor, Program
from allybot.domain.plans import Outcome, PlanKind
from allybot.domain.program_changes import Refusal
from allybot.domain.windows import Window, WindowState
from allybot.errors import FormError, SettingsError
from allybot.i18n import Say
from allybot.prompts import home as prompts
from allybot.prompts.blocks import in_words
from allybot.prompts.programs import creating_problems
from allybot.services import home
from allybot.services.context import Context, new_id
from allybot.services.outcomes import casting, pooling, publishing, summaries, windows
from allybot.services.outcomes.split_keys import hand_in_split, split
from allybot.services.programs import publishable, setting_up
from allybot.services.programs.programs import create
from allybot.services.programs.refusals import ChangeRefusedError
from allybot.services.programs.terms import terms
from allybot.services.trainees import pool_consent
from allybot.store import tables
from allybot.store.outcomes import ballots
from allybot.store.vault.vault import has_window_key, private_key_of
from tests.adversarial.attacks.guessing import NoNoise
from tests.services.outcomes.test_summaries import Exploding
from tests.support import builders

TRAINED, NOW = date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)
CLOSES = date(2026, 4, 17)
"""Day 91 and 14 more."""
ACTED, LET_GO, NONE = (
    [Outcome.NO_MOMENT, Outcome.ACTED],
    [Outcome.FORGOT, Outcome.NO_MOMENT],
    [Outcome.NO_MOMENT, Outcome.NO_MOMENT],
)
TWELVE = [ACTED] * 5 + [LET_GO] * 3 + [NONE] * 4


@pytest.fixture
def house(context: Context) -> Context:
    with context.database.transaction() as tx:
        builders.workspace(tx)
    return context


def program(
    context: Context,
    name: str = "Allies",
    pool: str | None = None,
    *,
    moments: bool = True,
    key_holder: str = "vault",
) -> Program:
    return create(
        context, "T1", name, "Kim", [("one", TRAINED)], zone="UTC", pool=pool, counts_moments=moments,
        key_holder=key_holder, now=NOW,
    )  # fmt: skip


def answer(
    context: Context, of: Program, answers: list[list[Outcome]], asked: int, letter: str = "A"
) -> None:
    """So many people are asked in each half of the weeks, and the first of them answer both times."""
    with context.database.transaction() as tx:
        cohort = tx.execute(
            select(tables.cohort.c.id).where(tables.cohort.c.program_id == of.id)
        ).scalar_one()
        for place in range(asked):
            who = f"{of.name}-{letter}{place}"
            builders.trainees(
                tx,
                {who: f"U{letter}{place}"},
                program_id=of.id,
                cohort_id=cohort,
                may_wait=of.pool is not None,
            )
            for step, outcome in zip(
                (3, 70), answers[place] if place < len(answers) else (None, None), strict=True
            ):
                window_id = windows.window_for_step(context, tx, of.id, step)
                row = {"id": new_id(), "trainee_id": who, "step": step, "window_id": window_id, "due_at": NOW}
                tx.execute(insert(tables.check_in).values(**row, state="asked", times_put_off=0))
                if outcome:
                    assert casting.cast(context, tx, window_id, who, step, outcome, PlanKind.FEAR)


def only_window(context: Context, of: Program) -> Window:
    with context.database.reading() as tx:
        (window,) = ballots.windows_of(tx, of.id)
    return window


def after(context: Context, of: Program) -> datetime:
    closes_at = only_window(context, of).closes_at
    assert closes_at
    return closes_at + timedelta(minutes=1)


def key_of(context: Context, window: Window) -> bytes:
    with context.vault.reading() as vault_tx:
        key = private_key_of(vault_tx, context.keyring, window.id)
    assert key
    return key


def rows(context: Context, table: str) -> int:
    with context.database.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(tables.metadata.tables[table])).scalar_one())


def released(context: Context, of: Program) -> Release:
    shown = summaries.summary_of(context, of.id)
    assert shown
    (release,) = shown.releases
    return release


def drawn_exactly(context: Context, of: Program) -> ballots.Published:
    """The release where every draw of the noise is zero."""
    window, now = only_window(context, of), after(context, of)
    publishing.close(context, window.id, now)
    assert publishing.draw(context, window.id, key_of(context, window), now, NoNoise())
    with context.database.reading() as tx:
        made = ballots.release_by_window(tx, window.id)
    assert made
    return made


def test_it_has_one_window_over_all_its_weeks_and_counts_both_once(house: Context) -> None:
    allies = program(house)
    window = only_window(house, allies)
    assert (window.name, window.closes_at and window.closes_at.date()) == ("1-13", CLOSES)
    answer(house, allies, TWELVE, asked=14)
    made = drawn_exactly(house, allies)
    assert made.noisy == {CELL_ACTED: 5, CELL_MOMENT: 8}
    assert (made.tier, made.scale_milli, made.respondents, made.invited) == (Tier.MOMENTS, 1000, 12, 14)
    release = released(house, allies)
    assert [cell.name for cell in release.cells] == [CELL_ACTED, CELL_MOMENT]
    assert release.epsilon == 2
    assert (rows(house, "ballot"), rows(house, "release")) == (0, 2)
    summaries.close_due(house, after(house, allies))
    with house.vault.reading() as vault_tx:
        assert not has_window_key(vault_tx, window.id)
    with house.database.reading() as tx:
        told = terms(house, tx, allies)
    assert (told.counts_moments, told.counted_on) == (True, (CLOSES,))


def test_home_says_what_is_counted_before_the_button_that_says_yes(house: Context) -> None:
    promise = "counted once, on 17 April 2026: about how many acted, and about how many told of a moment"
    for name, moments in (("Allies", True), ("Others", False)):
        of = program(house, name, moments=moments)
        with house.database.transaction() as tx:
            cohort = tx.execute(select(tables.cohort.c.id).where(tables.cohort.c.program_id == of.id))
            builders.trainees(
                tx, {name: name}, program_id=of.id, cohort_id=cohort.scalar_one(), state="invited"
            )
        page = prompts.home(Say(), home.facts(house, Actor("T1", name), NOW)).body["blocks"]
        assert "Nothing starts before you say yes" in in_words(page)
        assert (promise in in_words(page)) is moments


@pytest.mark.parametrize("in_two_parts", [True, False])
def test_a_custodian_opens_the_one_window_with_all_of_a_key_or_a_part(
    house: Context, *, in_two_parts: bool
) -> None:
    allies = program(house, key_holder=windows.CUSTODIAN)
    if in_two_parts:
        made = split()
        hand_in_split(house, "Allies", "1-13", made.public, made.hosts_part)
        private = made.custodians_part
    else:
        private, public = windows.keygen()
        windows.hand_in_public_key(house, "Allies", "1-13", public)
    answer(house, allies, TWELVE, asked=14)
    now = after(house, allies)
    assert summaries.close_due(house, now) == 0
    assert rows(house, "ballot") == 24
    assert summaries.publish_with_key(house, "Allies", "1-13", private, now) is WindowState.PUBLISHED
    assert [cell.name for cell in released(house, allies).cells] == [CELL_ACTED, CELL_MOMENT]
    assert rows(house, "ballot") == 0


@pytest.mark.parametrize("draws", [1, 5, 9])
def test_killed_while_drawing_either_count_nothing_is_kept_and_both_come_later(
    house: Context, draws: int
) -> None:
    allies = program(house)
    answer(house, allies, TWELVE, asked=14)
    window, now = only_window(house, allies), after(house, allies)
    publishing.close(house, window.id, now)
    with pytest.raises(ConnectionAbortedError):
        publishing.draw(house, window.id, key_of(house, window), now, Exploding(draws))
    assert (rows(house, "ballot"), rows(house, "release")) == (24, 0)
    assert summaries.close_due(house, now) == 1
    assert summaries.close_due(house, now) == 0
    assert rows(house, "release") == 2
    assert {each.name for each in released(house, allies).cells} == {CELL_ACTED, CELL_MOMENT}


def test_sixty_learn_the_same_two_numbers_and_no_reasons(house: Context) -> None:
    allies = program(house)
    answer(house, allies, [ACTED] * 20 + [LET_GO] * 25 + [NONE] * 15, asked=64)
    assert drawn_exactly(house, allies).noisy == {CELL_ACTED: 20, CELL_MOMENT: 45}
    assert released(house, allies).barriers == ()


def test_with_too_few_nothing_is_counted(house: Context) -> None:
    allies = program(house)
    answer(house, allies, TWELVE[:9], asked=14)
    summaries.close_due(house, after(house, allies))
    assert released(house, allies).state is WindowState.VOID
    assert rows(house, "ballot") == 0


def test_two_editions_share_a_pool_and_are_counted_once_together(house: Context) -> None:
    spring, autumn = (program(house, name, "Courses") for name in ("Spring", "Autumn"))
    for each, letter in ((spring, "A"), (autumn, "B")):
        answer(
            house, each, TWELVE[2:10], asked=9, letter=letter
        )  # three acted, three let it go, two had none
    now = after(house, spring)
    for each in (spring, autumn):
        publishing.close(house, only_window(house, each).id, now)
        assert publishing.void_if_few(house, only_window(house, each).id, now)
    assert pooling.end(house, only_window(house, autumn).id, now, NoNoise())
    release = released(house, spring)
    counted = {cell.name: cell.about for cell in release.cells}
    assert (counted, release.respondents) == ({CELL_ACTED: 6, CELL_MOMENT: 12}, 16)
    assert release.cells == released(house, autumn).cells
    assert release.epsilon == 2


@pytest.mark.parametrize("moments", [True, False])
def test_programs_that_count_otherwise_cannot_share_a_pool(house: Context, *, moments: bool) -> None:
    program(house, "Spring", "Courses", moments=moments)
    alone = program(house, "Alone", moments=not moments)
    attempts = (
        lambda: program(house, "Autumn", "courses", moments=not moments),
        lambda: pool_consent.name_pool(house, None, alone.id, "Courses", NOW, confirmed=True),
        lambda: publishable.ahead(
            house, "T1", 9, [TRAINED], zone=alone.zone, pool="Courses", counts_moments=not moments
        ),
    )
    for attempt in attempts:
        with pytest.raises(ChangeRefusedError, match="count otherwise") as refused:
            attempt()
        assert refused.value.reason is Refusal.POOL_COUNTS_OTHERWISE


def test_two_counts_at_more_than_half_of_the_budget_are_refused_before_anything_is_made(
    house: Context,
) -> None:
    rules = house.content.rules
    publishing = rules.publishing.model_copy(update={"epsilon_per_release": 1.001})
    more = rules.model_copy(update={"publishing": publishing})
    high = replace(house, content=house.content.model_copy(update={"rules": more}))
    attempts = (
        lambda: program(high),
        lambda: publishable.ahead(high, "T1", 18, [TRAINED], zone=ZoneInfo("UTC"), counts_moments=True),
    )
    for attempt in attempts:
        with pytest.raises(SettingsError, match=r"2 counts at epsilon 1\.001 spend more than the budget"):
            attempt()
    draft = setting_up.Draft(
        name="Allies", cohort="one", trained_on=TRAINED, contact="Kim", country="", zone="UTC",
        emergency_number="112", minimum="10", people="18", counts_moments=True,
    )  # fmt: skip
    with pytest.raises(FormError) as refused:
        setting_up.look_ahead(high, Actor("T1", "U1"), draft, NOW)
    assert "ask whoever runs allybot" in creating_problems.problems(Say(), refused.value.problems)["counting"]
    assert setting_up.look_ahead(house, Actor("T1", "U1"), draft, NOW).draft.counts_moments
