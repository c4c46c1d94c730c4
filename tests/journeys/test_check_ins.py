"""A check-in from the question to the confirmation: taps, help, a change of mind, silence."""

from datetime import date

import pytest
from sqlalchemy import text

from allybot.domain.check_ins import Pick
from allybot.domain.plans import BARRIERS
from allybot.prompts import ids
from tests.journeys.conftest import Journey
from tests.journeys.people import Person, labels, options, stands_in, words

TAPS = ("I did it", "A moment came, I did not", "No moment yet")
SNOOZES = ("Later today", "Tomorrow", "Next week")
QUESTION = "did the moment of your plan come up, and did you do it?"
BRANCH, MOMENT, FROM_HERE = ids.CHECK_IN_BRANCH, "next_moment_on", "from_here"
PLAN = "If a colleague is talked over, then I will ask her to finish."


@pytest.fixture
def jonas(journey: Journey) -> Person:
    """Somebody whose first check-in has just come."""
    return asked(journey, 0)


def asked(journey: Journey, number: int) -> Person:
    """This person, who said yes and wrote a plan on Monday; it is Thursday, and they have been asked."""
    person = journey.people[number]
    person.begins()
    person.writes_plan("a colleague is talked over", "ask her to finish")
    journey.go_to(1, 15)
    return person


def taps(person: Person, label: str, message: dict | None = None) -> dict:
    """They tap, and the help opens."""
    person.presses(label, message)
    return person.modal("Your check-in")


def more(person: Person, label: str, message: dict | None = None) -> dict:
    """They tap and press "More"; the help with everything that can be changed."""
    view = taps(person, label, message)
    person.presses_in_modal("More")
    return person.modal("Your check-in", lambda now: now["hash"] != view["hash"])


def said(person: Person) -> str:
    """Everything that stands in their direct message."""
    return "\n".join(words(one) for one in person.messages())


def ballots(journey: Journey) -> list[tuple[str, int, bytes]]:
    """The sealed answers, as the table holds them."""
    with journey.context.database.reading() as tx:
        rows = tx.execute(text("SELECT trainee_id, slot, sealed FROM ballot ORDER BY trainee_id, slot"))
        return [(row[0], row[1], bytes(row[2])) for row in rows]


def test_the_first_check_in_quotes_the_plan_and_asks_in_one_tap(jonas: Person) -> None:
    message = jonas.reads(QUESTION)
    assert f"> {PLAN}" in words(message)
    assert labels(message) == [*TAPS, *SNOOZES]
    assert "Confidential" in words(message)
    assert "at least 10 people" in words(message)


def test_a_tap_seals_an_answer_and_opens_the_help(journey: Journey, jonas: Person) -> None:
    assert ballots(journey) == []
    view = taps(jonas, "I did it")
    assert [len(sealed) for _, _, sealed in ballots(journey)] == [80]
    assert "turn to Noor Rahman" in words(view)
    jonas.closes()
    view = more(jonas, "I did it", jonas.reads(QUESTION))
    assert stands_in(view, "cue") == "a colleague is talked over"
    assert stands_in(view, "response") == "ask her to finish"


def test_each_tap_opens_help_of_its_own_with_the_same_choices_after_it(
    journey: Journey, jonas: Person
) -> None:
    seen = {}
    for tap in TAPS:
        question = next(one for one in jonas.messages() if QUESTION in words(one))
        branches = options(taps(jonas, tap, question), BRANCH)
        jonas.closes()
        view = more(jonas, tap, question)
        seen[tap] = (branches, options(view, FROM_HERE), words(view))
        jonas.closes()
    assert len({tuple(branch) for branch, _, _ in seen.values()}) == 3
    assert len({tuple(after) for _, after, _ in seen.values()}) == 1
    assert [len(branch) for branch, _, _ in seen.values()] == [len(Pick) // 2, len(BARRIERS), len(Pick) // 2]
    assert len(ballots(journey)) == 1  # tapping again answers anew, in the same place
    assert all("turn to Noor Rahman" in page for _, _, page in seen.values())


@pytest.mark.parametrize("tap", TAPS)
def test_every_branch_of_the_help_has_words_of_its_own_and_can_be_kept(
    journey: Journey, jonas: Person, tap: str
) -> None:
    question = jonas.reads(QUESTION)
    pages = set()
    choices = options(taps(jonas, tap, question), BRANCH)
    jonas.closes()
    for choice in choices:
        view = jonas.chooses(taps(jonas, tap, question), BRANCH, choice)
        assert "turn to Noor Rahman" in words(view)
        pages.add(words(view))
        jonas.closes()
    assert len(pages) == len(choices)
    view = more(jonas, tap, question)
    assert jonas.submits(view, response="ask her to go on")["response_action"] == "update"
    settled = words(jonas.modal("Thank you"))
    assert "then I will ask her to go on." in settled
    assert "turn to Noor Rahman" in settled
    assert [len(sealed) for _, _, sealed in ballots(journey)] == [80]
    jonas.closes()
    assert "then I will ask her to go on." in jonas.asks("/allybot plans")


def test_the_confirmation_is_the_same_byte_for_byte_whichever_tap_it_was(journey: Journey) -> None:
    people = journey.people[:2]
    for person in people:
        person.begins()
        person.writes_plan("a colleague is talked over", "ask her to finish")
    journey.go_to(1, 15)
    for person, tap in zip(people, ("I did it", "No moment yet"), strict=True):
        view = taps(person, tap)
        assert person.submits(view)["response_action"] == "clear"
        person.closes()
    journey.run_worker()
    updates = [each["args"] for each in journey.calls("chat.update") if "Thank you for" in str(each["args"])]
    assert len(updates) == 2
    own = {person.user: next(iter(check_in_ids(journey, person))) for person in people}
    bare = set()
    for update in updates:
        page = str({name: update[name] for name in ("text", "blocks", "metadata") if name in update})
        for check_in in own.values():
            page = page.replace(check_in, "ID")
        bare.add(page)
    assert len(bare) == 1


def check_in_ids(journey: Journey, person: Person) -> list[str]:
    """The ids of somebody's check-ins."""
    with journey.context.database.reading() as tx:
        rows = tx.execute(
            text(
                "SELECT check_in.id FROM check_in JOIN trainee ON trainee.id = check_in.trainee_id"
                " WHERE trainee.slack_user = :user"
            ),
            {"user": person.user},
        )
        return [row[0] for row in rows]


def test_the_question_becomes_the_confirmation_and_the_answer_can_be_changed(
    journey: Journey, jonas: Person
) -> None:
    taps(jonas, "I did it")
    jonas.closes()
    journey.run_worker()
    confirmation = jonas.reads("sealed")
    assert QUESTION not in said(jonas)
    assert labels(confirmation) == ["Change my answer", "All my plans"]
    (before,) = ballots(journey)
    jonas.presses("Change my answer")
    view = jonas.modal("Change my answer")
    assert options(view, "answer") == list(TAPS)
    assert stands_in(view, "answer") == ""
    assert "turn to Noor Rahman" in words(view)
    assert jonas.submits(view, answer="No moment yet")["response_action"] == "update"
    assert jonas.modal("Your check-in")
    (after,) = ballots(journey)
    assert before[:2] == after[:2]
    assert before[2] != after[2]
    jonas.closes()
    shown = words(confirmation)
    journey.run_worker()
    assert words(jonas.reads("sealed")) == shown


def test_a_tap_delivered_three_times_is_one_answer(journey: Journey, jonas: Person) -> None:
    journey.remote.post("deliveries", copies=3, kinds=["interactive"])
    taps(jonas, "I did it")
    journey.remote.post("deliveries", copies=1)
    journey.settle()
    journey.run_worker()
    assert len(ballots(journey)) == 1
    assert said(jonas).count("Change my answer") == 1


def test_not_today_asks_again_on_the_next_working_day(journey: Journey, jonas: Person) -> None:
    jonas.presses("Tomorrow")
    jonas.presses("Tomorrow", jonas.reads(QUESTION))
    assert "asked again on Friday 16 January" in words(jonas.reads("asked again"))
    assert ballots(journey) == []
    journey.go_to(1, 16)
    again = jonas.reads(QUESTION)
    assert "as you asked" in words(again)
    assert PLAN in words(again)
    taps(jonas, "I did it", again)
    journey.run_worker()
    assert QUESTION not in said(jonas)  # both are confirmed
    journey.go_to(1, 19)
    assert QUESTION not in said(jonas)


def test_later_today_asks_again_the_same_day_and_after_hours_on_the_next(
    journey: Journey, jonas: Person
) -> None:
    jonas.presses("Later today")
    assert "asked again on Thursday 15 January at about 14" in words(jonas.reads("asked again"))
    journey.go_to(1, 15, 13)
    assert "as you asked" not in said(jonas)
    journey.go_to(1, 15, 15)
    again = jonas.reads(QUESTION)
    assert "as you asked" in words(again)
    jonas.presses("Later today", again)
    assert "asked again on Friday 16 January" in words(jonas.reads("Friday"))


def test_next_week_gives_way_to_the_next_check_in_and_names_its_day(journey: Journey, jonas: Person) -> None:
    jonas.presses("Next week")
    answer = words(jonas.reads("The buttons above stay"))
    assert "The next check-in comes on Thursday 22 January" in answer
    journey.go_to(1, 22)
    assert "as you asked" not in said(jonas)


def test_silence_brings_one_follow_up_and_then_none(journey: Journey, jonas: Person) -> None:
    for day in (16, 19, 20, 21):
        journey.go_to(1, day)
    questions = [one for one in jonas.messages() if QUESTION in words(one)]
    assert len(questions) == 2
    assert "only this once more" in words(questions[1])


def test_ask_less_often_leaves_out_every_other_step(journey: Journey, jonas: Person) -> None:
    view = more(jonas, "I did it")
    slower = next(each for each in options(view, FROM_HERE) if "less often" in each)
    assert jonas.submits(view, **{FROM_HERE: slower})["response_action"] == "update"
    assert "asked less often" in words(jonas.modal("Thank you"))
    jonas.closes()
    journey.run_worker()
    journey.go_to(1, 22)
    assert QUESTION not in said(jonas)
    journey.go_to(1, 27)
    assert jonas.reads(QUESTION)


def test_stop_in_the_help_ends_the_check_ins(journey: Journey, jonas: Person) -> None:
    view = more(jonas, "No moment yet")
    assert jonas.submits(view, **{FROM_HERE: "No more check-ins"})["response_action"] == "update"
    jonas.closes()
    journey.run_worker()
    journey.go_to(1, 22)
    journey.go_to(1, 29)
    assert QUESTION not in said(jonas)
    assert PLAN in jonas.asks("/allybot plans")


def test_a_past_date_in_the_help_is_sent_back_and_nothing_is_lost(jonas: Person) -> None:
    view = more(jonas, "No moment yet")
    answer = jonas.submits(view, response="ask her to go on", **{MOMENT: date(2026, 1, 14)})
    assert answer["response_action"] == "errors"
    assert "past" in next(iter(answer["errors"].values()))
    still = jonas.modal("Your check-in")
    assert stands_in(still, "response") == "ask her to go on"
    assert jonas.submits(still, **{MOMENT: date(2026, 1, 19)})["response_action"] == "update"


def test_an_emptied_or_endless_plan_in_the_help_is_sent_back(jonas: Person) -> None:
    view = more(jonas, "No moment yet")
    for cue, why in ((" ", "Please write when it starts"), ("x" * 301, "That is 301 characters")):
        answer = jonas.submits(view, cue=cue)
        assert answer["response_action"] == "errors"
        assert why in next(iter(answer["errors"].values()))
    assert stands_in(jonas.modal("Your check-in"), "cue") == "x" * 301


def test_a_likely_moment_named_in_the_help_is_kept(jonas: Person) -> None:
    view = more(jonas, "No moment yet")
    assert jonas.submits(view, **{MOMENT: date(2026, 1, 22)})["response_action"] == "update"
    jonas.closes()
    assert "You expect the moment on Thursday 22 January" in words(jonas.home("Your plan in focus"))


def test_pause_resume_and_stop_by_command(journey: Journey, jonas: Person) -> None:
    assert "Paused until 29 January 2026" in jonas.asks("/allybot pause 2 weeks")
    journey.go_to(1, 22)
    assert "next check-in comes on" in jonas.asks("/allybot resume")
    assert "Paused until 5 February 2026" in jonas.asks("/allybot pause until 5 Feb")
    assert "lies in the past" in jonas.asks("/allybot pause until 1 Jan 2020")
    assert "did not understand “a bit <!channel>”" in jonas.asks("/allybot pause a bit <!channel>").replace(
        "&lt;", "<"
    ).replace("&gt;", ">")
    before = len(jonas.messages())
    journey.go_to(1, 29)
    assert [one for one in jonas.messages()[before:] if QUESTION in words(one)] == []
    assert "No more check-ins" in jonas.asks("/allybot stop")
    assert "No more check-ins" in jonas.asks("/allybot stop")
    journey.go_to(2, 10)
    assert [one for one in jonas.messages()[before:] if QUESTION in words(one)] == []
    assert "Good to have you back" in jonas.asks("/allybot resume")


def test_a_pause_by_button_ends_by_itself(journey: Journey, jonas: Person) -> None:
    taps(jonas, "I did it")
    jonas.closes()
    offer = journey.answer_to(jonas, "I am on holiday")
    assert labels(offer) == ["Pause for two weeks", "Pause until I come back", "Stop the check-ins"]
    jonas.presses("Pause for two weeks")
    assert "Paused until 29 January 2026" in words(jonas.reads("Paused until"))
    jonas.presses("Resume check-ins")
    assert jonas.reads("Good to have you back")
    jonas.presses("Pause for two weeks", journey.answer_to(jonas, "I am on holiday"))
    journey.go_to(1, 22)
    assert QUESTION not in said(jonas)
    journey.go_to(1, 29)
    journey.go_to(2, 5)
    assert jonas.reads(QUESTION)


def test_the_last_step_is_a_re_plan_and_then_a_goodbye_says_what_goes_when(journey: Journey) -> None:
    jonas = asked(journey, 0)
    slots: set[int] = set()
    for _ in range(12):
        if QUESTION in said(jonas):
            taps(jonas, "I did it")
            jonas.closes()
        slots |= {slot for _, slot, _ in ballots(journey)}
        journey.pass_days(7)
    assert slots == {3, 10, 17, 28, 42, 56, 70}
    replan = jonas.reads("This is a good day to look at yours again")
    assert labels(replan)[:2] == ["My notes", "Mend this plan"]
    jonas.presses("Keep things as they are", replan)
    journey.run_worker()
    assert jonas.reads("Kept as they are")
    journey.go_to(4, 16)
    goodbye = words(jonas.reads("no more check-ins will come"))
    assert "deleted on" in goodbye
    assert "turn to Noor Rahman" in goodbye
