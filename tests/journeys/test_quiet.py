"""Quiet days and an hour of one's own: nothing comes on them, and nothing is lost."""

from datetime import date, timedelta

from tests.journeys.conftest import Journey
from tests.journeys.people import Person, options, stands_in, words
from tests.journeys.test_check_ins import QUESTION

MODAL = "Quiet days and hour"


def chooses(jonas: Person, *days: str, hour: str = "") -> dict:
    """They open the modal on the Home tab and choose; the page that shows the choice."""
    jonas.home("Next check-in")
    jonas.presses_under_more(MODAL)
    view = jonas.modal(MODAL)
    more = {"check_in_hour": hour} if hour else {}
    assert jonas.submits(view, quiet_days=list(days), **more)["response_action"] == "update"
    shown = jonas.modal(MODAL, lambda view: not view.get("submit"))
    jonas.closes()
    return shown


def begins(journey: Journey) -> Person:
    jonas = journey.people[0]
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    return jonas


def test_quiet_days_are_chosen_at_home_and_shown_there(journey: Journey) -> None:
    jonas = begins(journey)
    jonas.home("Next check-in: Thursday 15 January at about 10")
    jonas.presses_under_more(MODAL)
    view = jonas.modal(MODAL)
    assert options(view, "quiet_days") == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert stands_in(view, "quiet_days") == ""
    assert stands_in(view, "check_in_hour") == "As usual, at about 10:00"
    assert "What would have come waits for the next day" in words(view)
    assert "Slack can mute a channel" in words(view)
    assert "turn to Noor Rahman" in words(view)
    jonas.closes()
    shown = words(chooses(jonas, "Thursday", "Friday", hour="At about 14:00"))
    assert "Quiet days: Thursday and Friday." in shown
    assert "Check-ins come at about 14:00." in shown
    assert "comes on Tuesday 20 January" in shown
    home = words(jonas.looks_at_home("Quiet days: Thursday and Friday."))
    assert "Next check-in: Tuesday 20 January at about 14" in home
    jonas.presses_under_more(MODAL)
    again = jonas.modal(MODAL, lambda view: bool(view.get("submit")))
    assert stands_in(again, "quiet_days") == "Thursday, Friday"
    assert stands_in(again, "check_in_hour") == "At about 14:00"


def test_nothing_comes_on_a_quiet_day_and_what_would_have_comes_later(journey: Journey) -> None:
    jonas = begins(journey)
    chooses(jonas, "Thursday", hour="At about 09:00")
    journey.run_worker()
    seen: list[date] = []
    for day in range(30):
        at = date(2026, 1, 13) + timedelta(days=day)
        before = len(jonas.messages())
        journey.go_to(at.month, at.day, 7)
        journey.go_to(at.month, at.day, 16)
        seen += [at] * (len(jonas.messages()) - before)
    assert [day for day in seen if day.weekday() == 3] == []
    assert len(seen) == len(set(seen))
    questions = [one for one in jonas.messages() if QUESTION in words(one)]
    assert len(questions) == 4  # two steps, each followed up once
    assert jonas.reads("From here on they come less often.")


def test_not_every_day_can_be_quiet_and_nothing_is_lost(journey: Journey) -> None:
    jonas = begins(journey)
    jonas.home("Next check-in")
    jonas.presses_under_more(MODAL)
    view = jonas.modal(MODAL)
    answer = jonas.submits(view, quiet_days=options(view, "quiet_days"))
    assert list(answer["errors"].values()) == [
        "Please leave at least one day. For silence on all of them there is `/allybot pause`."
    ]
    still = jonas.modal(MODAL)
    assert stands_in(still, "quiet_days").count(",") == 4
    assert jonas.submits(still, quiet_days=["Monday"])["response_action"] == "update"


def test_the_pause_offers_them_too(journey: Journey) -> None:
    jonas = begins(journey)
    assert "Paused until" in jonas.asks("/allybot pause 2 weeks")
    jonas.presses(MODAL)
    view = jonas.modal(MODAL)
    assert jonas.submits(view, quiet_days=["Tuesday"])["response_action"] == "update"
    shown = words(jonas.modal(MODAL, lambda view: not view.get("submit")))
    assert "Quiet days: Tuesday." in shown
    assert "next check-in" not in shown


def test_a_restart_forgets_no_quiet_day(journey: Journey) -> None:
    jonas = begins(journey)
    chooses(jonas, "Thursday")
    journey.restart()
    journey.go_to(1, 15)
    assert QUESTION not in "\n".join(words(one) for one in jonas.messages())
    assert "Quiet days: Thursday." in words(jonas.home("Quiet days"))
    journey.go_to(1, 20)
    assert jonas.reads(QUESTION)
    jonas.types("/allybot my-data")
    assert "Quiet days: Thursday." in words(jonas.reads("Who you are to allybot"))
