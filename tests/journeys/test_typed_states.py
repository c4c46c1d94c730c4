"""Every request that is understood, typed in every state, gets an answer that fits the state."""

from sqlalchemy import update

from allybot.store.tables import trainee
from tests.journeys.conftest import Journey, StartJourney
from tests.journeys.people import Person, labels, until, words
from tests.journeys.test_check_ins import asked

CONTACT = "Noor Rahman"
NOT_YET, NO, YES = "once you have said yes", "To say no, press", "To say yes, press"
NEXT, REST, STOPPED, OVER = (
    "The next check-in comes on",
    "The check-ins rest until 16 February 2026",
    "You have stopped the check-ins",
    "No further check-ins are planned",
)
END, AGAIN = "Shall the check-ins end?", "Shall they come again?"
NOTHING = "No check-in is waiting for you now"
STATES = ("undecided", "asked", "answered", "paused", "stopped", "finished")
EXPECTED: dict[str, tuple[str, ...]] = {
    # typed: what is said in each of the states, in their order
    "start": (YES, "The check-ins are on", "The check-ins are on", AGAIN, AGAIN, "Your plans are still here"),
    "no thanks": (NO, END, END, END, STOPPED, OVER),
    "stop": (NO, END, END, END, STOPPED, OVER),
    "I'm back": (YES, "The check-ins are on", "The check-ins are on", AGAIN, AGAIN, OVER),
    "less often please": (NOT_YET, "come less often?", "come less often?", REST, STOPPED, OVER),
    "tomorrow": ("“Ask me later” asks you once more", "When shall I ask again?", NEXT, REST, STOPPED, OVER),
    "not on Mondays": (NOT_YET, *["Quiet days and hour"] * 5),
    "pause until 12 March": (
        "There is nothing to pause",
        "rest until 12 March 2026?",
        "rest until 12 March 2026?",
        "rest until 12 March 2026?",
        STOPPED,
        OVER,
    ),
    "who sees this?": ("Nobody is shown your answers",) * 6,
    "delete my data": ("at once and for good",) * 6,
    "change my answer": (
        NOT_YET,
        "Here are the buttons of your check-in",
        "You can still change your last answer",
        *["There is no answer to change now"] * 3,
    ),
    "when is the next check-in?": (
        "No check-in is planned",
        "Answer the check-in",
        NEXT,
        REST,
        STOPPED,
        OVER,
    ),
    "what was my plan?": (NOT_YET, *["All my plans"] * 5),
    "my plan is done": (NOT_YET, *["Call it done"] * 5),
    "are you a bot?": ("Yes, I am a bot",) * 6,
    "who is my facilitator?": (NOT_YET, *["Your circle"] * 5),
    "can I talk to a human?": (
        "I am a bot. The last line names a person",
        *["I am a bot. A person to talk to:"] * 5,
    ),
    "I forgot": (
        "Nothing has started yet",
        "it came up, and I forgot",
        "You can still change your last answer",
        *[NOTHING] * 3,
    ),
    "it's not my place": ("Nothing has started yet", "it was not my place", *["All my plans"] * 4),
    "what do I say when someone interrupts her?": (NOT_YET, *["ready lines"] * 5),
    "qwertz uiop asdf": ("I only understand a few words",) * 6,
}
IN_GERMAN = {
    "wer sieht das?": "Deine Antworten und Pläne bekommt niemand zu sehen",
    "bist du ein Bot?": "Ja, ich bin ein Bot",
    "lösche meine Daten": "sofort und endgültig",
}
WITH_CONTACT = ("are you a bot?", "can I talk to a human?", "qwertz uiop asdf")
UNDECIDED = ["Start", "Ask me later", "No thanks", "Who sees what"]


def people_in_each_state(journey: Journey) -> list[Person]:
    """One person for each of `STATES`, in their order."""
    undecided, open_one, answered, paused, stopped, finished = journey.people
    for person in (paused, stopped, finished):
        person.begins()
    answered.begins()
    answered.writes_plan("a colleague is talked over", "ask her to finish")
    asked(journey, journey.people.index(open_one))
    answered.presses("I did it")
    answered.modal("Your check-in")
    answered.closes()
    paused.asks("/allybot pause until 16 Feb")
    stopped.asks("/allybot stop")
    with journey.context.database.transaction() as tx:
        over = {"state": "finished", "next_step": None, "next_check_in_at": None}
        tx.execute(update(trainee).where(trainee.c.slack_user == finished.user).values(over))
    journey.run_worker()
    return [undecided, open_one, answered, paused, stopped, finished]


def answers_to(journey: Journey, people: list[Person], typed: str) -> list[dict]:
    """What the bot says to each of them, who type the same at once."""
    before = [len(person.messages()) for person in people]
    for person in people:
        person.types(typed)

    def look() -> list[dict]:
        journey.run_worker()
        found = [person.messages()[count + 1 :] for person, count in zip(people, before, strict=True)]
        return [each[0] for each in found] if all(found) else []

    return until(look, f"answers to “{typed}”")


def test_every_request_is_answered_as_the_state_has_it(start_journey: StartJourney) -> None:
    journey = start_journey(len(STATES))
    people = people_in_each_state(journey)
    wrong = []
    for typed, expected in EXPECTED.items():
        answers = answers_to(journey, people, typed)
        for state, fragment, answer in zip(STATES, expected, answers, strict=True):
            if fragment not in words(answer):
                wrong.append(f"{typed} / {state}: {words(answer)!r}")
            if typed in WITH_CONTACT:
                assert CONTACT in words(answer), (typed, state)
        if typed not in {"who sees this?", "delete my data"}:
            assert labels(answers[0]) == UNDECIDED, typed
        assert all(answer["ephemeral"] for answer in answers), typed
    assert wrong == [], "\n".join(wrong)
    for typed, fragment in IN_GERMAN.items():
        for state, answer in zip(STATES, answers_to(journey, people, typed), strict=True):
            assert fragment in words(answer), (typed, state)
