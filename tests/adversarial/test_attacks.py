"""The attacks of `make attack`, shortened: fewer trials, bars with room for chance."""

from pathlib import Path

import pytest

from tests.adversarial.attacks import noise_audit
from tests.adversarial.attacks.databases import Effort
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.running import run
from tests.adversarial.attacks.voters import told_by_counts

SHORT = Effort(seed=1, short=True)
PROTECTIONS = {
    "no noise",
    "live pull",
    "naive live counter with k = 5",
    "plans' states in the clear",
    "answer-dependent schedule",
    "acknowledges each answer in its own words",
    "counts who takes part, live",
    "keeps a question in its author's record alone",
    "keeps that a suggestion was sent in its sender's record",
    "no noise in a pool",
    "no noise, count with moments",
    "tells how many answers wait",
    "keeps votes unsealed",
}
STILL_OPEN: dict[str, str] = {}
"""Attacks that succeed today, with the finding. One that no longer does has to leave this table."""


def missed(found: list[Finding]) -> set[str]:
    return {finding.attack for finding in found if not finding.holds}


@pytest.mark.trial
@pytest.mark.timeout(1_200)  # a quiet machine needs a third of it
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_no_attack_tells_an_answer_and_each_succeeds_where_its_protection_is_missing(backend: str) -> None:
    found = run(backend, SHORT)
    assert missed(found) == STILL_OPEN.keys()
    controls = [finding.attack for finding in found if finding.attack.startswith("control:")]
    assert {name for name in PROTECTIONS if any(name in each for each in controls)} == PROTECTIONS


@pytest.mark.trial
def test_the_noise_is_what_it_is_said_to_be() -> None:
    assert missed(noise_audit.attack(SHORT)) == set()


def test_the_privacy_page_states_what_the_counts_of_three_four_and_five_votes_tell() -> None:
    three, four, five = (round(100 * told_by_counts(voters)) for voters in (3, 4, 5))
    assert four == five
    page = (Path(__file__).parents[2] / "docs/privacy.md").read_text(encoding="utf-8")
    assert f"in {three} of 100 cases where three vote" in page
    assert f"in {four} where four or five do" in page
