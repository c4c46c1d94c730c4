"""Every screen of every rehearsal: short, within Slack's limits, and honest about what it has not read."""

import itertools
import re

import pytest

from allybot.content import Rehearsal, load_content
from allybot.i18n import Say
from allybot.prompts.plans import rehearsal_ids
from allybot.prompts.plans.rehearsals import rehearsal
from slack_emulator.blocks import check_view
from tests.journeys.people import words

CONTENT = load_content()
EVERY = pytest.mark.parametrize("found", CONTENT.rehearsals.rehearsals, ids=lambda found: str(found.id))
COURSE = pytest.mark.parametrize("course", [0, 1])
WORDS_A_MINUTE, SECONDS_A_TAP, MAX_SECONDS = 240, 2, 90
"""An estimate of ours for silent reading and for a tap; and what a rehearsal may take."""


def read_once(pages: list[str]) -> int:
    """The words of all pages; a line that was read already is not read again, nor is the letter of a line."""
    lines = itertools.chain.from_iterable(page.splitlines() for page in pages)
    known = dict.fromkeys(re.sub(r"^(You: )?(\*[ABC]( \(yours\))?\*)?\W*|\W*$", "", line) for line in lines)
    return sum(len(line.split()) for line in known)


@EVERY
@COURSE
def test_it_takes_less_than_ninety_seconds(found: Rehearsal, course: int) -> None:
    said = ("", "a", "ab", "abc")
    values = [rehearsal_ids.RehearsalValue(entry=found.id, course=course, said=each) for each in said]
    pages = [words(rehearsal(Say(), CONTENT, value, "Kim Lee").body) for value in values]
    seconds = read_once(pages) / WORDS_A_MINUTE * 60 + (len(said) + 1) * SECONDS_A_TAP
    assert 40 < seconds < MAX_SECONDS


@EVERY
@COURSE
def test_the_answer_is_a_supposition_and_the_same_whatever_was_said(found: Rehearsal, course: int) -> None:
    for before in ("", "a"):
        answers = set()
        for letter in ("a", "b", "c", rehearsal_ids.OWN_WORDS):
            value = rehearsal_ids.RehearsalValue(entry=found.id, course=course, said=before + letter)
            said = words(rehearsal(Say(), CONTENT, value, None).body)
            answers.add(said.partition("Suppose they answer:")[2])
        assert len(answers) == 1
        assert answers != {""}


@EVERY
def test_every_screen_keeps_to_slacks_limits_in_a_longer_language(found: Rehearsal, longer: Say) -> None:
    for course, said in itertools.product((0, 1), ("", "a", "ob", "abc", "ooo")):
        for shown in range(3):
            value = rehearsal_ids.RehearsalValue(entry=found.id, course=course, said=said, shown=shown)
            view = rehearsal(longer, CONTENT, value, "Kim Lee")
            check_view(view.body, "modal")
            assert len(view.body["private_metadata"]) <= 200
