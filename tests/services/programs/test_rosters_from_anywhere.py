"""Lists as Excel, Slack, macOS and people who copy and paste make them."""

import unicodedata

import pytest

from allybot.services.programs.roster import RosterError, Row, decoded, parse

AL = Row(2, "al@x.org", "Spring", "C012AB3CD")
GERMAN = "Frühjahr"


def one(text: str) -> Row:
    """The only row of a list, without its line."""
    (row,) = parse(text)
    return Row(2, row.person, row.cohort, row.circle, row.circle_name)


@pytest.mark.parametrize(
    "text",
    [
        "person,cohort,circle\nal@x.org,Spring,C012AB3CD",
        "sep=;\nperson;cohort;circle\nal@x.org;Spring;C012AB3CD",
        '"sep=,"\r\nperson,cohort,circle\r\nal@x.org,Spring,C012AB3CD\r\n',
        "sep=\t\nperson\tcohort\tcircle\nal@x.org\tSpring\tC012AB3CD",
        '"person";"cohort";"circle"\r\n"al@x.org";"Spring";"C012AB3CD"\r\n',
        "E-Mail-Adresse;Kohorte;Kreis\nal@x.org;Spring;C012AB3CD",
        "Vorname;Nachname;E-Mail;Gruppe;Kanal-ID\nAl;Weber;al@x.org;Spring;C012AB3CD",
        "\ufeffperson,cohort,circle\ral@x.org,Spring,C012AB3CD\r",
        "person,cohort,circle\n\u200bal@x.org\u200b,\u00a0Spring\u2060,\u202aC012AB3CD\u202c",
        "person,cohort,circle\nal@x\u200b.org,Spring,C012\u200dAB3CD",
        "person,cohort,circle\nal@x.org\u2028,Spring\u2029,C012AB3CD\u0085",
        "person,cohort,circle\nAl Weber <al@x.org>,Spring,C012AB3CD",
        "person,cohort,circle\nmailto:al@x.org,Spring,C012AB3CD",
        "person,cohort,circle\nal@x.org,Spring,https://office.slack.com/archives/C012AB3CD",
        "person,cohort,circle\nal@x.org,Spring,https://office.slack.com/archives/C012AB3CD/p1700000000000000?x=1",
        "person,cohort,circle\nal@x.org,Spring,https://app.slack.com/client/T0OFFICE/C012AB3CD",
        "person,cohort,circle\nal@x.org,Spring,slack://channel?team=T0OFFICE&id=C012AB3CD",
        "person,cohort,circle\nal@x.org,Spring,<#C012AB3CD|oaks>",
    ],
)
def test_a_list_is_read_as_it_was_meant(text: str) -> None:
    assert one(text) == AL


def test_people_may_be_links_to_their_profile() -> None:
    assert one("person\nhttps://office.slack.com/team/U012AB3CD").person == "U012AB3CD"
    assert one("person\nslack://user?team=T0OFFICE&id=U012AB3CD").person == "U012AB3CD"


def test_two_ways_to_write_the_same_letter_are_the_same() -> None:
    for form in ("NFC", "NFD"):
        assert one(f"person,cohort\nal@x.org,{unicodedata.normalize(form, GERMAN)}").cohort == GERMAN


def test_a_joiner_inside_a_name_stays_since_it_belongs_to_the_writing() -> None:
    name = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert one(f"person,cohort\nal@x.org,{name}").cohort == name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_is_read_in_each_of_the_encodings_that_sheets_are_saved_in(encoding: str) -> None:
    text = f"person;cohort\r\nal@x.org;{GERMAN}\r\n"
    assert one(decoded(text.encode(encoding))).cohort == GERMAN


@pytest.mark.parametrize(
    "raw", [f"person\n{GERMAN}".encode("latin-1"), b"PK\x03\x04\x14\x00\x06\x00", b"\xff\xfe\x00"]
)
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        decoded(raw)


@pytest.mark.parametrize(
    ("person", "named"),
    [("al\u0430@x.org", "U+0430"), ("al\x07@x.org", "U+0007"), ("U012AB3C\u00d8", "U+00D8")],
)
def test_a_letter_that_looks_like_another_one_is_named(person: str, named: str) -> None:
    with pytest.raises(RosterError) as refused:
        parse(f"person\n{person}")
    assert named in str(refused.value)


def test_of_very_many_mistakes_the_first_ten_are_shown_and_the_others_counted() -> None:
    with pytest.raises(RosterError) as refused:
        parse("person,cohort\n" + "\n".join(f"nobody {number},a" for number in range(100_000)))
    lines = str(refused.value).splitlines()
    assert len(lines) == 11
    assert lines[0].startswith("line 2: ")
    assert lines[-1] == "and 99990 more."
    assert len(refused.value.problems) == 100_000
