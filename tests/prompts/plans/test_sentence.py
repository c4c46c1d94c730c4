"""A plan said back as one sentence."""

import pytest

from allybot.domain.plans import Intention
from allybot.i18n import Say
from allybot.prompts.plans.sentence import quoted, sentence

CUE = "a colleague is cut off"


@pytest.mark.parametrize(
    ("response", "said"),
    [
        ("ask her to go on", "then I will ask her to go on."),
        ("say: “I'd like to hear that.”", "then I will say: “I'd like to hear that.”"),
        ("ask: “How do you mean that?”", "then I will ask: “How do you mean that?”"),
        ('say "Leave it!"', 'then I will say "Leave it!"'),
        ("say “Leave it” to him", "then I will say “Leave it” to him."),
        ("thank him for “it”", "then I will thank him for “it”."),
    ],
)
def test_a_plan_ends_with_one_full_stop_also_where_it_ends_with_words_to_say(
    response: str, said: str
) -> None:
    assert sentence(Say(), Intention(CUE, response)) == f"If {CUE}, {said}"
    assert quoted(Say(), Intention(CUE, response)).endswith(said)
