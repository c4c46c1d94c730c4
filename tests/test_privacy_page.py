"""What docs/privacy.md says is so, as far as a test can see it."""

import re
import shlex
from pathlib import Path

from typer.testing import CliRunner

from allybot.cli import app
from allybot.content import Content
from allybot.domain.deeds import KEPT_AFTER_ROUND, NAMED_KEPT_AT_MOST
from allybot.domain.suggestions import MONDAYS, OPEN_KEPT, SETTLED_KEPT, TOGETHER
from allybot.prompts.data.forget_me import BACKUP_DAYS
from allybot.services.data import retention, suppression
from allybot.services.programs import dates

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")


def test_every_command_named_exists_with_the_options_it_is_shown_with() -> None:
    for command in set(re.findall(r"`(allybot [^`]+)`", PAGE)):
        path = []
        for word in shlex.split(command)[1:]:
            if not re.fullmatch(r"[a-z-]+", word) or word.startswith("-"):
                break
            path.append(word)
        shown = CliRunner().invoke(app, [*path, "--help"])
        assert shown.exit_code == 0, command
        assert all(option in shown.output for option in re.findall(r"--[a-z-]+", command)), command


def test_the_days_it_names_are_those_the_code_keeps(content: Content) -> None:
    rules = content.rules
    assert f"{rules.retention.trainee_rows_days} days after the last window has closed" in PAGE
    assert f"void after {rules.retention.vault_keys_days} days" in PAGE
    assert f"{rules.windows.grace_days} days after its nominal end" in PAGE
    assert (
        f"({rules.publishing.default_respondents} as shipped; {rules.publishing.min_respondents} to" in PAGE
    )
    assert f"{rules.publishing.pool_waits_months} months after their window closed at most" in PAGE
    assert rules.publishing.pool_respondents == 12
    assert "as soon as twelve people answered" in PAGE
    assert f"declined: {suppression.DECLINED_DAYS} days at most" in PAGE
    assert f"at most **{BACKUP_DAYS} days**" in PAGE
    assert f"finished messages after {retention.MESSAGES_STAY.days} days" in PAGE
    assert f"never opened after {retention.WEEKS_STAY.days} days" in PAGE
    assert f"deleted within {dates.MIN_KEPT.days} days have to be confirmed" in PAGE
    assert f"at most {KEPT_AFTER_ROUND.days} days after the round it was told for" in PAGE
    assert f"or {NAMED_KEPT_AT_MOST.days} days where it has a name" in PAGE
    assert f"being looked into: {OPEN_KEPT.days} days; answered: {SETTLED_KEPT.days} days" in PAGE
    assert (MONDAYS, TOGETHER) == (8, 3)
    assert retention.ORPHANS_STAY.days == 1
    assert f"if at least {rules.circles.min_votes} voted" in PAGE
    assert f"for at most {rules.circles.days_question_is_open} days after it was posted" in PAGE


def test_every_file_it_names_exists() -> None:
    for name in set(re.findall(r"`((?:tests|services|bench)/[\w/]+(?:\.py|/))`", PAGE)):
        places = [ROOT / name, ROOT / "allybot" / name]
        assert any(place.exists() for place in places), name


def test_the_table_of_attacks_is_measured_and_no_bar_is_missed() -> None:
    _, _, rest = PAGE.partition("<!-- attacks:begin")
    table, _, _ = rest.partition("<!-- attacks:end -->")
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 20
    cell = r"\| (?:-|-?[\d.,]+(?:e-\d+)?(?: ± [\d.]+)?) (?=\|)"  # a dash where a database has no such files
    assert all(len(re.findall(cell, row)) == 2 for row in rows), rows
