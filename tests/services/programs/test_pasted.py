"""A list that a lead pasted: understood as people write lists, and every other line named as it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.enrolment import Doubt
from allybot.services.programs.pasted import Pasted, read
from allybot.services.programs.roster import Row

CIRCLES = {"Oak": "C0OAK", "Elm": "C0ELM"}


def people(found: Pasted) -> list[str]:
    return [row.person for row in found.rows]


def doubts(found: Pasted) -> list[tuple[str, Doubt]]:
    return [(found.line(problem.line), problem.doubt) for problem in found.problems]


@pytest.mark.parametrize(
    "text",
    [
        "ada@x.org\nU02ABC\n<@U03ABC|carl>",
        "ada@x.org, U02ABC, <@U03ABC>",
        "Lovelace, Ada <ada@x.org>; U02ABC; U03ABC",
        "ada@x.org U02ABC U03ABC",
        "\n  ADA@x.org\r\n\r\nU02ABC;\nU03ABC\t\n\n",
        "Name;E-Mail\nAda;ada@x.org\nBo;U02ABC\nCarl;U03ABC",
        "Mitglied\tKreis\nada@x.org\t\nU02ABC\t\nU03ABC\t",
        "https://x.slack.com/team/U02ABC\nmailto:ada@x.org\nU03ABC",
    ],
)
def test_lists_are_understood_as_people_write_them(text: str) -> None:
    found = read(text, CIRCLES)
    assert (sorted(people(found)), found.problems) == (["U02ABC", "U03ABC", "ada@x.org"], ())


def test_circles_are_known_by_name_mention_or_id() -> None:
    found = read("U01;oak\nU02;<#C0ELM|elm>\nU03;C0OAK\nU04", CIRCLES)
    assert [row.circle for row in found.rows] == ["C0OAK", "C0ELM", "C0OAK", ""]


def test_whatever_is_not_understood_is_named_as_it_was_typed() -> None:
    found = read("Herr Müller\nada@x.org;Oak\nada@x.org;Elm\nU02;Eiche\n", CIRCLES)
    assert doubts(found) == [
        ("Herr Müller", Doubt.UNREADABLE),
        ("ada@x.org;Elm", Doubt.TWICE),
        ("U02;Eiche", Doubt.CIRCLE),
    ]
    assert read(found.without(each.line for each in found.problems), CIRCLES).problems == ()


def test_one_quotation_mark_loses_no_line() -> None:
    found = read('U01\n"U02\nU03', CIRCLES)
    assert doubts(found) == [('"U02', Doubt.UNREADABLE)]
    assert people(read(found.without([2]), CIRCLES)) == ["U01", "U03"]


def test_further_columns_are_there_to_balance_by() -> None:
    found = read("E-Mail;Team;Site\na@x.org;Sales;Bern\nb@x.org;IT;", {})
    assert found.columns == {"Team": {2: "Sales", 3: "IT"}, "Site": {2: "Bern", 3: ""}}
    assert found.rows == (Row(2, "a@x.org"), Row(3, "b@x.org"))


@given(st.text(max_size=300))
def test_any_text_is_people_and_problems_that_can_be_shown(text: str) -> None:
    found = read(text, CIRCLES)
    assert all(isinstance(found.line(problem.line), str) for problem in found.problems)
    assert not {row.line for row in found.rows} & {each.line for each in found.problems}
