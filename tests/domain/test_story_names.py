"""Names of invented people that nobody of a circle has."""

import pytest

from allybot.content import load_content
from allybot.domain.story_names import free_variant, renamed, substitutes, variants

LISTS = {"women": ("Greta", "Heike", "Lotte", "Signe"), "men": ("Arne", "Jens")}
TWO = {"Abena": "women", "Grace": "women"}
PAIR = {"Zsófia": "women", "Jarek": "men"}


def test_everybody_of_a_story_gets_another_name_so_that_none_is_singled_out() -> None:
    assert substitutes(PAIR, LISTS, 0) == {}
    assert substitutes(PAIR, LISTS, 1) == {"Zsófia": "Greta", "Jarek": "Arne"}
    assert substitutes(PAIR, LISTS, 2) == {"Zsófia": "Heike", "Jarek": "Jens"}
    assert substitutes(TWO, LISTS, 2) == {"Abena": "Lotte", "Grace": "Signe"}
    assert (variants(PAIR, LISTS), variants(TWO, LISTS), variants({}, LISTS)) == (2, 2, 0)


@pytest.mark.parametrize(
    ("real", "variant"),
    [
        ([], 0),
        (["Jonas Weber", "Ana Petrova"], 0),
        (["Jarek Nowak"], 1),
        (["zsofia"], 1),
        (["Kovács Zsófia"], 1),
        (["Jarek Nowak", "Jens-Arne Berg"], 0),
        (["Zsófia", "Jarek", "Arne"], 2),
        (["Jarekson Zsofiane"], 0),
    ],
)
def test_a_name_is_met_in_any_part_of_a_full_name_and_whatever_its_accents(
    real: list[str], variant: int
) -> None:
    assert free_variant(PAIR, LISTS, real) == variant


def test_names_are_changed_as_words_with_their_genitives_and_nothing_else() -> None:
    names = {"Ine": "Greta", "Milan": "Arne"}
    told = "Ine's idea. Ines Idee? In Milano, Milan, and Line: (Ine)"
    assert renamed(told, names) == "Greta's idea. Gretas Idee? In Milano, Arne, and Line: (Greta)"
    assert renamed(told, {}) == told


def test_every_shipped_story_has_at_least_two_other_sets_of_names_that_no_story_uses() -> None:
    content = load_content(None)
    own = {name for story in content.scenarios for name in story.people}
    for story in content.scenarios:
        assert variants(story.people, content.story_names) >= 2, story.id
        for variant in range(1, variants(story.people, content.story_names) + 1):
            others = substitutes(story.people, content.story_names, variant)
            assert len(set(others.values())) == len(story.people), story.id
            assert own.isdisjoint(others.values()), story.id
