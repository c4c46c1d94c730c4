"""A window's key in two parts at the command line: one command, and no secret in sight."""

import io
import stat

import pytest

from slack_emulator import Emulator
from tests.shell import Operator
from tests.test_cli_programs import operator

__all__ = ["operator"]
CREATE = 'allybot program create Spring --support-contact "Mira, HR" --zone UTC --cohort A=today --custodian'
SPLIT = "allybot window split --program Spring --name"


@pytest.fixture
def spring(operator: Operator, slack: Emulator) -> Operator:
    """The operator of a program whose windows wait for keys."""
    operator.at(slack)
    assert operator.types("allybot migrate").code == 0
    assert operator.types(CREATE).code == 0
    return operator


def keys(spring: Operator) -> list[str]:
    shown = spring.types("allybot window show --program Spring").out
    return [kind for line in shown.splitlines() for kind in ("missing", "split: vault") if kind in line]


def test_one_command_splits_a_key_and_neither_it_nor_a_later_one_shows_a_part(
    spring: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = spring.types(f"{SPLIT} 1-6 --custodian-part part")
    assert done.code == 0
    assert done.out.startswith("allybot-public-")
    file = spring.folder / "part"
    part = file.read_text().strip()
    assert part.startswith("allybot-custodian-part-")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert keys(spring) == ["split: vault", "missing"]

    monkeypatch.setattr("sys.stdin", io.StringIO(f"{part}\n"))
    early = spring.types("allybot window publish 1-6 --program Spring --key -")
    assert (early.code, early.err.count("\n")) == (1, 1)
    assert "is still open" in early.err
    for text in (done.out, done.err, early.out, early.err):
        assert "part-" not in text


def test_a_part_that_is_missing_or_wrong_is_refused_in_one_line(spring: Operator) -> None:
    spring.types(f"{SPLIT} 1-6 --custodian-part one")
    spring.types(f"{SPLIT} 7-13 --custodian-part two")
    for file, said in (("two", "another window"), ("none", "cannot be read as a key file")):
        refused = spring.types(f"allybot window publish 1-6 --program Spring --key {file}")
        assert (refused.code, refused.err.count("\n")) == (1, 1)
        assert said in refused.err


def test_a_custodian_splits_on_a_machine_of_their_own_and_hands_two_things_in(spring: Operator) -> None:
    public = spring.types("allybot window split --custodian-part mine --host-part yours").out.strip()
    hand_in = f"allybot window hand-in 1-6 {public} --program Spring --host-part"
    swapped = spring.types(f"{hand_in} mine")
    assert swapped.code == 1
    assert "begins with allybot-host-part-" in swapped.err
    assert spring.types(f"{hand_in} yours").code == 0
    assert keys(spring) == ["split: vault", "missing"]


def test_a_split_that_no_window_takes_leaves_no_file(spring: Operator) -> None:
    assert spring.types("allybot window split --program Nowhere --name 1-6 --custodian-part part").code == 1
    assert spring.types("allybot window split --custodian-part part").code == 2
    assert not (spring.folder / "part").exists()
    spring.types(f"{SPLIT} 1-6 --custodian-part part")
    again = spring.types(f"{SPLIT} 1-6 --custodian-part other")
    assert "has its key already" in again.err
    assert not (spring.folder / "other").exists()
    assert keys(spring) == ["split: vault", "missing"]
