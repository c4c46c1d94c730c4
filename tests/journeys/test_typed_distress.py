"""Distress and misconduct typed to the bot: a person to talk to, first and large, whoever types."""

import pytest
from sqlalchemy import select

from allybot.domain.trainee import TraineeState
from allybot.store.tables import outbox
from tests.journeys.conftest import CIRCLE, Journey
from tests.journeys.people import Person, labels, words
from tests.journeys.test_check_ins import QUESTION, TAPS, asked, taps
from tests.journeys.test_old_buttons import everything

CONTACT = "Noor Rahman, +49 30 5550 100"
TYPED = (
    "I want to kill myself",
    "a colleague told me she was assaulted at the offsite",
    "Ich kann nicht mehr.",
    "My manager Frank keeps touching Ana\u2019s shoulder and she hates it, what should I do",
    "ich wurde belaestigt",
)
SAID = {
    "en": ("Please talk to", "In danger now?* Call 112", "Nobody was told that you wrote", "stays in Slack"),
    "de": (
        "Bitte sprich mit",
        "Jetzt in Gefahr?* Ruf 112 an",
        "Niemand wurde benachrichtigt",
        "bleibt in Slack",
    ),
}


def test_a_contact_stands_first_and_large_and_no_button_beside_it(journey: Journey) -> None:
    jonas = asked(journey, 0)
    before = everything(journey)
    for typed in TYPED:
        answer = journey.answer_to(jonas, typed)
        first, (please, *more) = answer["blocks"][0], SAID["de" if typed.lower().startswith("ich") else "en"]
        assert (first["type"], first["text"]["text"]) == ("header", f"{please} {CONTACT}"), typed
        assert answer["text"].partition("\n")[2].startswith(f"{please} {CONTACT}")
        assert labels(answer) == []
        assert not answer.get("ephemeral")
        page = words(answer)
        assert all(part in page for part in more), typed
        assert "did not understand" not in page
    assert everything(journey) == before


@pytest.mark.parametrize(("locale", "please"), [("de-DE", "Bitte sprich mit"), ("en-GB", "Please talk to")])
def test_where_no_language_shows_it_is_that_of_their_slack(
    journey: Journey, locale: str, please: str
) -> None:
    jonas = journey.people[0]
    with journey.context.database.transaction() as tx:
        tx.exec_driver_sql(f"UPDATE trainee SET locale = '{locale}'")  # noqa: S608 - ours
    for typed in ("Suizid", "\U0001f62d"):
        header = journey.answer_to(jonas, typed)["blocks"][0]
        assert header["text"]["text"] == f"{please} {CONTACT}", typed


def test_an_open_check_in_keeps_its_own_buttons_in_its_own_message(journey: Journey) -> None:
    jonas = asked(journey, 0)
    journey.answer_to(jonas, TYPED[0])
    question = jonas.reads(QUESTION)
    assert labels(question)[:3] == list(TAPS)
    taps(jonas, TAPS[0], question)


@pytest.mark.parametrize("state", list(TraineeState))
def test_it_is_the_same_in_every_state_of_a_trainee(journey: Journey, state: TraineeState) -> None:
    jonas = journey.people[0]
    with journey.context.database.transaction() as tx:
        tx.exec_driver_sql(f"UPDATE trainee SET state = '{state}'")  # noqa: S608 - ours
    journey.answer_to(jonas, TYPED[1])
    answer = jonas.reads(f"Please talk to {CONTACT}")
    assert words(answer).startswith("Please talk to")
    assert labels(answer) == []


def test_what_may_be_distress_keeps_its_person_to_talk_to_behind_a_command(journey: Journey) -> None:
    jonas = asked(journey, 0)
    for typed in (" /allybot stop, ich mag nicht mehr", "tell the leads that I am so tired of this"):
        assert CONTACT in words(journey.answer_to(jonas, typed)), typed
    for typed in (" /allybot stop", "tell the leads that we need a room"):
        assert CONTACT not in words(journey.answer_to(jonas, typed)), typed


def test_somebody_on_no_list_is_given_the_contact_of_the_only_program_there_is(journey: Journey) -> None:
    journey.remote.post("invite", channel=CIRCLE, user=journey.leyla.user)
    for person in (journey.leyla, journey.lead):
        answer = journey.answer_to(person, TYPED[1])
        assert words(answer).startswith(f"Please talk to {CONTACT}")


def test_where_no_contact_is_known_it_says_somebody_you_trust(journey: Journey) -> None:
    with journey.context.database.transaction() as tx:
        tx.exec_driver_sql("DELETE FROM trainee")
        tx.exec_driver_sql("DELETE FROM lead")
        tx.exec_driver_sql("DELETE FROM program")
    answer = journey.answer_to(journey.leyla, TYPED[0])
    assert words(answer).startswith("Please talk to somebody you trust")
    assert "the emergency number where you are" in words(answer)


def test_what_is_stored_does_not_tell_distress_from_anything_else(journey: Journey) -> None:
    jonas = asked(journey, 0)
    typed = (TYPED[0], "yes I did", "stop", "what a day", "forget me", "who sees this?")
    texts = {journey.answer_to(jonas, each)["text"] for each in typed}
    assert len(texts) == len(typed)
    columns = [
        outbox.c[name]
        for name in ("kind", "about_id", "to_user", "trainee_id", "state", "attempts", "reason")
    ]
    with journey.context.database.reading() as tx:
        found = tx.execute(select(*columns).where(outbox.c.kind == "typed_reply")).all()
    assert len(found) == len(typed)
    assert len(set(found)) == 1


def test_what_waits_to_be_sent_does_not_tell_it_either(journey: Journey) -> None:
    jonas = asked(journey, 0)
    for typed in (TYPED[0], "yes I did", "what a day"):
        jonas.types(typed)
    journey.settle()
    with journey.context.database.reading() as tx:
        waiting = tx.execute(select(outbox.c.about_id).where(outbox.c.kind == "typed_reply")).scalars().all()
    assert len(waiting) == len(set(waiting)) == 3
    assert len({len(about_id) for about_id in waiting}) == 1
    assert not any(word in " ".join(waiting) for word in ("serious", "answer", "unknown"))
    journey.run_worker()
    assert jonas.reads(f"Please talk to {CONTACT}")


def test_forgetting_and_who_sees_it_reach_their_pages(journey: Journey) -> None:
    jonas = asked(journey, 0)
    for typed in ("delete my data", "Forget me!"):
        answer = journey.answer_to(jonas, typed)
        assert labels(answer) == ["Forget me", "What is held about me"], typed
    for typed in ("Lösche meine Daten", "vergiss mich"):
        answer = journey.answer_to(jonas, typed)
        assert labels(answer) == ["Vergiss mich", "Was über mich gespeichert ist"], typed
    jonas.presses("Vergiss mich", answer)
    assert "Forget me now" in labels(jonas.modal("Forget me"))
    jonas.closes()
    assert labels(journey.answer_to(jonas, "wer sieht das?")) == ["Wer was sieht"]
    for typed in ("who sees this", "is this anonymous?", "is my boss seeing this"):
        answer = journey.answer_to(jonas, typed)
        assert "Nobody is shown your answers" in words(answer)
        assert labels(answer) == ["Who sees what"], typed
    jonas.presses("Who sees what", answer)
    assert jonas.modal("Who sees what")


def test_somebody_on_no_list_reaches_them_too(journey: Journey) -> None:
    assert labels(journey.answer_to(journey.leyla, "who sees this")) == ["Who sees what"]
    answer = journey.answer_to(journey.leyla, "delete my data")
    journey.leyla.presses("Forget me", answer)
    assert "There is nothing to forget" in words(journey.leyla.modal("Forget me"))


@pytest.fixture
def undecided(journey: Journey) -> Person:
    """Somebody who has been welcomed and has not answered."""
    return journey.people[0]


def test_before_consent_typed_words_bring_its_buttons(journey: Journey, undecided: Person) -> None:
    for typed in ("yes", "no thanks", "start", "ok"):
        answer = journey.answer_to(undecided, typed)
        assert labels(answer) == ["Start", "Ask me later", "No thanks", "Who sees what"], typed
        assert "check-in" not in words(answer)
    undecided.presses("No thanks", answer)
    journey.run_worker()
    later = journey.answer_to(undecided, "start after all")
    assert labels(later) == ["Start after all", "Who sees what"]
    undecided.presses("Start after all", later)
    journey.run_worker()
    assert undecided.reads("You said yes on")


def test_somebody_at_rest_who_comes_back_is_offered_to_resume(journey: Journey) -> None:
    jonas = asked(journey, 0)
    jonas.asks("/allybot pause")
    for typed in ("I'm back", "resume"):
        assert labels(journey.answer_to(jonas, typed)) == ["Resume check-ins"], typed


def test_a_thumb_is_an_answer_while_a_check_in_waits_and_agrees_otherwise(journey: Journey) -> None:
    jonas = asked(journey, 0)
    assert TAPS[0] in labels(journey.answer_to(jonas, ":+1:"))
    taps(jonas, TAPS[0], jonas.reads(QUESTION))
    jonas.closes()
    journey.run_worker()
    assert "All right" in words(journey.answer_to(jonas, ":+1::skin-tone-2:"))
