"""Pools at the command line: what will be published is said before anything is created."""

import pytest

from slack_emulator import Emulator
from tests.shell import Operator
from tests.test_cli_programs import operator

__all__ = ["operator"]
CREATE = 'allybot program create {} --support-contact "Mira, HR" --zone UTC --cohort A=today'


@pytest.fixture
def office(operator: Operator, slack: Emulator) -> Operator:
    """The operator of a workspace without a program."""
    operator.at(slack)
    assert operator.types("allybot migrate").code == 0
    return operator


def test_before_creating_it_is_said_what_would_be_published_when(office: Operator) -> None:
    said = office.types(f'{CREATE.format("Spring")} --people 9 --pool "Leadership courses" --dry-run')
    assert said.code == 0
    assert "Counted: weeks 1-6 on " in said.out
    assert (
        "If 6 of 9 answer (70\u00a0%): no figures at first. The sealed answers wait in the pool; 2 such"
        in (said.out)
    )
    assert "nothing was created" in said.out
    assert "no program yet" in office.types("allybot program list").out
    alone = office.types(f"{CREATE.format('Spring')} --people 9 --dry-run").out
    assert "Fewer than 10 answered, so their answers are deleted unopened" in alone
    many = office.types(f"{CREATE.format('Spring')} --people 120 --dry-run").out
    assert "how many acted, and what was in the way" in many


def test_programs_share_a_pool_by_its_name_and_one_that_runs_gets_it_later(office: Operator) -> None:
    assert office.types(f'{CREATE.format("Spring")} --pool "Leadership courses"').code == 0
    assert "Leadership courses" in office.types("allybot program show Spring").out
    assert office.types(CREATE.format("Autumn")).code == 0
    seen = office.types('allybot program pool Autumn "leadership courses"')
    assert (seen.code, "from 12 people on" in seen.out, "Nothing was changed" in seen.out) == (0, True, True)
    assert "Leadership courses" not in office.types("allybot program show Autumn").out
    later = office.types('allybot program pool Autumn "leadership courses" --yes')
    assert (later.code, "shares the pool Leadership courses" in later.out) == (0, True)
    again = office.types("allybot program pool Autumn Other")
    assert (again.code, again.err.count("\n")) == (1, 1)
    assert "has a pool" in again.err


def test_what_cannot_be_is_refused_in_one_line(office: Operator) -> None:
    for more in ("", "--people 9 --dry-run"):
        refused = office.types(f"{CREATE.format('Keys')} --custodian --pool Courses {more}")
        assert (refused.code, refused.err.count("\n")) == (1, 1)
        assert "custodian holds cannot share a pool" in refused.err
    assert office.types(f"{CREATE.format('Spring')} --dry-run").code == 2


def test_what_is_counted_is_chosen_once_and_a_pool_holds_programs_that_chose_alike(office: Operator) -> None:
    create = f"{CREATE.format('Spring')} --count-moments --pool Courses"
    said = office.types(f"{create} --people 18 --dry-run").out
    assert "Counted: weeks 1-13 on " in said
    assert "Once:" in said
    assert (
        "how many acted at least once, and how many told of a moment at least once, each give or take 3"
        in said
    )
    assert office.types(create).code == 0
    assert "how many told of a moment at least once" in " ".join(
        office.types("allybot program show Spring").out.split()
    )
    assert "1-13" in office.types("allybot window show --program Spring").out
    refused = office.types(f"{CREATE.format('Autumn')} --pool courses")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "has programs that count otherwise" in refused.err
