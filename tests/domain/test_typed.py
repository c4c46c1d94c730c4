"""Typed messages are understood modestly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.typed import Meaning, meaning


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("yes I did", Meaning.ANSWER),
        ("not yet", Meaning.ANSWER),
        ("no chance", Meaning.ANSWER),
        ("YES!", Meaning.ANSWER),
        ("yup", Meaning.ANSWER),
        ("Did it :-)", Meaning.ANSWER),
        ("done!", Meaning.ANSWER),
        ("I tried", Meaning.ANSWER),
        ("didn't", Meaning.ANSWER),
        ("I didn\u2019t", Meaning.ANSWER),
        ("didnt get to it", Meaning.ANSWER),
        ("nope", Meaning.ANSWER),
        ("nah", Meaning.ANSWER),
        ("no", Meaning.ANSWER),
        ("No, not really", Meaning.ANSWER),
        ("haven't had the chance", Meaning.ANSWER),
        ("Have not had the chance yet", Meaning.ANSWER),
        ("hadn't the time", Meaning.ANSWER),
        ("couldn't", Meaning.ANSWER),
        ("I could not do it", Meaning.ANSWER),
        ("there wasn't a moment", Meaning.ANSWER),
        ("no opportunity so far", Meaning.ANSWER),
        ("never got round to it", Meaning.ANSWER),
        ("never had a chance", Meaning.ANSWER),
        ("not this week, I'm afraid", Meaning.ANSWER),
        ("I forgot", Meaning.ANSWER),
        ("slipped my mind", Meaning.ANSWER),
        ("no plan survives: I didn't", Meaning.ANSWER),
        ("yes, I told him to stop", Meaning.ANSWER),
        ("yes, I did help her", Meaning.ANSWER),
        ("I did not stop him", Meaning.ANSWER),
        ("not today", Meaning.ANSWER),
        ("ja", Meaning.ANSWER),
        ("Ja, gemacht", Meaning.ANSWER),
        ("nein", Meaning.ANSWER),
        ("noch nicht", Meaning.ANSWER),
        ("leider nicht", Meaning.ANSWER),
        ("hab's vergessen", Meaning.ANSWER),
        ("keine Zeit", Meaning.ANSWER),
        ("keine Gelegenheit", Meaning.ANSWER),
        ("busy, next week", Meaning.PAUSE),
        ("I'm on holiday", Meaning.PAUSE),
        ("pause", Meaning.PAUSE),
        ("on annual leave", Meaning.PAUSE),
        ("out of office until Monday", Meaning.PAUSE),
        ("I'm away", Meaning.PAUSE),
        ("swamped", Meaning.PAUSE),
        ("bin im Urlaub", Meaning.PAUSE),
        ("nächste Woche", Meaning.PAUSE),
        ("stop", Meaning.STOP),
        ("STOP!", Meaning.STOP),
        ("Please stop, no time", Meaning.STOP),
        ("ok, stop", Meaning.STOP),
        ("can you stop asking me", Meaning.STOP),
        ("leave me alone", Meaning.STOP),
        ("unsubscribe", Meaning.STOP),
        ("no more messages", Meaning.STOP),
        ("stopp", Meaning.STOP),
        ("help", Meaning.HELP),
        ("Help me please", Meaning.HELP),
        ("I need help", Meaning.HELP),
        ("?", Meaning.HELP),
        ("what can I do", Meaning.HELP),
        ("How does this work?", Meaning.HELP),
        ("Hilfe", Meaning.HELP),
        ("my plans", Meaning.PLAN),
        ("plan", Meaning.PLAN),
        ("show me my plan", Meaning.PLAN),
        ("thanks!", Meaning.THANKS),
        ("Thank you very much", Meaning.THANKS),
        ("cheers", Meaning.THANKS),
        ("ta", Meaning.THANKS),
        ("ok", Meaning.THANKS),
        ("danke", Meaning.THANKS),
        ("\U0001f44d", Meaning.THANKS),
        ("he walked away", Meaning.UNKNOWN),
        ("it was at the bus stop", Meaning.UNKNOWN),
        ("I notice more now", Meaning.UNKNOWN),
        ("the weather is nice", Meaning.UNKNOWN),
        ("", Meaning.UNKNOWN),
    ],
)
def test_short_messages_get_the_meaning_a_reader_would_give_them(text: str, understood: Meaning) -> None:
    assert meaning(text) is understood


def test_a_story_with_a_keyword_in_it_is_not_taken_for_a_request() -> None:
    story = "I told him to stop talking over her, and then we all went on with the meeting as if nothing was"
    assert meaning(story) is Meaning.UNKNOWN


@given(st.text())
def test_any_text_has_some_meaning(text: str) -> None:
    assert meaning(text) in Meaning
