"""What the README says is so: everything in it is run."""

import contextlib
import csv
import io
import json
import re
import shlex
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as datetime_time
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen
from zoneinfo import ZoneInfo

import pytest
import typer.main
from typer.testing import CliRunner

from allybot.cli import app
from allybot.demo.workspace import Remote
from allybot.doctor.pasted import needed
from allybot.settings import Settings
from allybot.slack_app.installation import BACK_PATH, BEGIN_PATH
from slack_emulator import Emulator
from tests.shell import BOT_USER, CIRCLES, LEAD, PEOPLE, ROOT, Operator, Running, commands_of, office

README = (ROOT / "README.md").read_text(encoding="utf-8")
STEPS = README.partition("## Into a real workspace")[2].partition("| setting |")[0]


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operator:
    """Somebody at a shell in an empty directory."""
    return Operator(tmp_path, monkeypatch, capsys)


@pytest.fixture
def begun() -> Iterator[list[Running]]:
    """Commands that stay; whatever happens, they are gone afterwards."""
    running: list[Running] = []
    yield running
    for each in running:
        each.kill()


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
        default = (
            field.default.get_secret_value() if hasattr(field.default, "get_secret_value") else field.default
        )
        assert shown[name] == str(default)


def test_every_command_named_exists_with_the_options_it_is_shown_with() -> None:
    commands = set(commands_of(README))
    assert len(commands) >= 8
    for command in commands:
        words = shlex.split(command)[1:]
        path = []
        for word in words:
            if word.startswith("-") or not re.fullmatch(r"[a-z-]+", word):
                break
            path.append(word)
        result = CliRunner().invoke(app, [*path, "--help"])
        assert result.exit_code == 0, command
        for option in re.findall(r"--[a-z-]+", command):
            assert option in result.output, command


def test_every_address_named_is_one_that_is_served() -> None:
    named = set(re.findall(r"`https://your\.host(/[^`]+)`", README))
    assert named == {"/slack/events", BEGIN_PATH, BACK_PATH}


def test_every_make_target_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"make ([a-z]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_file_linked_exists() -> None:
    for target in re.findall(r"\]\(([^)h][^)]*)\)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("name", ["config/slack-manifest.json", "Procfile"])
def test_files_it_sends_people_to_exist(name: str) -> None:
    assert name.rpartition("/")[2] in README
    assert (ROOT / name).is_file()


def test_the_procfile_names_commands_that_exist() -> None:
    for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines():
        command = line.partition(": python -m allybot ")[2]
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0, line


def the_step(start: str) -> str:
    """The command of the README's list that begins like this, as it stands there."""
    return next(command for command in commands_of(STEPS) if command.startswith(start))


def test_the_first_message_in_a_direct_message_takes_five_commands_and_three_pastes() -> None:
    """`allybot setup` sends it; tests/test_setup.py counts what a newcomer types there."""
    block = STEPS.partition("2. `allybot setup`")[0]
    commands = [
        part for line in re.findall(r"^ {7}(\S.*)$", block, re.MULTILINE) for part in line.split("&&")
    ]
    assert len([*commands, "allybot setup"]) <= 5
    for way in ((False, False), (True, False), (True, True)):
        assert len(needed(over_http=way[0], many_workspaces=way[1])) <= 3


def a_list_of_people(folder: Path) -> Path:
    file = folder / "people.csv"
    rows = [
        (f"{user.casefold()}@example.org" if place % 2 else user, "A", CIRCLES[place % 2])
        for place, user in enumerate(PEOPLE)
    ]
    with file.open("w", newline="", encoding="utf-8") as sheet:
        csv.writer(sheet).writerows([("person", "cohort", "circle"), *rows])
    return file


def closing(days: int) -> str:
    """The day on which a window closes so many days after a training that ended today."""
    return (datetime.now(ZoneInfo("Europe/London")).date() + timedelta(days=days)).isoformat()


def set_up(operator: Operator) -> None:
    """Steps 5 and 6 of the list, as they stand there: they do on any day what a reader wants."""
    assert operator.types(the_step("allybot program create")).code == 0
    a_list_of_people(operator.folder)
    assert operator.types(f"{the_step('allybot enrol')} --yes").code == 0


def test_doctor_says_what_is_missing_until_nothing_is(slack: Emulator, operator: Operator) -> None:
    operator.at(slack)
    first = operator.types(the_step("allybot doctor"))
    assert first.code == 1
    assert "Run `allybot migrate` to make it" in first.out
    assert operator.types("allybot migrate").code == 0
    assert operator.types("allybot migrate").code == 0, "twice changes nothing"
    second = operator.types("allybot doctor")
    assert second.code == 0, second.out
    assert "Slack knows the bot token" in second.out
    findings = json.loads(operator.types("allybot doctor --json").out)["findings"]
    assert all(finding["good"] for finding in findings)
    for name in ("SLACK_BOT_TOKEN", "ALLYBOT_SECRET_KEY", "SLACK_SIGNING_SECRET"):
        assert operator.env[name] not in second.out


def test_a_support_contact_who_seems_to_be_a_lead_is_noted(slack: Emulator, operator: Operator) -> None:
    operator.installed_at(slack)
    for contact in ("Mira, HR", "Ms Okafor, +49 30 1", "mira@example.org", f"<@{LEAD}>"):
        name = f"For {contact[:3]}{len(contact)}"
        given = f'--support-contact "{contact}" --cohort "A=today" --lead {LEAD}'
        made = operator.types(f'allybot program create "{name}" {given}')
        assert made.code == 0
        (note,) = [line for line in made.err.splitlines() if "who leads the program" in line]
        assert note.startswith(f"Note: the support contact “{contact}” seems to be Mira Okafor"), note
    made = operator.types(
        'allybot program create Mirabelle --support-contact "Mirabelle, Hr Team" --cohort "A=today"'
    )
    later = operator.types(f"allybot program lead Mirabelle {LEAD}")
    assert (made.code, later.code) == (0, 0)
    assert "who leads the program" not in made.err + later.err


def test_a_program_is_set_up_as_the_list_says(slack: Emulator, operator: Operator) -> None:
    operator.installed_at(slack)
    made = operator.types(the_step("allybot program create"))
    assert made.code == 0
    assert "Noor, HR" in made.out
    assert "who leads the program" not in made.out
    assert LEAD in made.out
    assert f"closes {closing(42 + 14)}" in made.out

    a_list_of_people(operator.folder)
    enrol = the_step("allybot enrol")
    dry = operator.types(enrol)
    assert dry.code == 0
    assert f"Would enrol {len(PEOPLE)} in Spring 2026; 0 were there already." in dry.out
    assert "circle c0red (C0RED), 6: Person U0P00, Person U0P02," in dry.out
    assert "nothing was changed" in dry.out
    assert f"Enrolled {len(PEOPLE)} in Spring 2026" in operator.types(f"{enrol} --yes").out
    assert f"Enrolled 0 in Spring 2026; {len(PEOPLE)} were" in operator.types(f"{enrol} --yes").out

    assert re.search(
        r"Spring 2026 .* 1 .* not before Monday .* 10", operator.types("allybot program list").out
    )
    assert "is not known before Monday" in operator.types('allybot program show "Spring 2026"').out
    assert operator.types(f'allybot program lead "Spring 2026" {PEOPLE[0]}').code == 0
    assert PEOPLE[0] in operator.types('allybot program show "Spring 2026"').out
    assert operator.types(f'allybot program lead "Spring 2026" {PEOPLE[0]} --remove').code == 0
    assert "in the vault" in operator.types('allybot window show --program "Spring 2026"').out
    assert operator.types("allybot outbox list").out == "Nothing is parked.\n"


def test_figures_come_in_every_format(slack: Emulator, operator: Operator) -> None:
    operator.installed_at(slack)
    set_up(operator)
    told = json.loads(operator.types(the_step("allybot transfers")).out)
    assert told == {
        "program": "Spring 2026",
        "releases": [],
        "next": {"window": "1-6", "closes_on": closing(42 + 14)},
    }
    day = date.fromisoformat(closing(42 + 14))
    table = operator.types("allybot transfers --format table").out
    assert f"Weeks 1\u20136 close on {day.day} {day:%B %Y}." in table
    header = next(csv.reader(io.StringIO(operator.types("allybot transfers --format csv").out)))
    assert header[:3] == ["program", "window", "state"]
    page = operator.types("allybot transfers --format html").out
    assert page.startswith("<!doctype html>")
    assert "Spring 2026" in page


def soon(found: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def is_answered(remote: Remote, user: str) -> bool:
    """Types /allybot and waits for what only this person sees."""
    remote.post("command", channel=user, user=user, command="/allybot", text="")
    soon(
        lambda: any(
            message.get("ephemeral_to") == user and "what you can do with allybot" in message["text"]
            for message in remote.get(f"messages/{user}")["messages"]
        )
    )
    return True


def test_run_connects_answers_and_leaves_when_told(
    slack: Emulator, operator: Operator, begun: list[Running]
) -> None:
    operator.installed_at(slack)
    set_up(operator)
    remote = Remote(slack.url)
    running = operator.begin(the_step("allybot run"))
    begun.append(running)
    running.until(lambda: remote.get("state")["connections"] >= 1)
    assert is_answered(remote, PEOPLE[3])
    assert running.terminate() == 0, running.log
    assert "Traceback" not in running.log
    for secret in ("xoxb-office", "xapp-office", operator.env["ALLYBOT_SECRET_KEY"]):
        assert secret not in running.log


def until_a_working_morning() -> str:
    """How far to move the clock so that no welcome waits for working hours: to a Wednesday, 10:00 UTC."""
    now = datetime.now(UTC)
    days = (2 - now.weekday()) % 7 or 7
    then = datetime.combine(now.date() + timedelta(days=days), datetime_time(10), UTC)
    return f"PT{round((then - now).total_seconds() / 3600)}H"


def last_words(remote: Remote, user: str) -> str:
    messages = remote.get(f"messages/{user}")["messages"]
    return str(messages[-1]["text"]) if messages else ""


def test_web_and_worker_do_the_same_over_signed_http(operator: Operator, begun: list[Running]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    path = re.search(r"`https://your\.host(/[^`]+)`", README)
    assert path
    slack = office(f"{address}{path[1]}")
    slack.start()
    try:
        app = slack.config.app
        operator.installed_at(
            slack,
            PORT=str(port),
            ALLYBOT_CLOCK_OFFSET=until_a_working_morning(),
            SLACK_CLIENT_ID=app.client_id,
            SLACK_CLIENT_SECRET=app.client_secret,
        )
        set_up(operator)
        procfile = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
        web, worker = operator.begin(procfile["web"]), operator.begin(procfile["worker"])
        begun += [web, worker]
        web.until(lambda: _status(f"{address}/healthz") == 200)
        worker.until(lambda: "the worker runs" in worker.log)
        remote = Remote(slack.url)
        soon(lambda: "Nothing starts unless you say so." in last_words(remote, PEOPLE[4]))
        assert is_answered(remote, PEOPLE[4])
        served = re.search(r'"url": "(http://127\.0\.0\.1:\d+/metrics)"', worker.log)
        assert served, worker.log
        assert re.search(r"^allybot_messages_sent_total \S+$", _read(served[1]), re.MULTILINE)
        assert _status(f"{address}{path[1]}", b"{}") == 401, "unsigned"
        install = re.search(r"opens\s+`https://your\.host(/[^`]+)`", README)
        assert install
        # The cookie that binds it to the browser is for HTTPS; browsers count one's own machine as such.
        anywhere = DefaultCookiePolicy(secure_protocols=("http", "https"))
        browser = build_opener(HTTPCookieProcessor(CookieJar(anywhere)))
        with browser.open(f"{address}{install[1]}", timeout=10) as page:
            assert "allybot is in Office" in page.read().decode(), "over Slack's page and back"
        for each in (web, worker):
            assert each.terminate() == 0, each.log
            assert "Traceback" not in each.log
    finally:
        slack.stop()


def _status(url: str, body: bytes | None = None) -> int:
    try:
        with urlopen(Request(url, body), timeout=10) as answer:  # noqa: S310 - our own on loopback
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except OSError:
        return 0


def _read(url: str) -> str:
    with urlopen(url, timeout=10) as answer:  # noqa: S310 - our own on loopback
        return str(answer.read().decode())


def test_the_manifest_makes_an_app_the_bot_can_live_in(slack: Emulator) -> None:
    """The emulator refuses scopes, events and commands the manifest lacks, and has read it to start."""
    manifest = json.loads((ROOT / "config" / "slack-manifest.json").read_text(encoding="utf-8"))
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert slack.slack.workspaces["T0OFFICE"].bot_user == BOT_USER


def test_pip_install_gives_a_working_allybot_with_its_content(tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    _ok([sys.executable, "-m", "venv", "--without-pip", str(environment)])
    python = environment / "bin" / "python"
    here, there = (_ok([str(each), "-c", _SITE]).strip() for each in (sys.executable, python))
    # The libraries that allybot needs are read from where they are; allybot itself is installed anew.
    (Path(there) / "libraries.pth").write_text(here, encoding="utf-8")
    install = ["install", "--quiet", "--no-deps", "--no-build-isolation", "--ignore-installed"]
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    _ok([*pip, *install, str(ROOT)])
    content = "from allybot.content import default_directory, load_content; load_content()"
    told = _ok([str(python), "-I", "-c", f"{content}; print(default_directory())"]).strip()
    assert told == str(Path(there) / "allybot" / "config")
    for file in (
        "allybot/py.typed",
        "allybot/config/slack-manifest.json",
        "allybot/store/migrations/database/env.py",
        "slack_emulator/page/index.html",
    ):
        assert (Path(there) / file).is_file(), file
    secret = {"ALLYBOT_SECRET_KEY": "a test secret that is long enough", "PATH": "/usr/bin:/bin"}
    command = str(environment / "bin" / "allybot")
    assert "up to date" in _ok([command, "migrate"], cwd=tmp_path, env=secret)
    assert "Usage: allybot" in _ok([command, "--help"])


_SITE = "import sysconfig; print(sysconfig.get_path('purelib'))"


def _ok(words: list[str], **how: object) -> str:
    done = subprocess.run(  # noqa: S603 - our own commands
        words, capture_output=True, text=True, timeout=110, check=False, **how
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


MISTAKES = {
    "DATABASE_URL=mysql://somewhere allybot program list": "must begin with sqlite:/// or postgresql://",
    "DATABASE_URL=sqlite:////no/such/folder/x.db allybot migrate": "There is no folder /no/such/folder",
    "ALLYBOT_VAULT_URL=sqlite:////no/such/x.db allybot worker": "Make it, or correct ALLYBOT_VAULT_URL.",
    "DATABASE_URL=sqlite:/// allybot migrate": "An SQLite URL must name a file",
    "DATABASE_URL=postgresql://host:port/name allybot migrate": "and be a whole URL.",
    "SLACK_API_URL=http://127.0.0.1:1/api/ allybot program list": "Slack could not be reached",
    "SLACK_BOT_TOKEN=xoxb-wrong allybot program list": (
        "Slack refused (auth.test: invalid_auth): look at SLACK_BOT_TOKEN, or ask"
    ),
    "SLACK_APP_TOKEN=xapp-wrong allybot run": (
        "Slack refused (apps.connections.open: invalid_auth): look at SLACK_APP_TOKEN, or ask"
    ),
    "SLACK_APP_TOKEN= allybot run": "SLACK_APP_TOKEN is not set.",
    "SLACK_SIGNING_SECRET= allybot web": "SLACK_SIGNING_SECRET is not set.",
    "ALLYBOT_SECRET_KEY=short allybot program list": "ALLYBOT_SECRET_KEY must be at least 16 characters",
    "PORT=many allybot migrate": "PORT: ",
    "ALLYBOT_CLOCK_OFFSET=soon allybot migrate": "ALLYBOT_CLOCK_OFFSET: ",
    "SLACK_API_URL=slack.com allybot migrate": "SLACK_API_URL: it must be a web address such as https://slack",
    "SLACK_BOT_TOKEN=xoxb-wrong allybot web": "Slack refused (auth.test: invalid_auth)",
    "DATABASE_URL=sqlite:////no/such/folder/x.db allybot web": "There is no folder /no/such/folder",
    "ALLYBOT_SECRET_KEY= allybot web": "ALLYBOT_SECRET_KEY is not set. Make one with `openssl rand -hex 32`",
    "allybot person export ''": "Name the person by Slack user id or e-mail address.",
    "allybot program show Nowhere": "There is no program called Nowhere.",
    "allybot program create X --support-contact Mira --cohort A": "A cohort is written NAME=YYYY-MM-DD",
    "allybot program create X --support-contact Mira --cohort A=2026-13-09": "there is no day 2026-13-09",
    "allybot program create X --support-contact Mira --cohort A=0001-01-01": "more than ten years away",
    "allybot program create X --support-contact Mira --cohort A=9999-12-31": "more than ten years away",
    "allybot program create X --support-contact Mira --cohort A=2024-01-09": "add --confirm-dates.",
    "allybot program create X --support-contact Mira --cohort A=today --lead nobody@example.org": (
        "nobody@example.org is not in this workspace."
    ),
    "allybot program create X --support-contact Mira --cohort A=today --zone Mars": "not a time zone",
    "allybot enrol nowhere.csv --program X": "nowhere.csv cannot be read: No such file or directory.",
    "allybot transfers --program Nowhere": "There is no program",
    "allybot outbox retry nothing": "There is no message nothing.",
    "allybot window publish 1-6 --program X --key nowhere.key": "nowhere.key cannot be read as a key file.",
    "allybot emulator --config nowhere.json": "nowhere.json: No such file or directory",
}


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_is_answered_in_one_line(
    line: str, slack: Emulator, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator.installed_at(slack)
    settings = [word.partition("=") for word in shlex.split(line.partition("allybot ")[0])]
    for name, _, value in settings:
        monkeypatch.setenv(name, value)
    done = operator.types(f"allybot {line.partition('allybot ')[2]}")
    assert done.code == 1
    assert done.out == ""
    assert done.err.startswith("allybot: ")
    assert MISTAKES[line] in done.err
    assert done.err.count("\n") == 1


def test_doctor_finds_what_no_other_command_gets_past(slack: Emulator, operator: Operator) -> None:
    operator.at(slack, PORT="many")
    said = operator.types("allybot doctor --json")
    (finding,) = json.loads(said.out)["findings"]
    assert (said.code, said.err) == (1, "")
    assert (finding["what"], finding["good"]) == ("settings", False)
    assert finding["say"].startswith("PORT: ")
    operator.at(slack, PORT="")
    operator.types("allybot migrate")
    operator.at(slack, PORT="", SLACK_API_URL="http://127.0.0.1:1/api/")
    away = operator.types("allybot doctor")
    assert away.code == 1
    assert "Slack gave no answer (no_connection). Check SLACK_API_URL and the network." in away.out
    assert "Copy it anew" not in away.out


def test_a_file_that_is_no_database_is_named_as_that(slack: Emulator, operator: Operator) -> None:
    (operator.folder / "x.db").write_text("This is a letter, and long enough to be taken for a header.")
    for setting in ("DATABASE_URL", "ALLYBOT_VAULT_URL"):
        operator.at(slack, **{setting: "sqlite:///x.db"})
        for command in ("migrate", "program list", "doctor"):
            done = operator.types(f"allybot {command}")
            assert done.code == 1
            assert "The file is not an SQLite database, or is damaged." in done.err + done.out


def test_the_schema_of_a_newer_allybot_is_left_alone(slack: Emulator, operator: Operator) -> None:
    operator.installed_at(slack)
    operator.types("allybot migrate")
    with contextlib.closing(sqlite3.connect(operator.folder / "allybot.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    for command in ("migrate", "program list", "doctor"):
        done = operator.types(f"allybot {command}")
        assert done.code == 1
        assert (
            "The database has the schema of a newer allybot. Install that one again." in done.err + done.out
        )


def test_a_port_in_use_is_said_in_one_line(slack: Emulator, operator: Operator) -> None:
    operator.at(slack, PORT=str(slack.port))
    for line in (
        "allybot web",
        f"allybot emulator --port {slack.port}",
        f"allybot demo --no-browser --port {slack.port}",
    ):
        done = operator.types(line)
        assert (done.code, done.out) == (1, "")
        said = done.err.splitlines()[-1]
        assert said.startswith(f"allybot: Port {slack.port} cannot be used: Address already in use")
        assert len(done.err.splitlines()) == (2 if "demo" in line else 1)  # the demo says what it is doing


@pytest.mark.parametrize("command", ["emulator", "demo --no-browser"])
@pytest.mark.parametrize("port", ["-1", "65536", "many"])
def test_a_port_that_is_none_is_wrong_use(operator: Operator, command: str, port: str) -> None:
    assert operator.types(f"allybot {command} --port {port}").code == 2


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ('{"teams": 5}', "teams: Input should be a valid list"),
        ('{"teams": []}', "teams: List should have at least 1 item"),
        ('{"app": {"colour": "red"}}', "app.colour: Extra inputs are not permitted"),
        ('{"app": {"manifest": {"features": 5}}}', "the form of a Slack app manifest"),
        ('{"app": {"manifest": "nowhere.json"}}', "nowhere.json: No such file or directory"),
        ("{", "Expecting property name"),
    ],
)
def test_a_wrong_configuration_of_the_emulator_is_named_in_one_line(
    operator: Operator, config: str, said: str
) -> None:
    (operator.folder / "c.json").write_text(config)
    done = operator.types("allybot emulator --port 0 --config c.json")
    assert done.code == 1
    assert said in done.err
    assert done.err.count("\n") == 1


def test_a_key_that_no_window_takes_is_not_left_behind(slack: Emulator, operator: Operator) -> None:
    operator.installed_at(slack)
    done = operator.types('allybot window keygen --private-key k --program "Nowhere" --name 1-6')
    assert done.code == 1
    assert not (operator.folder / "k").exists()
    assert operator.types('allybot window keygen --private-key k --program "Nowhere"').code == 2
    assert not (operator.folder / "k").exists()


def test_a_mistake_leaves_nothing_half_done(slack: Emulator, operator: Operator) -> None:
    operator.installed_at(slack)
    operator.types(next(line for line in MISTAKES if "nobody@example.org" in line))
    assert "There is no program yet." in operator.types("allybot program list").out


def test_a_users_mistake_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "allybot", "program", "list"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("allybot: ALLYBOT_SECRET_KEY is not set. Make one with")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_wrong_use_ends_with_two() -> None:
    assert CliRunner().invoke(app, ["enrol"]).exit_code == 2


def test_every_command_has_help_with_an_example() -> None:
    def commands(command, path):
        yield path, command
        for name, each in getattr(command, "commands", {}).items():
            yield from commands(each, [*path, name])

    for path, command in commands(typer.main.get_command(app), []):
        example = (command.help or "").partition("Example: ")[2]
        assert " ".join(["allybot", *path]) in example, path
