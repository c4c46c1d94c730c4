"""`/allybot ask`: a question to the circle without its author, and a plan that is run past it by choice."""

from typing import Any

from sqlalchemy import text

from allybot.demo.workspace import BOT_USER
from tests.journeys.conftest import CIRCLE, Journey, StartJourney
from tests.journeys.people import Person, labels, options, stands_in, words
from tests.journeys.test_check_ins import PLAN, asked, taps

MODAL = "Ask your circle"
WORDS = "How would you open a talk about who takes the notes?\nIt is always the same two."


def opened(jonas: Person) -> dict[str, Any]:
    jonas.types("/allybot ask")
    return jonas.modal(MODAL)


def previewed(jonas: Person, view: dict[str, Any], **filled: str) -> dict[str, Any]:
    assert jonas.submits(view, **filled)["response_action"] == "update"
    return jonas.modal(MODAL, lambda now: "This is what your circle will read" in words(now))


def posted(jonas: Person) -> dict[str, Any]:
    assert jonas.submits(jonas.modal(MODAL))["response_action"] == "update"
    shown = jonas.modal(MODAL, lambda now: not now.get("submit"))
    jonas.closes()
    return shown


def questions(journey: Journey) -> list[dict[str, Any]]:
    """What the bot has posted in the circle, besides scenarios."""
    return [
        one
        for one in journey.people[0].messages(CIRCLE)
        if any(block.get("block_id") == "circle_question" for block in one.get("blocks") or [])
    ]


def appears(journey: Journey) -> None:
    """The window passes in which a question that was asked at work is posted."""
    journey.pass_hours(3)


def asks(jonas: Person, question: str = WORDS) -> None:
    previewed(jonas, opened(jonas), question=question)
    posted(jonas)


def locked(journey: Journey) -> int:
    with journey.context.database.reading() as tx:
        waiting = text("SELECT count(*) FROM circle_text WHERE state = 'waiting'")
        return int(tx.execute(waiting).scalar_one())


def test_a_question_is_seen_first_and_then_posted_without_its_author(journey: Journey) -> None:
    jonas, other = journey.people[:2]
    jonas.begins()
    view = opened(jonas)
    assert "sees the words, not your name" in words(view)
    assert "People may recognise the situation" in words(view)
    assert "Leave out names" in words(view)
    assert "deletes the text once it is posted" in words(view)
    assert "within three working hours, at a random moment" in words(view)
    assert "turn to Noor Rahman" in words(view)
    shown = previewed(jonas, view, question=WORDS)
    assert "Somebody in this circle asks:" in words(shown)
    assert "> It is always the same two." in words(shown)
    assert questions(journey) == []
    told = words(posted(jonas))
    assert "within the next three hours" in told
    assert "left to chance" in told
    appears(journey)
    (post,) = questions(journey)
    assert "> How would you open a talk about who takes the notes?\n> It is always the same two." in words(
        post
    )
    assert jonas.user not in str(post["blocks"])
    assert "do not guess" in words(post)
    assert words(post) in map(words, other.messages(CIRCLE))
    journey.run_worker()
    assert locked(journey) == 0


def test_what_is_changed_after_the_preview_is_shown_again_before_it_is_posted(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    shown = previewed(jonas, opened(jonas), question=WORDS)
    changed = previewed(jonas, shown, question="And who takes them?")
    assert "> And who takes them?" in words(changed)
    posted(jonas)
    appears(journey)
    (post,) = questions(journey)
    assert "And who takes them?" in words(post)
    assert "same two" not in words(post)


def test_one_a_day_and_nothing_empty_or_endless(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    view = opened(jonas)
    for typed, why in ((" ", "Please write"), ("x" * 1001, "That is 1001 characters")):
        answer = jonas.submits(view, question=typed)
        assert why in next(iter(answer["errors"].values()))
    previewed(jonas, jonas.modal(MODAL), question=WORDS)
    posted(jonas)
    assert "You have asked your circle already" in jonas.asks("/allybot ask")
    journey.pass_days(1)
    assert opened(jonas)


def test_sent_in_three_copies_it_is_one_question(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    previewed(jonas, opened(jonas), question=WORDS)
    journey.remote.post("deliveries", copies=3, kinds=["interactive"])
    jonas.submits(jonas.modal(MODAL))
    journey.remote.post("deliveries", copies=1)
    journey.settle()
    appears(journey)
    assert len(questions(journey)) == 1


def test_at_night_it_waits_for_the_morning_and_a_restart_loses_nothing(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    journey.go_to(1, 16, 22)
    previewed(jonas, opened(jonas), question=WORDS)
    shown = words(posted(jonas))
    assert "on Monday 19 January between 09:00 and 12:00" in shown
    journey.run_worker()
    assert questions(journey) == []
    jonas.types("/allybot my-data")
    assert WORDS.partition("\n")[0] in words(jonas.reads("Your question to the circle, not posted yet"))
    journey.restart()
    journey.go_to(1, 19, 12)
    assert len(questions(journey)) == 1


def test_the_help_leads_to_the_circle_with_his_plan_and_back_again(journey: Journey) -> None:
    jonas = asked(journey, 0)
    view = taps(jonas, "A moment came, I did not")
    unsure = next(each for each in options(view, "check_in.branch") if "how" in each)
    jonas.chooses(view, "check_in.branch", unsure)
    jonas.presses_in_modal("Run it past my circle")
    form = jonas.modal(MODAL)
    assert stands_in(form, "question").startswith(f"My plan: {PLAN}")
    assert options(form, "name") == ["Without my name", "With my name"]
    assert stands_in(form, "name") == "Without my name"
    previewed(jonas, form)
    posted(jonas)
    appears(journey)
    (post,) = questions(journey)
    assert jonas.user not in str(post["blocks"])
    assert f"> My plan: {PLAN}" in words(post)
    back = jonas.modal("Your check-in")
    assert options(back, "check_in.way")
    assert jonas.submits(back)["response_action"] == "clear"


def test_after_every_answer_the_circle_can_be_asked(journey: Journey) -> None:
    jonas = asked(journey, 0)
    question = jonas.reads("did the moment of your plan")
    for tap in ("I did it", "A moment came, I did not", "No moment yet"):
        assert "Run it past my circle" in labels(taps(jonas, tap, question))
        jonas.closes()


def test_from_home_a_plan_is_shared_with_his_name_if_he_wants(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    jonas.home("Your ally circle meets in")
    jonas.presses_under_more("Run it past my circle")
    form = jonas.modal(MODAL)
    assert "your name only if you choose so below" in words(form)
    shown = previewed(jonas, form, name="With my name")
    assert "You, by name, ask:" in words(shown)
    posted(jonas)
    appears(journey)
    assert f"<@{jonas.user}> asks the circle:" in words(questions(journey)[0])


def test_from_home_a_question_is_asked_too(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    jonas.home("Your ally circle meets in")
    jonas.presses_at_home("Ask the circle")
    form = jonas.modal(MODAL)
    assert stands_in(form, "question") == ""
    assert "name" not in [block.get("block_id") for block in form["blocks"]]


def test_who_cannot_ask_is_told_why(journey: Journey) -> None:
    jonas = journey.people[0]
    assert "once you have said yes" in jonas.asks("/allybot ask")
    assert "not on its list" in journey.leyla.asks("/allybot ask")
    jonas.begins()
    journey.remote.post("archive", channel=CIRCLE)
    journey.settle()
    assert "posts nothing in your circle just now" in jonas.asks("/allybot ask")


def test_a_circle_gets_a_few_a_week_and_no_more(start_journey: StartJourney) -> None:
    journey = start_journey(4)
    for person in journey.people:
        person.begins()
    for person in journey.people[:3]:
        previewed(person, opened(person), question=WORDS)
        posted(person)
    appears(journey)
    assert len(questions(journey)) == 3
    assert "a few questions this week already" in journey.people[3].asks("/allybot ask")


def test_it_is_not_there_at_once_and_then_it_comes_within_working_hours(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    journey.go_to(1, 12, 17)  # an hour before the end of the day
    asks(jonas)
    journey.run_worker()
    assert questions(journey) == []
    came = []
    for day, hour in [(12, 18), (12, 19), (12, 23), (13, 5), (13, 9), (13, 10), (13, 11)]:
        before = len(questions(journey))
        journey.go_to(1, day, hour)
        came += [(day, hour)] * (len(questions(journey)) - before)
    assert len(came) == 1
    assert came[0] in {(12, 18), (13, 10), (13, 11)}


def test_a_question_that_cannot_be_posted_is_told_its_author_and_nobody_else(journey: Journey) -> None:
    jonas, other = journey.people
    jonas.begins()
    other.begins()
    asks(jonas)
    heard = len(other.messages())
    journey.remote.post("archive", channel=CIRCLE)
    appears(journey)
    journey.restart()
    journey.run_worker()
    message = words(jonas.reads("could not be posted"))
    assert "Nobody there has read it" in message
    assert "is closed to allybot" in message
    assert "turn to Noor Rahman" in message
    assert locked(journey) == 0
    assert not any("could not be posted" in words(one) for one in other.messages()[heard:])
    journey.run_worker()
    assert sum("could not be posted" in words(one) for one in jonas.messages()) == 1
    assert "posts nothing in your circle just now" in jonas.asks("/allybot ask")


def test_the_bot_taken_out_of_the_circle_is_told_too(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    asks(jonas)
    journey.remote.post("kick", channel=CIRCLE, user=BOT_USER)
    appears(journey)
    journey.run_worker()
    assert jonas.reads("could not be posted")


def test_who_is_forgotten_while_a_question_waits_is_never_quoted(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    asks(jonas)
    assert locked(journey) == 1
    jonas.asks("/allybot forget-me")
    jonas.presses("Forget me now")
    jonas.reads("Done. allybot has forgotten you.")
    assert locked(journey) == 0
    journey.restart()
    appears(journey)
    journey.pass_days(7)
    assert questions(journey) == []
