"""Classification of typed messages."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.content import load_content
from allybot.domain.features import MAX_WORDS
from allybot.domain.likely_meanings import MOST_OTHERS
from allybot.domain.meanings import WORDS_ALONE, Meaning, Situation
from allybot.domain.typed import Heard, Understood, evidence, understood
from tests.typed_corpus.report import kept_aside
from tests.typed_corpus.sentences import (
    FIRST,
    FRESH,
    LAST,
    OTHERS,
    PEOPLE,
    STRANGERS,
    UNSEEN,
    VOICES,
    for_training,
    sentences,
    share_right,
    tried,
)
from tests.typed_corpus.training import trained_on

LISTED = load_content().typed_words.listed


def meaning(text: str) -> Meaning:
    return understood(text, LISTED).meaning


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("yes I did", Meaning.ACTED),
        ("not yet", Meaning.NO_MOMENT),
        ("no chance", Meaning.NO_MOMENT),
        ("YES!", Meaning.ACTED),
        ("yup", Meaning.ACTED),
        ("Did it :-)", Meaning.ACTED),
        ("done!", Meaning.ACTED),
        ("I tried", Meaning.ACTED),
        ("didn't", Meaning.NOT_ACTED),
        ("I didn\u2019t", Meaning.NOT_ACTED),
        ("didnt get to it", Meaning.NO_TIME),
        ("nope", Meaning.NOT_ACTED),
        ("nah", Meaning.NOT_ACTED),
        ("no", Meaning.NOT_ACTED),
        ("No, not really", Meaning.NOT_ACTED),
        ("haven't had the chance", Meaning.NO_MOMENT),
        ("Have not had the chance yet", Meaning.NO_MOMENT),
        ("hadn't the time", Meaning.NO_TIME),
        ("couldn't", Meaning.NOT_ACTED),
        ("I could not do it", Meaning.NOT_ACTED),
        ("there wasn't a moment", Meaning.NO_MOMENT),
        ("no opportunity so far", Meaning.NO_MOMENT),
        ("never got round to it", Meaning.NO_TIME),
        ("never had a chance", Meaning.NO_MOMENT),
        ("not this week, I'm afraid", Meaning.NO_MOMENT),
        ("I forgot", Meaning.FORGOT),
        ("slipped my mind", Meaning.FORGOT),
        ("no plan survives: I didn't", Meaning.NOT_ACTED),
        ("yes, I told him to stop", Meaning.ACTED),
        ("yes, I did help her", Meaning.ACTED),
        ("I did not stop him", Meaning.NOT_ACTED),
        ("not today", Meaning.LATER),
        ("ja", Meaning.ACTED),
        ("Ja, gemacht", Meaning.ACTED),
        ("nein", Meaning.NOT_ACTED),
        ("noch nicht", Meaning.NO_MOMENT),
        ("leider nicht", Meaning.NOT_ACTED),
        ("hab's vergessen", Meaning.FORGOT),
        ("keine Zeit", Meaning.NO_TIME),
        ("keine Gelegenheit", Meaning.NO_MOMENT),
        ("busy, next week", Meaning.LATER),
        ("I'm on holiday", Meaning.PAUSE),
        ("pause", Meaning.PAUSE),
        ("on annual leave", Meaning.PAUSE),
        ("out of office until Monday", Meaning.PAUSE),
        ("I'm away", Meaning.PAUSE),
        ("swamped", Meaning.NO_TIME),
        ("bin im Urlaub", Meaning.PAUSE),
        ("nächste Woche", Meaning.LATER),
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
        ("my plans", Meaning.PLANS),
        ("plan", Meaning.PLANS),
        ("show me my plan", Meaning.PLANS),
        ("thanks!", Meaning.THANKS),
        ("Thank you very much", Meaning.THANKS),
        ("cheers", Meaning.THANKS),
        ("ta", Meaning.THANKS),
        ("ok", Meaning.THANKS),
        ("danke", Meaning.THANKS),
        ("\U0001f44d", Meaning.NOD),
        (":+1:", Meaning.NOD),
        (":thumbsup::skin-tone-3:", Meaning.NOD),
        (":white_check_mark:", Meaning.NOD),
        (":pray:", Meaning.THANKS),
        ("\U0001f614\U0001f62d", Meaning.SERIOUS),
        (":+1: :sob:", Meaning.SERIOUS),
        ("stop.", Meaning.STOP),
        ("Don't ask me again please", Meaning.STOP),
        ("you can message me again", Meaning.RESUME),
        ("J'ai r\u00e9ussi", Meaning.UNKNOWN),
        ("who is my facilitator?", Meaning.CIRCLE),
        ("I left the company circle", Meaning.CIRCLE),
        ("...", Meaning.HELP),
        ("kind of", Meaning.ACTED),
        ("1", Meaning.NOD),
        ("I did it but it went badly", Meaning.ACTED),
        ("\u201cstop\u201d", Meaning.STOP),
        ("pause\n", Meaning.PAUSE),
        ("please\nstop", Meaning.STOP),
        ("help.\n", Meaning.HELP),
        ("start", Meaning.START),
        ("Start after all.", Meaning.START),
        ("I changed my mind", Meaning.START),
        ("resume", Meaning.RESUME),
        ("I\u2019m back!", Meaning.RESUME),
        ("delete my data", Meaning.FORGET),
        ("delete everything", Meaning.FORGET),
        ("forget me", Meaning.FORGET),
        ("l\u00f6sche meine Daten", Meaning.FORGET),
        ("loesche bitte alle meine Daten", Meaning.FORGET),
        ("vergiss mich", Meaning.FORGET),
        ("who sees this", Meaning.WHO_SEES),
        ("Who can see my answers?", Meaning.WHO_SEES),
        ("wer sieht das", Meaning.WHO_SEES),
        ("is this anonymous?", Meaning.WHO_SEES),
        ("Ist das anonym?", Meaning.WHO_SEES),
        ("I don't want my boss to see this", Meaning.WHO_SEES),
        ("he walked away", Meaning.UNKNOWN),
        ("it was at the bus stop", Meaning.UNKNOWN),
        ("I notice more now", Meaning.UNKNOWN),
        ("the weather is nice", Meaning.UNKNOWN),
        ("", Meaning.UNKNOWN),
    ],
)
def test_short_messages_get_their_meaning(text: str, means: Meaning) -> None:
    assert meaning(text) is means


SERIOUS = (
    "ich kann nicht mehr", "ich kann wirklich nicht mehr", "Ich halte das nicht mehr aus",
    "ich bringe mich um", "ich will nicht mehr leben", "umbringen", "suizid", "selbstmord",
    "vergewaltigt", "begrapscht", "begrabscht", "bel\u00e4stigt", "belaestigt", "belastigt",
    "BELA\u0308STIGT", "gemobbt", "er bedroht mich", "er hat sie angefasst", "kill myself",
    "kill my self", "I want to die", "i wanna die", "end it all", "I can't go on", "I can\u2019t go on",
    "I cant go on", "I cannot go on", "I can't do this any more", "hurt myself", "I don't want to live",
    "sometimes I think everyone would be better off without me", "I think I'm being harassed by my boss",
    "being harrassed", "harased", "suicidal", "sucide", "assaulted", "I was assulted", "she was touched",
    "he is bullying me", "threatened", "I was raped",
    "a colleague told me she was assaulted at the offsite",
    "My manager Frank keeps touching Ana's shoulder and she hates it, what should I do", "sui\u200bcide",
    "thretened", "vergewalltigt", "vergewaltgt", "umbrigen", "selbstmrod", "stop, I want to die",
    "no, I can't go on.",
)  # fmt: skip


@pytest.mark.parametrize("text", SERIOUS)
@pytest.mark.parametrize(
    "around", ["", "It was a long week and we had a planning meeting in the big room. " * 8]
)
def test_distress_and_misconduct_are_found_in_texts_of_any_length(text: str, around: str) -> None:
    assert meaning(f"{around}{text}") is Meaning.SERIOUS
    assert meaning(f"{text}. {around}".upper()) is Meaning.SERIOUS


@pytest.mark.parametrize(
    "story",
    [
        "Tomasz kept talking over Leyla and I finally said 'hang on, Leyla was not finished'",
        "I did it but it went badly",
        "I was scared of what they'd say",
        "how do I call out a sexist joke?",
        "what do I say when someone interrupts her?",
        "I listened until the end and she thanked me",
        "we grouped the tasks, a modest success",
        "she was treated well and presented her own plan",
        "nein, die Kollegin war krank und wir haben es verschoben",
    ],
)
def test_subjects_of_the_training_are_not_taken_for_distress(story: str) -> None:
    assert meaning(story) is not Meaning.SERIOUS


@pytest.mark.parametrize(
    "text",
    [
        "a room",
        "the room",
        "room 12",
        "a desk",
        "his desk",
        "my hand",
        "her",
        "ein Raum",
        "die T\u00fcr",
        "haha",
    ],
)
def test_words_without_a_context_are_not_taken_for_distress(text: str) -> None:
    assert meaning(text) is not Meaning.SERIOUS


def test_a_keyword_in_a_long_message_is_not_a_request() -> None:
    story = "I told him to stop talking over her, and then we all went on with the meeting as if nothing was"
    assert meaning(story) is Meaning.ACTED


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("who sees this?", "en"),
        ("Wer sieht das?", "de"),
        ("hab's vergessen", "de"),
        ("seltener", "de"),
        ("verdr\u00fcckt", "de"),
        ("stop", None),
        (":+1:", None),
        ("\U0001f62d", None),
        ("Suizid", None),
        ("lass mich damit in Frieden", "de"),
        ("in einer Stunde nochmal", "de"),
        ("hob i ned gmacht", "de"),
        ("", None),
        ("Gestern im Meeting hat er sie unterbrochen und ich sagte stop", "de"),
    ],
)
def test_the_language_of_a_message_is_told(text: str, language: str | None) -> None:
    assert understood(text, LISTED).language == language


@given(st.text())
def test_any_text_has_a_meaning(text: str) -> None:
    assert meaning(text) in Meaning


def test_what_else_it_may_mean_is_said_only_where_it_is_not_sure() -> None:
    found = [understood(each.text, LISTED) for each in sentences(*STRANGERS)]
    besides = [each for each in found if each.others]
    assert 0.1 < len(besides) / len(found) < 0.5
    for each in besides:
        buttons = [other for other in each.others if other is not Meaning.SERIOUS]
        assert len(set(buttons)) == len(buttons) <= MOST_OTHERS
        assert WORDS_ALONE.isdisjoint(buttons)
        assert each.meaning not in buttons
    assert understood("yes I did", LISTED).others == ()
    assert understood("stop", LISTED).others == ()


def test_what_a_message_means_depends_on_where_somebody_stands() -> None:
    shares = dict.fromkeys(Meaning, 0.0) | {Meaning.RESUME: 0.45, Meaning.ACTED: 0.35, Meaning.NEXT: 0.2}
    heard = Heard("en", is_serious=False, emoji=Meaning.UNKNOWN, probable=shares)
    assert heard.understood().meaning is Meaning.UNKNOWN
    assert heard.understood(Situation.PAUSED) == Understood(
        Meaning.RESUME, "en", (Meaning.NEXT, Meaning.ACTED)
    )
    assert heard.understood(Situation.WAITING).meaning is Meaning.ACTED


def test_what_is_negated_is_not_offered() -> None:
    assert meaning("please don't delete my data") is not Meaning.FORGET
    assert meaning("bitte nicht l\u00f6schen") is not Meaning.FORGET
    assert meaning("don't stop, this helps me") is not Meaning.STOP
    assert meaning("nein, keine Pause bitte") is not Meaning.PAUSE
    assert meaning("I do not want to start this") is not Meaning.START


def test_one_sentence_of_distress_in_a_story_is_found() -> None:
    story = "The minutes took long. We moved the release. He put his hand up her skirt. Then we had lunch."
    assert meaning(story) is Meaning.SERIOUS
    much = "The minutes took long. We moved the release. Then we had lunch. " * 9
    assert meaning(much) is not Meaning.SERIOUS
    assert meaning(f"{much} He put his hand up her skirt.") is Meaning.SERIOUS


@pytest.mark.parametrize(
    ("files", "least"),
    [
        (FIRST, 0.95),
        (FRESH, 0.9),
        (VOICES, 0.92),
        (LAST, 0.91),
        (STRANGERS, 0.77),
        (OTHERS, 0.72),
        (UNSEEN, 0.54),
        (PEOPLE, 0.86),
    ],
)
def test_most_sentences_kept_aside_are_understood(files: tuple[str, ...], least: float) -> None:
    results = kept_aside(files, LISTED)
    assert share_right(results) >= least


def test_no_step_is_offered_that_nobody_wished_and_no_distress_is_missed() -> None:
    results = [each for files in (FIRST, FRESH, VOICES, LAST) for each in kept_aside(files, LISTED)]
    assert [each.sentence.text for each in results if each.wrong_act] == []
    assert [each.sentence.text for each in results if each.missed] == []


def test_every_distress_that_was_trained_on_is_found() -> None:
    serious = [each for each in for_training() if each.accepted == (Meaning.SERIOUS,)]
    assert [each.sentence.text for each in tried(serious, LISTED) if each.missed] == []


def test_the_weights_that_ship_were_trained_on_the_sentences_and_phrases_as_they_are() -> None:
    assert LISTED.classifier.trained_on == trained_on()


def test_no_step_is_offered_and_no_distress_missed_in_voices_that_nothing_was_written_for() -> None:
    results = kept_aside(UNSEEN, LISTED) + kept_aside(PEOPLE, LISTED)
    assert not any(each.wrong_act or each.missed for each in results)


def test_a_message_takes_few_steps_and_a_long_one_no_more_than_a_limit() -> None:
    """Each feature is one look-up and one addition of a row; about a millisecond for a median message."""
    numbers = [len(evidence(each.text, LISTED)) for each in sentences(*FRESH)]
    assert median(numbers) < 150
    assert len(evidence("planning meetings everywhere tomorrow afternoon " * 1000, LISTED)) < 175
    assert len(evidence(" ".join(f"word{number}" for number in range(10_000)), LISTED)) < 30 * MAX_WORDS
