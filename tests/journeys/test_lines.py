"""Words to say: anybody finds them by kind and moment, with what they may cost and what is known."""

from allybot.prompts import ids
from tests.journeys.people import Person, labels, options, words


def test_the_lines_for_a_moment_are_two_picks_away(jonas: Person) -> None:
    jonas.types("/allybot lines")
    view = jonas.modal("Words to say")
    view = jonas.chooses(view, ids.LINES_KIND, "Bystander action")
    assert "say that I would like to hear the rest of the point" in options(view, ids.LINES_ENTRY)
    assert "Story: Cut off in mid-sentence" in options(view, ids.LINES_ENTRY)
    view = jonas.chooses(view, ids.LINES_ENTRY, "say that I would like to hear the rest of the point")
    said = words(view)
    assert "“Hang on, I'd like to hear the end of that.”" in said
    assert "What it may cost:" in said
    assert "Strength of the evidence: moderate. No study has tested these lines." in said


def test_where_nothing_was_found_the_lines_say_so(jonas: Person) -> None:
    jonas.types("/allybot lines")
    view = jonas.chooses(jonas.modal("Words to say"), ids.LINES_KIND, "Bystander action")
    view = jonas.chooses(view, ids.LINES_ENTRY, "change the subject so that the moment passes")
    assert "No study of words like these was found. They are ours." in words(view)


def test_another_kind_brings_its_own_moments_and_the_lines_go(jonas: Person) -> None:
    jonas.types("/allybot lines")
    view = jonas.chooses(jonas.modal("Words to say"), ids.LINES_KIND, "Facing a fear")
    view = jonas.chooses(view, ids.LINES_ENTRY, "say sorry in one sentence, without a reason attached")
    assert "“I'm sorry, that was wrong of me.”" in words(view)
    view = jonas.chooses(view, ids.LINES_KIND, "Active listening")
    assert "I'm sorry, that was wrong of me." not in words(view)
    assert "ask whether advice is wanted or just someone to listen" in options(view, ids.LINES_ENTRY)
    assert labels(view) == []
