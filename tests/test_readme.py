"""What the README says is so."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allybot.cli import app
from allybot.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_table_and_nothing_else() -> None:
    table = README[README.index("| setting |") :].split("\n\n")[0]
    named = {name for row in table.splitlines()[2:] for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}
    assert named == {field.alias for field in Settings.model_fields.values()}


def test_defaults_in_the_table_are_the_defaults() -> None:
    table = README[README.index("| setting |") :].split("\n\n")[0]
    shown = {
        row.split("|")[1].strip().strip("`"): row.split("|")[3].strip().strip("`")
        for row in table.splitlines()[2:]
    }
    for name in ("SLACK_API_URL", "DATABASE_URL", "ALLYBOT_VAULT_URL", "PORT"):
        field = next(field for field in Settings.model_fields.values() if field.alias == name)
        default = field.default.get_secret_value() if hasattr(field.default, "get_secret_value") else field.default
        assert shown[name] == str(default)


def test_every_command_named_exists_with_the_options_it_is_shown_with() -> None:
    commands = {line for line in re.findall(r"`(allybot [^`]+)`", README)}
    assert len(commands) >= 8
    for command in commands:
        words = shlex.split(command)[1:]
        path = []
        for word in words:
            if word.startswith("-") or not re.fullmatch(r"[a-z]+", word):
                break
            path.append(word)
        result = CliRunner().invoke(app, [*path, "--help"])
        assert result.exit_code == 0, command
        for option in re.findall(r"--[a-z-]+", command):
            assert option in result.output, command


def test_every_make_target_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"make ([a-z]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_file_linked_exists() -> None:
    for target in re.findall(r"\]\(([^)h][^)]*)\)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("name", ["config/slack-manifest.json", "Procfile"])
def test_files_it_sends_people_to_exist(name: str) -> None:
    assert name.split("/")[-1] in README
    assert (ROOT / name).is_file()


def test_the_procfile_names_commands_that_exist() -> None:
    for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines():
        command = line.partition(": allybot ")[2]
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0, line


def test_a_users_mistake_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "allybot", "program", "list"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "allybot: ALLYBOT_SECRET_KEY is not set.\n"
    assert done.stdout == ""


def test_wrong_use_ends_with_two() -> None:
    assert CliRunner().invoke(app, ["enrol"]).exit_code == 2


def test_every_command_has_help_with_an_example() -> None:
    import typer.main  # noqa: PLC0415 - only this test looks inside

    def leaves(command, path):
        subcommands = getattr(command, "commands", None)
        if subcommands is None:
            yield path, command
            return
        for name, each in subcommands.items():
            yield from leaves(each, [*path, name])

    for path, command in leaves(typer.main.get_command(app), []):
        assert "Example: allybot" in (command.help or "") or "Example: " in (command.help or ""), path
