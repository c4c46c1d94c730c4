"""A circle rests when its channel is opened to others than those its members agreed to."""

import os
from collections.abc import Callable, Iterator

import pytest

from allybot.store import tables
from tests.journeys.conftest import CIRCLE, Journey, StartJourney
from tests.journeys.people import Person, until, words
from tests.journeys.shapes import ORGANISATION, PARTNER, SHARED, WEST, ShapedJourney

shared_later = pytest.mark.skipif(
    os.environ.get("ALLYBOT_TEST_SHAPE") == "a shared channel", reason="the channel is shared from the start"
)


def rests(person: Person) -> str:
    """What a member is told."""
    return words(person.reads("rests: its channel"))


def told(person: Person) -> list[str]:
    """Everything they were told about a circle that rests."""
    return [words(one) for one in person.messages() if "rests: its channel" in words(one)]


def a_vote_is_cast(start_journey: StartJourney) -> Journey:
    """Three of four said yes, one no thanks; it is Monday, and one has voted."""
    journey = start_journey(4)
    *yes, last = journey.people
    for person in yes:
        person.begins()
    last.presses("No thanks")
    journey.go_to(1, 19, 12)
    yes[0].presses("Vote A", journey.people[0].messages(CIRCLE)[-1], CIRCLE)
    assert yes[0].reads("Your vote is sealed", CIRCLE)
    return journey


def votes(journey: Journey) -> int:
    """Sealed votes that are stored."""
    with journey.context.database.reading() as tx:
        return len(list(tx.execute(tables.vote.select())))


def all_are_told(journey: Journey, how: str) -> None:
    """Whoever takes part and the lead were told once; who said no was not; nothing more is posted."""
    *yes, last = journey.people
    posts = len(yes[0].messages(CIRCLE))
    for _ in range(2):
        journey.run_worker()
    for person in yes:
        assert how in rests(person)
        assert "deleted unread" in rests(person)
        assert len(told(person)) == 1
    assert told(last) == []
    assert how in words(journey.lead.reads("its members only" if "public" in how else "read along now"))
    assert len(told(journey.lead)) == 1
    assert votes(journey) == 0
    journey.go_to(2, 2, 12)
    assert len(yes[0].messages(CIRCLE)) == posts


@shared_later
def test_a_channel_that_is_shared_with_another_organisation(start_journey: StartJourney) -> None:
    journey = a_vote_is_cast(start_journey)
    assert votes(journey) == 1
    journey.remote.post("share-channel", channel=CIRCLE, **{"with": PARTNER})
    until(lambda: votes(journey) == 0, "the circle to rest")
    all_are_told(journey, "shared with another organisation")


NEW = "C0SHAREDNOW"
"""The id that Slack gives a private channel when it is first shared with another organisation."""


def goes_on(person: Person) -> list[str]:
    """Everything they were told about a circle that goes on."""
    return [words(one) for one in person.messages() if "goes on: its channel" in words(one)]


@shared_later
def test_a_circle_follows_its_channel_to_its_new_id_and_goes_on_when_the_sharing_ends(
    start_journey: StartJourney,
) -> None:
    journey = a_vote_is_cast(start_journey)
    first, *_, last = journey.people
    assert journey.remote.post("share-channel", channel=CIRCLE, new_id=NEW, **{"with": PARTNER})["ok"]
    until(lambda: votes(journey) == 0, "the circle to rest")
    journey.run_worker()
    assert "shared with another organisation" in rests(first)
    assert journey.remote.post("unshare-channel", channel=NEW, **{"with": PARTNER})["ok"]

    def look() -> list[str]:
        journey.run_worker()
        return goes_on(first)

    assert len(until(look, "word that the circle goes on")) == 1
    assert len(goes_on(journey.lead)) == 1
    assert goes_on(last) == []
    journey.go_to(1, 26, 12)
    scenario = first.messages(NEW)[-1]
    assert "This week runs by itself" in words(scenario)
    first.presses("Vote A", scenario, NEW)
    assert first.reads("Your vote is sealed", NEW)
    assert len(told(first)) == 1


@shared_later
def test_a_circle_goes_on_only_once_everybody_has_gone_whom_its_members_did_not_expect(
    start_journey: StartJourney,
) -> None:
    journey = a_vote_is_cast(start_journey)
    first = journey.people[0]
    for other in (PARTNER, "E0THIRD"):
        journey.remote.post(
            "share-channel", channel=NEW if other != PARTNER else CIRCLE, new_id=NEW, **{"with": other}
        )
        journey.settle()
        if other == PARTNER:
            assert votes(journey) == 0
    for other, told_of_it in ((PARTNER, 0), ("E0THIRD", 1)):
        journey.remote.post("unshare-channel", channel=NEW, **{"with": other})
        journey.settle()
        journey.run_worker()
        assert len(goes_on(first)) == told_of_it


def test_a_circle_whose_channel_was_public_stays_at_rest_when_a_sharing_ends(
    start_journey: StartJourney,
) -> None:
    journey = a_vote_is_cast(start_journey)
    journey.remote.post("convert-channel", channel=CIRCLE)
    journey.go_to(1, 22, 13)
    journey.remote.post("convert-channel", channel=CIRCLE, private=True)
    for what in ("share-channel", "unshare-channel"):
        journey.remote.post(what, channel=CIRCLE, new_id=CIRCLE, **{"with": PARTNER})
        journey.settle()
    journey.go_to(1, 26, 12)
    assert goes_on(journey.people[0]) == []


def test_a_channel_that_is_made_public_is_noticed_before_the_next_post(start_journey: StartJourney) -> None:
    journey = a_vote_is_cast(start_journey)
    _, second, *_ = journey.people
    journey.remote.post("convert-channel", channel=CIRCLE)
    posts = len(second.messages(CIRCLE))
    journey.go_to(1, 22, 13)
    assert len(second.messages(CIRCLE)) == posts
    all_are_told(journey, "made public")


StartShaped = Callable[[str, int], ShapedJourney]


@pytest.fixture
def start_shaped(database_url: str, vault_url: str) -> Iterator[StartShaped]:
    """Starts a journey in one of the shapes of Slack."""
    running: list[ShapedJourney] = []

    def start(shape: str, people: int) -> ShapedJourney:
        running.append(ShapedJourney(database_url, vault_url, people, shape, "Socket Mode"))
        return running[-1]

    yield start
    for each in running:
        each.close()


def test_a_circle_that_was_shared_from_the_start_goes_on_until_a_third_joins(
    start_shaped: StartShaped,
) -> None:
    journey = start_shaped(SHARED, 4)
    for person in journey.people:
        person.begins()
    for what in ("unshare-channel", "share-channel"):
        journey.remote.post(what, channel=CIRCLE, **{"with": PARTNER})
    journey.go_to(1, 19, 12)
    assert "This week runs by itself" in words(journey.ours[0].messages(CIRCLE)[-1])
    journey.remote.post("share-channel", channel=CIRCLE, **{"with": "E0THIRD"})

    def look() -> list[str]:
        journey.run_worker()
        return told(journey.others[0])

    assert "shared with another organisation" in until(look, "word of it")[0]


def test_whoever_is_in_a_shared_channel_and_on_no_list_takes_no_part(
    start_shaped: StartShaped,
) -> None:
    journey = start_shaped(SHARED, 4)
    for person in journey.people:
        person.begins()
    journey.remote.post("users", id="U0ELSA", name="elsa", external_team=PARTNER)
    journey.remote.post("invite", channel=CIRCLE, user="U0ELSA")
    elsa = Person(journey.remote, "U0ELSA", "Elsa")
    journey.go_to(1, 19, 12)
    elsa.presses("Vote A", journey.ours[0].messages(CIRCLE)[-1], CIRCLE)
    assert "Nothing was recorded" in words(elsa.reads("Only the members", CIRCLE))
    assert votes(journey) == 0
    assert elsa.messages() == []


def test_another_workspace_of_the_same_organisation_is_no_stranger(
    start_shaped: StartShaped,
) -> None:
    journey = start_shaped(ORGANISATION, 4)
    for person in journey.people:
        person.begins()
    journey.remote.post("share-channel", channel=CIRCLE, **{"with": WEST})
    journey.settle()
    journey.go_to(1, 19, 12)
    assert "This week runs by itself" in words(journey.ours[0].messages(CIRCLE)[-1])
