"""The first minute: how few taps lead to a kept plan, counted as a person makes them."""

from tests.journeys.conftest import CIRCLE, Journey, StartJourney
from tests.journeys.people import Person, labels, words


class Fingers:
    """Presses for a person and counts the taps."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.taps = 0

    def press(self, label: str, message: dict | None = None) -> None:
        self.taps += 1
        self.person.presses(label, message)

    def send(self, view: dict) -> None:
        self.taps += 1
        assert self.person.submits(view)["response_action"] == "update"

    def close(self) -> None:
        self.taps += 1
        self.person.closes()


def examples(person: Person) -> list[dict]:
    """The first message about plans, once per example, with that example alone."""
    message = person.reads("do you remember best")
    return [
        {**message, "blocks": [block]}
        for block in message["blocks"]
        if "Use this" in labels({"blocks": [block]})
    ]


def test_an_example_is_a_kept_plan_after_two_taps(journey: Journey, jonas: Person) -> None:
    jonas.begins()
    journey.run_worker()
    fingers = Fingers(jonas)
    fingers.press("Use this", examples(jonas)[1])
    view = jonas.modal("Write a plan")
    assert "If a colleague is cut off before finishing a point, then I will say" in words(view)
    fingers.send(view)
    shown = jonas.modal("Your plan")
    assert fingers.taps == 2
    assert "Your plan is kept" in words(shown)
    assert "Write another plan" in labels(shown)
    assert "/allybot" not in words(shown)
    jonas.closes()
    assert "a colleague is cut off" in jonas.asks("/allybot plans")


def test_three_plans_are_kept_within_twelve_taps_of_the_welcome(journey: Journey, jonas: Person) -> None:
    fingers = Fingers(jonas)
    fingers.press("Start")
    journey.run_worker()
    for example in examples(jonas):
        fingers.press("Use this", example)
        fingers.send(jonas.modal("Write a plan"))
        jonas.modal("Your plan")
        fingers.close()
    assert fingers.taps <= 12
    kept = jonas.asks("/allybot plans")
    for cue in ("whether it is my place", "a colleague is cut off", "I sit down to lunch"):
        assert cue in kept


def test_an_example_pressed_twice_is_one_plan(journey: Journey, jonas: Person) -> None:
    jonas.begins()
    journey.run_worker()
    example = examples(jonas)[0]
    jonas.presses("Use this", example)
    jonas.submits(jonas.modal("Write a plan"))
    jonas.modal("Your plan")
    jonas.closes()
    jonas.presses("Use this", example)
    assert "Your plan is kept" in words(jonas.modal("Your plan"))
    jonas.closes()
    assert jonas.asks("/allybot plans").count("whether it is my place") == 1


def test_the_words_of_an_example_can_be_changed_before_it_is_kept(journey: Journey, jonas: Person) -> None:
    jonas.begins()
    journey.run_worker()
    jonas.presses("Use this", examples(jonas)[1])
    view = jonas.goes_back(jonas.modal("Write a plan"))
    view = jonas.goes_on(view, cue="Tomasz cuts Leyla off")
    assert "Is that a name? “A colleague” is safer" in words(view)
    assert jonas.submits(view)["response_action"] == "update"
    assert "If Tomasz cuts Leyla off, then I will say" in words(jonas.modal("Your plan"))


def test_no_form_asks_for_names(jonas: Person) -> None:
    jonas.begins()
    view = jonas.goes_on(jonas.begins_plan())
    assert "with whom" not in words(view)


def test_a_leading_wenn_and_dann_are_not_doubled(jonas: Person) -> None:
    jonas.begins()
    shown = jonas.writes_plan("Wenn eine Kollegin unterbrochen wird", "dann werde ich nachfragen")
    assert "If eine Kollegin unterbrochen wird, then I will nachfragen." in words(shown)


def test_a_yes_on_monday_noon_makes_nobody_a_facilitator(start_journey: StartJourney) -> None:
    journey = start_journey(5)
    late, only = journey.people[0], journey.people[1]
    only.begins()
    journey.go_to(1, 16, 12)
    journey.go_to(1, 19, 12)
    assert "This week runs by itself" in words(only.messages(CIRCLE)[-1])
    late.begins()
    journey.go_to(1, 19, 13)
    journey.go_to(1, 20, 13)
    assert "This week runs by itself" in words(only.messages(CIRCLE)[-1])
    assert not [one for one in late.messages() if "facilitate" in words(one)]
    late.presses("I will facilitate this week", channel=CIRCLE)
    journey.run_worker()
    assert "facilitates this week" in words(only.messages(CIRCLE)[-1])
