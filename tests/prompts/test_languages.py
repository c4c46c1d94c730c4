"""A language is one file: every sentence is in the template, and none is said around it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from allybot.content import load_content
from allybot.i18n import CATALOGUES, Say
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState
from tests.prompts.conftest import pseudo
from tests.prompts.every_prompt import FOREIGN, Arguments, name_of, prompts, said

EVERY = pytest.mark.parametrize("prompt", list(prompts()), ids=name_of)
BOUNDED = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
SAME_EVERYWHERE = re.compile(
    r"`[^`]*`"  # what somebody types
    r"|<[@#!][^>]*>|&(amp|lt|gt);"  # Slack's own marks
    r"|\b(allybot|Slack|[CDU]0123456789|en-GB|Europe/Berlin|Pacific/Auckland|7{32})\b"  # names and ids
    r"|\b[A-J]\b"  # the letters of a vote
    r"|\b[a-z]+(_[a-z]+)+\b"  # Slack's codes of errors
    rf"|\b({'|'.join([*MessageKind, *MessageState])})\b"  # as in one's own data
)
LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(scope="session")
def foreign(longer: Say) -> Arguments:
    return Arguments(longer, FOREIGN, invented=False)


@EVERY
@BOUNDED
@given(data=st.data())
def test_nothing_is_said_past_the_catalogue(
    prompt: Callable[..., Any], foreign: Arguments, data: st.DataObject
) -> None:
    """In a language without Latin letters, whatever has them is hard-wired English."""
    result = prompt(**data.draw(foreign.of(prompt)))
    left = [found[0] for text in said(result) for found in LATIN.finditer(SAME_EVERYWHERE.sub("", text))]
    assert left == [], left


def test_the_template_holds_every_sentence_and_no_other(template: Catalog) -> None:
    """`make words` brings it up to date."""
    with (CATALOGUES / "allybot.pot").open("rb") as file:
        committed = {message.id for message in read_po(file) if message.id}
    found = {message.id for message in template if message.id}
    assert sorted(map(str, found - committed)) == []
    assert sorted(map(str, committed - found)) == []


def test_no_sentence_speaks_of_anything_being_destroyed(template: Catalog) -> None:
    """Told to people, "destroyed unread" is colder than what happens: deleted without being opened."""
    assert [message.id for message in template if "destroy" in str(message.id).casefold()] == []


def test_the_template_holds_the_content_as_it_is_spoken(template: Catalog) -> None:
    content = load_content()
    story, repair = (
        content.scenarios[0],
        content.plan_library.repair(next(iter(content.plan_library.repairs))),
    )
    for text in (story.situation, story.options[0].what_it_does, story.make_it_my_plan.cue, repair.help):
        assert text in template


def test_the_template_holds_no_name_for_machines(template: Catalog) -> None:
    known = {message.id for message in template}
    content = load_content()
    assert not known & {scenario.id for scenario in content.scenarios}
    assert not known & {"fear", "bystander", "no_moment"}


def test_the_pseudo_language_is_longer_and_keeps_what_is_filled_in() -> None:
    assert pseudo("Say `/allybot plan` to {name}").startswith("[Šáý `/allybot plan` ťó {name}·")
    assert len(pseudo("Change my answer")) >= 1.4 * len("Change my answer")


# --- Say


@pytest.fixture
def french(tmp_path: Path) -> Say:
    catalog = Catalog(locale="fr")
    catalog.add("Hello {name}", "Bonjour {name}")
    catalog.add("Fine: {count}", "Bien")
    catalog.add("Good day", "Bonne journée {name}")
    catalog.add("Thanks", "Merci {")
    catalog.add(("{number} vote", "{number} votes"), ("{number} voix", "{number} voix en tout"))
    with (tmp_path / "fr.po").open("wb") as file:
        write_po(file, catalog)
    return Say("fr-CA", tmp_path)


def test_a_language_is_the_one_file_named_after_it(french: Say) -> None:
    assert french("Hello {name}", name="Ann") == "Bonjour Ann"
    assert french.count("{number} vote", "{number} votes", 1) == "1 voix"
    assert french.count("{number} vote", "{number} votes", 3) == "3 voix en tout"
    assert french.day(date(2026, 1, 6)) == "mardi 6 janvier"
    assert french.all_of(["un", "deux"]) == "un et deux"


FORMS = {
    "ja": ["票"],
    "fr": ["voix", "voix en tout", "de voix"],
    "ru": ["голос", "голоса", "голосов"],
    "ar": ["ولا صوت", "صوت", "صوتان", "أصوات", "صوتًا", "صوت كثير"],
}
"""As many forms as the language has, in the order of its plural rule in CLDR."""


def counting(locale: str, forms: list[str], catalogues: Path) -> Say:
    """Speaks a language whose one sentence that counts has these forms."""
    catalog = Catalog(locale=locale)
    catalog.add(("{number} vote", "{number} votes"), tuple(f"{{number}} {form}" for form in forms))
    with (catalogues / f"{locale}.po").open("wb") as file:
        write_po(file, catalog)
    return Say(locale, catalogues)


@pytest.mark.parametrize(
    ("locale", "number", "form"),
    [
        *[("ja", number, 0) for number in (0, 1, 5)],
        *[("fr", number, form) for number, form in ((0, 0), (1, 0), (3, 2), (1_000_000, 1))],
        *[("ru", number, form) for number, form in ((1, 0), (21, 0), (3, 1), (11, 2))],
        *[("ar", number, form) for number, form in ((0, 0), (1, 1), (2, 2), (5, 3), (15, 4), (100, 5))],
    ],
)
def test_a_language_counts_with_as_many_forms_as_it_has(
    locale: str, number: int, form: int, tmp_path: Path
) -> None:
    say = counting(locale, FORMS[locale], tmp_path)
    assert say.count("{number} vote", "{number} votes", number) == f"{number} {FORMS[locale][form]}"


@pytest.mark.parametrize("number", [0, 1, 2, 5, 15, 100, 1_000_000])
@pytest.mark.parametrize("locale", ["fr", "ru", "ar"])
def test_a_form_without_words_takes_another_of_the_same_language(
    locale: str, number: int, tmp_path: Path
) -> None:
    known = FORMS[locale][:2]
    say = counting(locale, known, tmp_path)
    assert say.count("{number} vote", "{number} votes", number) in {f"{number} {form}" for form in known}


@pytest.mark.parametrize(("locale", "forms"), [("ja", ["一票"]), ("fr", ["une voix"])])
def test_a_form_that_leaves_the_number_out_does_not_stand_for_other_numbers(
    locale: str, forms: list[str], tmp_path: Path
) -> None:
    catalog = Catalog(locale=locale)
    catalog.add(("{number} vote", "{number} votes"), tuple(forms))
    with (tmp_path / f"{locale}.po").open("wb") as file:
        write_po(file, catalog)
    assert Say(locale, tmp_path).count("{number} vote", "{number} votes", 5) == "5 votes"


def test_the_plural_rule_a_catalogue_names_goes_before_that_of_its_language(tmp_path: Path) -> None:
    """Translators' tools still write two forms for French, as before CLDR counted three."""
    entry = (
        'msgid "{number} vote"\nmsgid_plural "{number} votes"\nmsgstr[0] "un"\nmsgstr[1] "{number} en tout"\n'
    )
    rule = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
    (tmp_path / "fr.po").write_text(rule + entry, encoding="utf-8")
    say = Say("fr", tmp_path)
    assert [say.count("{number} vote", "{number} votes", number) for number in (1, 3)] == ["un", "3 en tout"]


def test_a_sentence_that_is_not_translated_yet_is_said_in_english(french: Say) -> None:
    assert french("See you {when}", when="soon") == "See you soon"


def test_a_translation_that_loses_or_invents_a_value_is_not_used(french: Say) -> None:
    assert french("Fine: {count}", count=3) == "Fine: 3"
    assert french("Good day") == "Good day"
    assert french("Thanks") == "Thanks"


def test_words_a_person_wrote_are_never_filled_in_again() -> None:
    assert Say()("You wrote: {text}", text="{name} and {0}") == "You wrote: {name} and {0}"


@pytest.mark.parametrize("locale", ["xx-YY", "", "de-DE", "zh-Hans-CN", "../../../etc/passwd"])
def test_without_a_catalogue_dates_are_english_like_the_sentences_around_them(locale: str) -> None:
    say = Say(locale)
    assert say("Since {day}", day=say.day(date(2026, 1, 6))) == "Since Tuesday 6 January"
    assert say.day_and_year(date(2026, 1, 6)) == "6 January 2026"


def test_an_american_reads_dates_and_hours_as_he_writes_them() -> None:
    say, moment = Say("en-US"), datetime(2026, 1, 6, 13, 30, tzinfo=UTC)
    assert say.day(moment.date()) == "Tuesday, January 6"
    assert say.hour(moment, ZoneInfo("Europe/Berlin")) == "2:30\u202fPM"
    assert Say().hour(moment, ZoneInfo("Europe/Berlin")) == "14:30"


def test_every_shipped_language_can_be_read_and_fills_in_what_english_does() -> None:
    for file in CATALOGUES.glob("*.po"):
        with file.open("rb") as lines:
            catalog = read_po(lines, locale=file.stem)
        broken = [message.id for message, errors in catalog.check() if errors]
        assert broken == [], file.name
