from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from allybot.crypto import Keyring, unseal
from allybot.domain.anonymity import encode_answer
from allybot.domain.check_ins import CheckInState, FromHere, Snooze, Tap, outcome_of
from allybot.domain.people import Actor
from allybot.domain.plans import Intention, Outcome, PlanKind, PlanState
from allybot.domain.trainee import Pace, TraineeState
from allybot.errors import DecryptionError, FieldError, NotFoundError, WrongStateError
from allybot.services.check_ins import answering, asking, follow_ups, frequency
from allybot.services.check_ins.answering import Choices
from allybot.services.context import Context
from allybot.services.delivery import parked
from allybot.services.plans import plans
from allybot.services.renderers import render
from allybot.services.trainees import slack_events
from allybot.store import trainees
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState
from allybot.store.outcomes import ballots
from allybot.store.programs import programs
from allybot.store.vault import vault
from tests.support.bad_rows import column
from tests.support.records import all_records
from tests.support.trainee_timeline import TRAINED, Timeline, berlin

TUESDAY = date(2026, 1, 6)
SPRING = date(2026, 4, 30)
AS_IS = Choices("a & b", "ask <her>", None, FromHere.KEEP)


@pytest.fixture
def timeline(context: Context) -> Timeline:
    return Timeline(context)


def opened(timeline: Timeline, step: int) -> bytes:
    """What lies in the envelope of a step."""
    asked = timeline.asked(step)
    with timeline.context.vault.reading() as vault_tx, timeline.context.database.reading() as tx:
        private = vault.private_key_of(vault_tx, timeline.context.keyring, asked.window_id)
        assert private
        (sealed,) = ballots.ballots_of(tx, asked.window_id)[asked.trainee_id]
    return unseal(private, sealed)


def test_somebody_who_answers_is_asked_at_every_step_once_and_then_to_replan(timeline: Timeline):
    timeline.write()
    seen = []
    for days in range(100):
        day = TRAINED + timedelta(days=days)
        for found in timeline.days(day, day) + timeline.days(day, day):
            if found[1] in {MessageKind.CHECK_IN, MessageKind.REPLAN}:
                seen.append(found)
                step = int(found[2].rpartition(":")[2])
                if step != 90:
                    answering.tap(
                        timeline.context,
                        timeline.actor,
                        timeline.asked(step).id,
                        Tap.ACTED,
                        berlin(1, 6),
                        None,
                    )
    assert [key.rpartition(":")[2] for _, _, key in seen] == [
        "3", "10", "17", "28", "42", "56", "70", "90",
    ]  # fmt: skip
    assert [kind for _, kind, _ in seen] == [MessageKind.CHECK_IN] * 7 + [MessageKind.REPLAN]
    assert all(day.weekday() in {1, 2, 3} for day, _, _ in seen)
    trainee = timeline.trainee()
    assert (trainee.next_step, trainee.next_check_in_at) == (None, None)
    assert trainee.goodbye_at
    assert trainee.goodbye_at.date() >= seen[-1][0] + timedelta(days=7)


def about(timeline: Timeline, step: int) -> tuple[str, date]:
    """The id of the plan a step asked about, and the first day it asked about."""
    (record,) = all_records(timeline.context)
    found = record.asked_about(timeline.asked(step).id)
    assert found
    return found[0].id, found[1]


def test_a_check_in_remembers_its_window_its_plan_and_since_when_it_asks(timeline: Timeline):
    plan = timeline.write()
    timeline.days(TRAINED, TUESDAY)
    asked = timeline.asked(3)
    assert about(timeline, 3) == (plan.id, TRAINED)
    with timeline.context.database.reading() as tx:
        window = ballots.window_by_id(tx, asked.window_id)
        program = programs.program_by_id(tx, "program")
        (kept,) = plans.book(timeline.context, timeline.actor).plans
    assert window
    assert window.name == "1-6"
    assert program
    assert program.frozen_at == berlin(1, 6)
    assert (kept.times_asked, kept.last_asked_at) == (1, berlin(1, 6))


def test_two_workers_at_the_same_time_ask_once(timeline: Timeline):
    timeline.write()
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: asking.queue_due(timeline.context, berlin(1, 6)), range(4)))
    assert sum(counts) == 1
    assert len(timeline.rows("check_in")) == 1
    assert len(timeline.outbox()) == 1


def test_nothing_is_asked_at_night_or_at_the_weekend(timeline: Timeline):
    timeline.write()
    assert asking.queue_due(timeline.context, berlin(1, 6, 22)) == 0
    postponed = timeline.trainee().next_check_in_at
    assert postponed == berlin(1, 7, 10)
    assert asking.queue_due(timeline.context, berlin(1, 7, 10)) == 1


def test_after_a_change_of_zone_check_ins_follow_the_new_zone(timeline: Timeline):
    timeline.write()
    slack_events.person_changed(
        timeline.context, timeline.actor, berlin(1, 3), deleted=False, zone="America/Los_Angeles"
    )
    assert timeline.tick(berlin(1, 6)) == []
    due = timeline.trainee().next_check_in_at
    assert due
    assert 10 <= due.astimezone(timeline.trainee().zone).hour < 11


def test_a_step_two_working_days_late_is_still_asked_a_later_one_waits_for_the_usual_hour(timeline: Timeline):
    timeline.write()
    assert [row.key for row in timeline.tick(berlin(1, 8, 11))] == ["check-in:trainee-U1:3"]
    assert asking.queue_due(timeline.context, berlin(1, 23)) == 0  # step 10 was due on the 15th
    trainee = timeline.trainee()
    assert trainee.next_step == 17
    assert trainee.next_check_in_at
    assert trainee.next_check_in_at.date() == date(2026, 1, 27)


def test_after_a_long_outage_only_the_newest_step_is_asked(timeline: Timeline):
    timeline.write()
    seen = timeline.days(date(2026, 2, 23), date(2026, 3, 31))
    asked = [key for _, kind, key in seen if kind is MessageKind.CHECK_IN]
    assert asked == ["check-in:trainee-U1:42", "check-in:trainee-U1:56"]


def test_silence_makes_the_rhythm_slower_brings_one_fresh_start_and_ends_nothing(timeline: Timeline):
    timeline.write()
    seen = timeline.days(TRAINED, SPRING)
    assert [(day, kind) for day, kind, _ in seen] == [
        (date(2026, 1, 6), MessageKind.CHECK_IN),
        (date(2026, 1, 8), MessageKind.FOLLOW_UP),
        (date(2026, 1, 13), MessageKind.CHECK_IN),
        (date(2026, 1, 15), MessageKind.FOLLOW_UP),
        (date(2026, 1, 20), MessageKind.SLOWED),
        (date(2026, 2, 17), MessageKind.CHECK_IN),  # day 42, and no follow-up any more
        (date(2026, 3, 3), MessageKind.FRESH_START),
        (date(2026, 4, 2), MessageKind.REPLAN),
    ]
    assert timeline.asked(3).state is CheckInState.SILENT
    assert timeline.asked(42).state is CheckInState.SILENT
    assert (timeline.asked(17), timeline.asked(56)) == (None, None)
    assert timeline.trainee().pace is Pace.SLOWER
    assert timeline.trainee().goodbye_at is not None


def test_who_keeps_the_usual_rhythm_is_asked_at_the_next_step(timeline: Timeline):
    timeline.write()
    timeline.days(TRAINED, date(2026, 1, 20))
    assert timeline.trainee().next_step == 42
    standing = frequency.keep(timeline.context, timeline.actor, berlin(1, 20, 13))
    assert (standing.next_on, standing.trainee.next_step) == (date(2026, 2, 3), 28)
    assert frequency.keep(timeline.context, timeline.actor, berlin(1, 20, 14)) == standing
    seen = timeline.days(date(2026, 1, 21), date(2026, 2, 5))
    assert [(kind, key) for _, kind, key in seen] == [
        (MessageKind.CHECK_IN, "check-in:trainee-U1:28"),
        (MessageKind.FOLLOW_UP, "follow-up:trainee-U1:28"),
    ]


def test_the_usual_rhythm_does_not_bring_back_a_step_whose_day_is_past(timeline: Timeline):
    timeline.write()
    timeline.days(TRAINED, date(2026, 2, 10))
    standing = frequency.keep(timeline.context, timeline.actor, berlin(2, 10))
    assert (standing.next_on, standing.trainee.next_step) == (date(2026, 2, 17), 42)


def test_an_answer_after_the_slower_rhythm_spares_them_the_fresh_start(timeline: Timeline):
    timeline.write()
    timeline.days(TRAINED, date(2026, 1, 25))
    answering.tap(timeline.context, timeline.actor, timeline.asked(10).id, Tap.NO_MOMENT, berlin(1, 25), None)
    assert timeline.trainee().silent_steps == 0
    seen = timeline.days(date(2026, 1, 26), date(2026, 3, 4))
    asked = [(kind, key) for _, kind, key in seen if kind is not MessageKind.CHECK_IN_ANSWERED]
    assert asked == [(MessageKind.CHECK_IN, "check-in:trainee-U1:42")]
    assert timeline.trainee().next_step == 70


def test_a_plan_written_meanwhile_spares_them_the_fresh_start(timeline: Timeline):
    timeline.write()
    timeline.days(TRAINED, date(2026, 2, 20))
    timeline.write("bystander", now=berlin(2, 20))
    seen = timeline.days(date(2026, 2, 21), date(2026, 3, 4))
    assert [kind for _, kind, _ in seen] == [MessageKind.CHECK_IN]


def test_the_fresh_start_comes_once_also_after_a_pause_over_it(timeline: Timeline):
    timeline.write()
    timeline.days(TRAINED, date(2026, 3, 3))
    frequency.pause(timeline.context, timeline.actor, date(2026, 3, 24), berlin(3, 3))
    seen = timeline.days(date(2026, 3, 4), date(2026, 6, 30))
    assert [kind for _, kind, _ in seen] == [MessageKind.REPLAN]


def test_the_word_of_the_slower_rhythm_is_not_sent_once_they_have_chosen(timeline: Timeline):
    timeline.write()
    timeline.days(TRAINED, date(2026, 1, 19))
    asking.queue_due(timeline.context, berlin(1, 20))
    frequency.keep(timeline.context, timeline.actor, berlin(1, 20))
    assert timeline.deliver(berlin(1, 20)) == []


def test_a_slower_rhythm_has_no_follow_up(timeline: Timeline):
    timeline.write()
    frequency.slower(timeline.context, timeline.actor, berlin(1, 2))
    seen = timeline.days(TRAINED, date(2026, 1, 19))
    assert [kind for _, kind, _ in seen] == [MessageKind.CHECK_IN]


def test_an_undelivered_check_in_does_not_count_as_silent(timeline: Timeline):
    timeline.write()
    for day in (6, 13, 20):
        asking.queue_due(timeline.context, berlin(1, day))
    assert timeline.asked(3).state is CheckInState.CANCELLED
    assert timeline.trainee().silent_steps == 0
    assert follow_ups.queue_follow_ups(timeline.context, berlin(1, 22)) == 0


def test_without_a_plan_the_trainee_is_invited_to_write_one_ever_less_often(timeline: Timeline):
    seen = timeline.days(TRAINED, SPRING)
    assert [(day, kind) for day, kind, _ in seen] == [
        (date(2026, 1, 6), MessageKind.FIRST_PLAN),
        (date(2026, 1, 13), MessageKind.FIRST_PLAN),
        (date(2026, 1, 20), MessageKind.SLOWED),
        (date(2026, 2, 17), MessageKind.FIRST_PLAN),
        (date(2026, 3, 3), MessageKind.FRESH_START),
        (date(2026, 4, 2), MessageKind.REPLAN),
    ]


def test_a_plan_written_after_two_invitations_is_asked_about(timeline: Timeline):
    timeline.days(TRAINED, date(2026, 1, 14))
    timeline.write(now=berlin(1, 15))
    seen = timeline.days(date(2026, 1, 15), date(2026, 1, 22))
    assert [kind for _, kind, _ in seen][:1] == [MessageKind.CHECK_IN]


def test_a_plan_called_done_meanwhile_is_not_asked_about(timeline: Timeline):
    plan = timeline.write()
    asking.queue_due(timeline.context, berlin(1, 6))
    plans.finish(timeline.context, timeline.actor, plan.id)
    assert timeline.deliver(berlin(1, 6)) == []


def test_plans_take_turns_and_the_chosen_focus_comes_first(timeline: Timeline):
    first, second = timeline.write("fear"), timeline.write("listening")
    timeline.days(TRAINED, TUESDAY)
    asked, _ = about(timeline, 3)
    assert asked in {first.id, second.id}
    other = second if asked == first.id else first
    timeline.days(date(2026, 1, 7), date(2026, 1, 13))
    assert about(timeline, 10)[0] == other.id
    answering.tap(timeline.context, timeline.actor, timeline.asked(10).id, Tap.ACTED, berlin(1, 13), None)
    plans.focus(timeline.context, timeline.actor, other.id)
    timeline.days(date(2026, 1, 14), date(2026, 1, 20))
    assert about(timeline, 17)[0] == other.id


def test_a_named_day_moves_no_check_in_since_its_time_would_tell_of_it(timeline: Timeline):
    timeline.write(moment=date(2026, 2, 4))
    for step, day in ((3, 6), (10, 13), (17, 20)):
        timeline.days(date(2026, 1, day), date(2026, 1, day))
        answering.tap(
            timeline.context, timeline.actor, timeline.asked(step).id, Tap.NO_MOMENT, berlin(1, day), None
        )
    seen = timeline.days(date(2026, 1, 21), date(2026, 2, 6))
    assert [(day, key) for day, _, key in seen if "check-in:" in key] == [
        (date(2026, 2, 3), "check-in:trainee-U1:28")
    ]


def test_a_tap_seals_one_envelope_and_another_tap_takes_its_place(timeline: Timeline):
    timeline.write()
    timeline.days(TRAINED, TUESDAY)
    asked = timeline.asked(3)
    first = answering.tap(
        timeline.context, timeline.actor, asked.id, Tap.NOT_ACTED, berlin(1, 6), ("D1", "1.0")
    )
    again = answering.tap(timeline.context, timeline.actor, asked.id, Tap.ACTED, berlin(1, 6), ("D1", "1.0"))
    assert first.counts
    assert first.check_in.id == again.check_in.id
    assert opened(timeline, 3) == encode_answer(asked.window_id, PlanKind.FEAR, Outcome.ACTED)
    assert len(timeline.rows("ballot")) == 1
    assert timeline.asked(3).state is CheckInState.ANSWERED
    assert follow_ups.queue_follow_ups(timeline.context, berlin(1, 8)) == 0
    answered = [row for row in timeline.outbox() if row.kind is MessageKind.CHECK_IN_ANSWERED]
    assert (
        len({row.replaces_ts for row in answered}) == len(answered) == 2
    )  # the sent message and the pressed one


def test_the_form_seals_the_barrier_in_the_same_envelope(timeline: Timeline):
    timeline.write()
    timeline.days(TRAINED, TUESDAY)
    asked = timeline.asked(3)
    answering.tap(timeline.context, timeline.actor, asked.id, Tap.NOT_ACTED, berlin(1, 6), None)
    answering.help_form(
        timeline.context, timeline.actor, asked.id, Tap.NOT_ACTED, "no_time", AS_IS, berlin(1, 6)
    )
    assert opened(timeline, 3) == encode_answer(asked.window_id, PlanKind.FEAR, Outcome.NO_TIME)


@pytest.mark.parametrize(
    ("tap", "pick", "outcome"),
    [
        (Tap.ACTED, "", Outcome.ACTED),
        (Tap.ACTED, "forgot", Outcome.ACTED),
        (Tap.NOT_ACTED, "", Outcome.NOT_ACTED),
        (Tap.NOT_ACTED, "forgot", Outcome.FORGOT),
        (Tap.NOT_ACTED, "acted", Outcome.NOT_ACTED),
        (Tap.NO_MOMENT, "widen", Outcome.NO_MOMENT),
    ],
)
def test_only_a_barrier_says_more_than_the_tap(tap: Tap, pick: str, outcome: Outcome):
    assert outcome_of(tap, pick) is outcome


def test_the_same_choices_after_every_answer_leave_the_same_database(timeline: Timeline):
    """Three men, three answers, one script: but for sealed bytes and names nothing may differ."""
    for user in ("U2", "U3"):
        timeline.enrol(user)
    for user in ("U1", "U2", "U3"):
        timeline.write(user=user)
    timeline.tick(berlin(1, 6))
    told: dict[str, tuple] = {}
    given = {"U1": (Tap.ACTED, "bolder"), "U2": (Tap.NOT_ACTED, "forgot"), "U3": (Tap.NO_MOMENT, "")}
    with timeline.context.database.reading() as tx:
        asked = {user: asking.check_ins.latest(tx, f"trainee-{user}") for user in given}
    for user, (tap, pick) in given.items():
        actor, check_in = Actor("T1", user), asked[user]
        answering.tap(timeline.context, actor, check_in.id, tap, berlin(1, 6), None)
        choices = Choices("new if", "new then", date(2026, 1, 9), FromHere.SLOWER)
        answering.help_form(timeline.context, actor, check_in.id, tap, pick, choices, berlin(1, 6))
        timeline.deliver(berlin(1, 6))
        trainee = timeline.trainee(user)
        plan = plans.book(timeline.context, actor).plans[0]
        with timeline.context.database.reading() as tx:
            after = asking.check_ins.latest(tx, trainee.id)
        message = next(
            shown for row, shown in reversed(timeline.sent) if row.kind is MessageKind.CHECK_IN_ANSWERED
        )
        told[user] = (
            replace(trainee, id="", slack_user="", next_check_in_at=None),
            trainee.next_check_in_at.date(),
            replace(plan, id=""),
            replace(after, id="", trainee_id=""),
            [row.kind for row in timeline.outbox() if row.trainee_id == trainee.id],
            message.text,
            str(message.blocks).replace(check_in.id, ""),
        )
    assert told["U1"] == told["U2"] == told["U3"]
    assert len(timeline.rows("ballot")) == 3


def test_the_choices_in_the_form_are_applied(timeline: Timeline):
    plan = timeline.write()
    timeline.days(TRAINED, TUESDAY)
    asked = timeline.asked(3)
    answering.tap(timeline.context, timeline.actor, asked.id, Tap.NO_MOMENT, berlin(1, 6), None)

    def send(choices: Choices) -> answering.Settled:
        return answering.help_form(
            timeline.context, timeline.actor, asked.id, Tap.NO_MOMENT, "", choices, berlin(1, 6)
        )

    mended = send(Choices("If the door opens", "then I will say hello.", date(2026, 1, 9), FromHere.KEEP))
    assert mended.plan.intention == Intention("the door opens", "say hello")
    assert mended.plan.next_moment_on == date(2026, 1, 9)
    assert mended.next_on == date(2026, 1, 13)
    before = send(Choices("something else", "", date(2026, 1, 9), FromHere.AS_BEFORE))
    assert before.plan.intention == Intention("the door opens", "say hello")
    slower = send(Choices("x", "y", None, FromHere.SLOWER))
    assert slower.next_on == date(2026, 1, 20)
    assert send(Choices("x", "y", None, FromHere.SLOWER)).next_on == date(2026, 1, 20)
    done = send(Choices("x", "y", None, FromHere.NEXT))
    assert (done.plan.id, done.plan.state) == (plan.id, PlanState.FINISHED)
    stopped = send(Choices("x", "y", None, FromHere.STOP))
    assert (stopped.trainee.state, stopped.next_on) == (TraineeState.STOPPED, None)


@pytest.mark.parametrize(
    ("choices", "field", "reason"),
    [
        (Choices("", "b", None, FromHere.KEEP), "cue", "empty"),
        (Choices("a", "x" * 301, None, FromHere.KEEP), "response", "too_long"),
        (Choices("a", "b", date(2026, 1, 5), FromHere.KEEP), "next_moment_on", "past"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_field_and_nothing_changes(
    timeline: Timeline, choices: Choices, field: str, reason: str
):
    timeline.write()
    timeline.days(TRAINED, TUESDAY)
    asked = timeline.asked(3)
    with pytest.raises(FieldError) as problem:
        answering.help_form(timeline.context, timeline.actor, asked.id, Tap.ACTED, "", choices, berlin(1, 6))
    assert (problem.value.field, problem.value.reason) == (field, reason)
    assert timeline.rows("ballot") == []


def test_a_late_tap_still_helps_and_says_that_it_does_not_count(timeline: Timeline):
    timeline.write()
    timeline.days(TRAINED, TUESDAY)
    asked = timeline.asked(3)
    with timeline.context.database.transaction() as tx:
        ballots.set_window(tx, asked.window_id, state="closed")
    facts = answering.tap(timeline.context, timeline.actor, asked.id, Tap.ACTED, berlin(4, 1), None)
    assert not facts.counts
    assert timeline.rows("ballot") == []
    assert timeline.asked(3).state is CheckInState.ANSWERED


def test_another_persons_button_does_nothing(timeline: Timeline):
    timeline.write()
    other = timeline.enrol("U2")
    timeline.days(TRAINED, TUESDAY)
    asked = timeline.asked(3)
    with pytest.raises(NotFoundError):
        answering.tap(timeline.context, other, asked.id, Tap.ACTED, berlin(1, 6), None)
    with pytest.raises(NotFoundError):
        answering.help_form(timeline.context, other, asked.id, Tap.ACTED, "", AS_IS, berlin(1, 6))
    with pytest.raises(NotFoundError):
        follow_ups.snooze(timeline.context, other, asked.id, Snooze.TOMORROW, berlin(1, 6))
    with pytest.raises(NotFoundError):
        answering.tap(timeline.context, Actor("T1", "U9"), asked.id, Tap.ACTED, berlin(1, 6), None)
    assert timeline.rows("ballot") == []
    assert timeline.asked(3).state is CheckInState.ASKED


def test_not_today_asks_again_on_the_next_working_day_once_a_day(timeline: Timeline):
    timeline.write()
    timeline.days(TRAINED, TUESDAY)
    asked = timeline.asked(3)
    first = follow_ups.snooze(timeline.context, timeline.actor, asked.id, Snooze.TOMORROW, berlin(1, 6, 13))
    again = follow_ups.snooze(timeline.context, timeline.actor, asked.id, Snooze.TOMORROW, berlin(1, 6, 14))
    assert first.again_at == again.again_at
    assert first.again_at
    assert first.again_at.date() == date(2026, 1, 7)
    seen = timeline.days(date(2026, 1, 7), date(2026, 1, 9))
    assert [(day, kind, key) for day, kind, key in seen] == [
        (date(2026, 1, 7), MessageKind.FOLLOW_UP, "check-in:trainee-U1:3:again:1")
    ]


def test_not_today_ends_after_a_few_times_and_before_the_next_step(timeline: Timeline):
    timeline.write()
    timeline.days(TRAINED, TUESDAY)
    asked = timeline.asked(3)
    given = []
    for day in (6, 7, 8, 9):
        given.append(
            follow_ups.snooze(
                timeline.context, timeline.actor, asked.id, Snooze.TOMORROW, berlin(1, day)
            ).again_at
        )
        timeline.days(date(2026, 1, day + 1), date(2026, 1, day + 1))
    assert [again is not None for again in given] == [True, True, True, False]
    answering.tap(timeline.context, timeline.actor, asked.id, Tap.ACTED, berlin(1, 12), None)
    with pytest.raises(WrongStateError):
        follow_ups.snooze(timeline.context, timeline.actor, asked.id, Snooze.TOMORROW, berlin(1, 12))


def test_keeping_things_at_the_replan_thanks_once_and_seals_nothing(timeline: Timeline):
    timeline.write()
    with timeline.context.database.transaction() as tx:
        trainees.change_trainee(tx, "trainee-U1", next_step=90, next_check_in_at=berlin(4, 2, 10))
    timeline.tick(berlin(4, 2))
    asked = timeline.asked(90)
    assert asked.window_id is None
    for _ in range(2):
        answering.keep_plans(timeline.context, timeline.actor, asked.id, berlin(4, 2), None)
    with pytest.raises(NotFoundError):
        answering.tap(timeline.context, timeline.actor, asked.id, Tap.ACTED, berlin(4, 2), None)
    rows = timeline.outbox()
    assert [row.kind for row in rows] == [MessageKind.CHECK_IN_ANSWERED, MessageKind.REPLAN]
    assert timeline.rows("ballot") == []


def test_a_check_in_that_could_not_be_sent_in_time_expires(timeline: Timeline):
    timeline.write()
    asking.queue_due(timeline.context, berlin(1, 6))
    timeline.deliver(berlin(1, 12))
    assert [row.state for row in timeline.outbox()] == [MessageState.EXPIRED]


def test_whose_plan_cannot_be_opened_is_neither_passed_over_nor_counted_as_silent(timeline: Timeline):
    plan = timeline.write()
    timeline.days(TRAINED, TUESDAY)  # step 3 was asked, and nobody answers
    before = timeline.trainee()
    mend = column("private_record", "trainee-U1", "locked", b"damaged", "trainee_id")(timeline.context)
    timeline.days(date(2026, 1, 13), date(2026, 1, 15))
    assert (timeline.trainee().next_step, timeline.trainee().silent_steps) == (10, before.silent_steps)
    assert timeline.trainee().next_check_in_at == before.next_check_in_at
    assert [each.meaning for each in parked.parked_rows(timeline.context)] == [
        "A stored key or text cannot be opened with ALLYBOT_SECRET_KEY, or is damaged."
    ] * 2  # the check-in, and the morning's look for a reminder
    mend()
    for job in ("check_ins", "reminders"):
        parked.retry(timeline.context, f"{job}:trainee-U1", berlin(1, 15))
    (asked,) = [row for row in timeline.tick(berlin(1, 15)) if row.kind is MessageKind.CHECK_IN]
    assert asked.key == "check-in:trainee-U1:10"
    assert about(timeline, 10)[0] == plan.id
    assert parked.parked_rows(timeline.context) == []


def test_with_a_wrong_secret_key_nobody_moves_on_and_with_the_right_one_they_get_what_is_fresh(
    timeline: Timeline,
):
    timeline.write()
    right = timeline.context
    timeline.context = replace(right, keyring=Keyring("another secret than the one it was"))
    assert timeline.days(TUESDAY, date(2026, 2, 20)) == []
    assert (timeline.trainee().next_step, timeline.trainee().silent_steps) == (3, 0)
    timeline.context = right
    asked = [
        key
        for _, kind, key in timeline.days(date(2026, 2, 23), date(2026, 3, 2))
        if kind is MessageKind.CHECK_IN
    ]
    assert asked == ["check-in:trainee-U1:42"], "the newest step only"


def test_a_question_whose_plan_cannot_be_opened_when_it_is_written_is_not_dropped_unseen(timeline: Timeline):
    timeline.write()
    asking.queue_due(timeline.context, berlin(1, 6))
    (row,) = timeline.outbox()
    column("private_record", "trainee-U1", "locked", b"damaged", "trainee_id")(timeline.context)
    with timeline.context.database.transaction() as tx, pytest.raises(DecryptionError):
        render(timeline.context, tx, row, berlin(1, 6))
