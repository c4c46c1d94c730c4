"""The buttons under a question in the circle: adding something in its thread, marking it as answered."""

from typing import Any

from tests.journeys.conftest import CIRCLE, Journey
from tests.journeys.people import Person, labels, options, stands_in, words
from tests.journeys.test_ask import WORDS, appears, asks, previewed, questions
from tests.journeys.test_ask import posted as sends_it

MODAL = "I would add"
LINE = "Ask them to take turns."
UNNAMED, NAMED = "Somebody of us would add:", "would add:"


def with_a_question(journey: Journey) -> tuple[Person, Person, dict[str, Any]]:
    """Who asked, somebody else, and the question as it stands in the channel."""
    jonas, other = journey.people[:2]
    jonas.begins()
    other.begins()
    asks(jonas)
    appears(journey)
    journey.run_worker()
    (post,) = questions(journey)
    return jonas, other, post


def opens(person: Person) -> dict[str, Any]:
    person.presses(MODAL, channel=CIRCLE)
    return person.modal(MODAL)


def adds(person: Person, **filled: str) -> str:
    """Write it, see it and send it; what the modal says then."""
    view = opens(person)
    assert person.submits(view, question=LINE, **filled)["response_action"] == "update"
    person.modal(MODAL, lambda now: "This is what your circle will read in the thread" in words(now))
    assert person.submits(person.modal(MODAL))["response_action"] == "update"
    shown = words(person.modal(MODAL, lambda now: not now.get("submit")))
    person.closes()
    return shown


def answers(journey: Journey) -> list[dict[str, Any]]:
    """What the bot has posted for members in the question's thread."""
    (post,) = questions(journey)
    return [
        one
        for one in journey.people[0].thread(post, CIRCLE)
        if any(block.get("block_id") == "circle_answer" for block in one.get("blocks") or [])
    ]


def heard(person: Person, part: str) -> int:
    return sum(part in words(one) for one in person.messages())


def test_an_answer_is_seen_first_and_then_stands_in_the_thread_without_a_name(journey: Journey) -> None:
    jonas, other, post = with_a_question(journey)
    assert labels(post) == [MODAL, "Mark as answered"]
    view = opens(other)
    assert "your name only if you choose so below" in words(view)
    assert "Without your name it appears within three working hours" in words(view)
    assert options(view, "name") == ["Without my name", "With my name"]
    assert stands_in(view, "name") == "Without my name"
    assert "Please write a few words" in next(iter(other.submits(view, question=" ")["errors"].values()))
    other.closes()
    told = adds(other)
    assert "within the next three hours" in told
    assert "left to chance" in told
    journey.run_worker()
    assert answers(journey) == []
    journey.restart()
    appears(journey)
    (answer,) = answers(journey)
    assert UNNAMED in words(answer)
    assert f"> {LINE}" in words(answer)
    assert other.user not in str(answer["blocks"])
    assert heard(jonas, "as answered") == 0


def test_with_the_name_it_is_in_the_thread_at_once(journey: Journey) -> None:
    _, other, _ = with_a_question(journey)
    assert "It appears in" in adds(other, name="With my name")
    journey.run_worker()
    (answer,) = answers(journey)
    assert f"<@{other.user}> would add:" in words(answer)


def test_sent_in_three_copies_it_is_one_answer(journey: Journey) -> None:
    _, other, _ = with_a_question(journey)
    view = opens(other)
    other.submits(view, question=LINE, name="With my name")
    other.modal(MODAL, lambda now: "This is what your circle will read" in words(now))
    journey.remote.post("deliveries", copies=3, kinds=["interactive"])
    other.submits(other.modal(MODAL))
    journey.remote.post("deliveries", copies=1)
    journey.settle()
    journey.run_worker()
    assert len(answers(journey)) == 1


def test_marked_as_answered_the_post_says_so_and_who_asked_is_told_once(journey: Journey) -> None:
    jonas, other, _ = with_a_question(journey)
    before = heard(other, "as answered")
    other.presses("Mark as answered", channel=CIRCLE)
    assert "not by whom" in words(other.reads("Marked as answered", CIRCLE))
    journey.settle()
    (post,) = questions(journey)
    assert labels(post) == [MODAL]
    assert "Somebody marked this as answered. There is room for more." in words(post)
    assert "> How would you open a talk about who takes the notes?\n> It is always the same two." in words(
        post
    )
    assert other.user not in str(post["blocks"])
    journey.restart()
    journey.run_worker()
    message = words(jonas.reads("marked your question as answered"))
    assert WORDS.partition("\n")[0] not in message
    assert other.user not in message
    assert heard(other, "as answered") == before
    journey.pass_days(1)
    assert heard(jonas, "marked your question as answered") == 1
    assert "It appears in" in adds(other)


def test_two_who_press_before_the_post_has_changed_are_one_mark(journey: Journey) -> None:
    jonas, other, _ = with_a_question(journey)
    journey.remote.post("faults", method="chat.update", mode="server_error")
    other.presses("Mark as answered", channel=CIRCLE)
    other.reads("Marked as answered", CIRCLE)
    journey.settle()
    assert labels(questions(journey)[0]) == [MODAL, "Mark as answered"]
    jonas.presses("Mark as answered", channel=CIRCLE)
    assert jonas.reads("Somebody has marked this as answered already", CIRCLE)
    journey.settle()
    assert labels(questions(journey)[0]) == [MODAL]
    journey.run_worker()
    assert heard(jonas, "marked your question as answered") == 1


def test_who_asked_may_mark_it_and_is_told_like_anybody(journey: Journey) -> None:
    jonas, other, _ = with_a_question(journey)
    jonas.presses("Mark as answered", channel=CIRCLE)
    assert "not by whom" in words(jonas.reads("Marked as answered", CIRCLE))
    journey.settle()
    journey.run_worker()
    assert heard(jonas, "marked your question as answered") == 1
    assert heard(other, "marked your question as answered") == 0


def test_marked_in_the_evening_the_word_comes_in_working_hours(journey: Journey) -> None:
    jonas, other, _ = with_a_question(journey)
    journey.go_to(1, 13, 22)
    other.presses("Mark as answered", channel=CIRCLE)
    journey.settle()
    journey.run_worker()
    assert heard(jonas, "marked your question as answered") == 0
    journey.go_to(1, 14, 11)
    assert heard(jonas, "marked your question as answered") == 1


def test_a_plan_with_its_owners_name_is_answered_alike(journey: Journey) -> None:
    jonas, other = journey.people[:2]
    jonas.begins()
    other.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    jonas.home("Your ally circle meets in")
    jonas.presses_under_more("Run it past my circle")
    previewed(jonas, jonas.modal("Ask your circle"), name="With my name")
    sends_it(jonas)
    appears(journey)
    journey.run_worker()
    other.presses("Mark as answered", channel=CIRCLE)
    journey.settle()
    (post,) = questions(journey)
    assert f"<@{jonas.user}> asks the circle:" in words(post)
    assert "without the author's name" not in words(post)
    journey.run_worker()
    assert heard(jonas, "marked your question as answered") == 1


def test_an_answer_that_cannot_be_posted_is_told_its_author_alone(journey: Journey) -> None:
    jonas, other, _ = with_a_question(journey)
    adds(other)
    journey.remote.post("archive", channel=CIRCLE)
    appears(journey)
    journey.run_worker()
    message = words(other.reads("What you would add to a question could not be posted"))
    assert "is closed to allybot" in message
    assert "turn to Noor Rahman" in message
    assert LINE not in message
    assert heard(jonas, "could not be posted") == 0


def test_who_is_not_in_the_circle_can_do_neither(journey: Journey) -> None:
    with_a_question(journey)
    journey.remote.post("invite", channel=CIRCLE, user=journey.leyla.user)
    journey.leyla.presses("Mark as answered", channel=CIRCLE)
    assert journey.leyla.reads("Only the members of its circle can do that", CIRCLE)
    journey.leyla.presses(MODAL, channel=CIRCLE)
    journey.settle()
    assert journey.leyla.has_no_modal()
    assert labels(questions(journey)[0]) == [MODAL, "Mark as answered"]


def test_after_two_weeks_the_thread_is_left_and_nothing_says_whose_it_was(journey: Journey) -> None:
    jonas, other, _ = with_a_question(journey)
    assert "That a question in your circle is yours: encrypted" in jonas.asks("/allybot my-data")
    journey.pass_days(15)
    journey.run_worker()
    other.presses("Mark as answered", channel=CIRCLE)
    assert other.reads("only for a while after it was posted", CIRCLE)
    assert "That a question in your circle" not in jonas.asks("/allybot my-data")


def test_who_asked_and_is_forgotten_is_told_nothing_and_the_question_stays(journey: Journey) -> None:
    jonas, other, _ = with_a_question(journey)
    jonas.asks("/allybot forget-me")
    jonas.presses("Forget me now")
    jonas.reads("Done. allybot has forgotten you.")
    before = len(jonas.messages())
    other.presses("Mark as answered", channel=CIRCLE)
    journey.settle()
    journey.run_worker()
    assert len(jonas.messages()) == before
