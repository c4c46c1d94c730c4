"""Each install page lived from its own lines to a check-in in somebody's direct message.

The image's steps run in a folder of its own, which stands for the container; the libraries are read from
where they are, and allybot is installed anew. What only a host can do (users, units, engines, certificates)
is left out.
"""

import json
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from datetime import time as datetime_time
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
import yaml

from allybot.demo.workspace import Remote
from slack_emulator import Emulator
from tests.journeys.people import Person, words
from tests.shell import LEAD, PEOPLE, ROOT, Running, commands_of, office
from tests.support.install_pages import PAGES, lines_of, steps_of_the_image
from tests.support.ports import free_port
from tests.test_readme import until_a_working_morning

pytestmark = [pytest.mark.trial, pytest.mark.timeout(300)]
PAGE = {page.stem: page for page in PAGES}
SOMEBODY = PEOPLE[4]


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the Dockerfile's first stage makes: `opt` with allybot, and `source`, what it was made from."""
    root = tmp_path_factory.mktemp("image")
    source, opt = root / "source", root / "opt"
    source.mkdir()
    for word, step in steps_of_the_image()[0]:
        if word == "COPY":
            *named, to = step.split()
            for each in named:
                place = source / (to if to.endswith("/") or to == "." else ".") / Path(each).name
                if len(named) == 1 and (ROOT / each).is_dir():
                    place = source / to
                    shutil.copytree(ROOT / each, place, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    place.parent.mkdir(exist_ok=True)
                    shutil.copy(ROOT / each, place)
        elif word == "RUN":
            _run_step(step, source, opt)
    assert not list(opt.rglob("slack_emulator"))
    return root


def _run_step(step: str, source: Path, opt: Path) -> None:
    """One RUN of the Dockerfile, for a machine that asks no registry."""
    pip = [sys.executable, "-m", "pip", "--python", str(opt / "bin/python"), "--disable-pip-version-check"]
    line = step.replace("/opt/allybot", str(opt))
    if "-m venv" in step:
        _ok([sys.executable, "-m", "venv", "--without-pip", str(opt)], source)
    elif "--require-hashes" in step:
        where = "import sysconfig; print(sysconfig.get_path('purelib'))"
        here, there = (_ok([each, "-c", where], source) for each in (sys.executable, str(opt / "bin/python")))
        (Path(there) / "libraries.pth").write_text(here, encoding="utf-8")
    elif " uninstall " in step:
        assert re.search(r"(hatchling pathspec pluggy trove-classifiers|pip)$", step), (
            "it would harm this machine"
        )
    elif "bin/pip install" in step:
        _ok([*pip, *shlex.split(line)[1:], "--quiet", "--ignore-installed"], source)
    else:
        _ok(["bash", "-c", line], source)


def _ok(command: list[str], folder: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout.strip()


class Host:
    """A machine with allybot installed at `image`, and its folder and settings."""

    def __init__(self, image: Path, folder: Path, slack: Emulator) -> None:
        self.image, self.folder, self.slack = image, folder, slack
        self.env = {
            "PATH": f"{image / 'opt/bin'}:/usr/bin:/bin",
            "SLACK_API_URL": slack.api_url,
            "HOME": str(folder),
        }
        self.remote = Remote(slack.url)
        self.running: list[Running] = []
        self.somebody = Person(self.remote, SOMEBODY, "Somebody")

    def types(self, line: str, **more: str) -> str:
        """Run a line of a page, and what it printed."""
        return _ok(["bash", "-c", line], self.folder, {**self.env, **more})

    def begins(self, line: str, folder: Path | None = None, **more: str) -> Running:
        """Start what stays; `python` and `allybot` are those that were installed."""
        first, *rest = shlex.split(line)
        place = self.image / "opt/bin" / Path(first).name
        log_folder = folder or self.folder
        self.running.append(Running([str(place), *rest], log_folder, {**self.env, **more}))
        return self.running[-1]

    def enrols_somebody(self) -> None:
        """The lines of the README after setup."""
        steps = commands_of(README)
        self.types(next(each for each in steps if each.startswith("allybot program create")))
        (self.folder / "people.csv").write_text(f"person,cohort\n{SOMEBODY},A\n")
        self.types(next(each for each in steps if each.startswith("allybot enrol")) + " --yes")

    def lives_to_a_check_in(self, stays: Callable[[str], object], posts: Callable[[str], Running]) -> None:
        """Welcome, yes, plan, and days later the question.

        Args:
            stays: starts with a clock offset what takes Slack's payloads, if it is another process.
            posts: starts with a clock offset what posts.
        """
        morning = until_a_working_morning()
        stays(morning)
        worker = posts(morning)
        self._waits(worker, lambda: self._has_read("You made if-then plans in Spring 2026"))
        self.somebody.presses("Start")
        self._waits(worker, lambda: self._has_read("Which plan of your training do you remember best?"))
        self.somebody.presses("Use this")
        self.somebody.submits(self.somebody.modal("Write a plan"))
        self.somebody.modal("Your plan")
        exported = self._planned_on()
        assert worker.terminate() == 0, worker.log
        asked = datetime.combine(exported, datetime_time(13), UTC)
        hours = round((asked - datetime.now(UTC)).total_seconds() / 3600)
        later = posts(f"PT{hours}H")
        self._waits(later, lambda: self._has_read("did the moment of your plan come up"))
        for each in self.running:
            assert "Traceback" not in each.log

    def _planned_on(self) -> date:
        held = json.loads(self.types(f"allybot person export {SOMEBODY}"))
        found = re.search(r'"next_check_in[a-z_]*": "(\d{4}-\d\d-\d\d)', json.dumps(held))
        assert found, held
        return date.fromisoformat(found[1])

    def _has_read(self, part: str) -> bool:
        return any(part in words(message) for message in self.somebody.messages())

    def _waits(self, process: Running, found: Callable[[], object]) -> None:
        process.until(found, 90)


README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def host(image: Path, tmp_path: Path) -> Iterator[Callable[[Emulator], Host]]:
    """Makes a host that talks to a Slack; both are gone afterwards."""
    made: list[Host] = []

    def make(slack: Emulator) -> Host:
        slack.start()
        made.append(Host(image, tmp_path, slack))
        return made[-1]

    yield make
    for each in made:
        for process in each.running:
            process.kill()
        each.slack.stop()


def over_http() -> tuple[Emulator, dict[str, str]]:
    """A Slack that calls a free port of this machine, and where `allybot web` then listens."""
    port = str(free_port())
    return office(f"http://127.0.0.1:{port}/slack/events"), {"PORT": port, "ALLYBOT_ADDRESS": "127.0.0.1"}


def secrets_of(slack: Emulator, folder: Path) -> None:
    """What an operator has copied from the app's page, in files."""
    app = slack.config.app
    values = {
        "bot": "xoxb-office",
        "app": app.app_token,
        "secret": app.signing_secret,
        "client": app.client_secret,
    }
    for name, value in values.items():
        (folder / name).write_text(value)


def test_on_a_machine_of_ones_own(host: Callable[[Emulator], Host], tmp_path: Path) -> None:
    machine = host(office())
    secrets_of(machine.slack, tmp_path)
    lines = [line.removeprefix("sudo -u allybot ") for line in lines_of(PAGE["own-machine"])]

    def here(line: str) -> str:
        return line.replace("/opt/allybot/bin/", "")

    setup, doctor = (
        next(line for line in lines if line.endswith(f"allybot {each}")) for each in ("setup", "doctor")
    )
    machine.types(f"{here(setup)} --bot-token-file bot --app-token-file app --test-message mira@example.org")
    assert len(Person(machine.remote, LEAD, "Mira").messages()) == 4
    machine.types(here(doctor))
    machine.enrols_somebody()

    def started_by(unit: str) -> str:
        found = re.search(r"^ExecStart=(.*)$", (ROOT / "deploy" / unit).read_text(), re.MULTILINE)
        assert found
        return found[1]

    backup = here(started_by("allybot-backup.service")).replace(" /", f" {machine.folder}/")
    assert "Deleted as too old: 0 backups and 0 files of keys." in machine.types(backup)

    def run(offset: str) -> Running:
        return machine.begins(started_by("allybot.service"), ALLYBOT_CLOCK_OFFSET=offset)

    machine.lives_to_a_check_in(lambda _offset: None, run)


def test_in_containers(
    host: Callable[[Emulator], Host], tmp_path: Path, postgres_database: Callable[[str], str]
) -> None:
    slack, listens = over_http()
    machine = host(slack)
    secrets_of(slack, tmp_path)
    services = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]
    settings = {"ALLYBOT_SETTINGS": str(tmp_path / "allybot.env")}
    of_all = {
        **settings,
        **{name: postgres_database(name.casefold()) for name in ("DATABASE_URL", "ALLYBOT_VAULT_URL")},
    }
    assert set(services["web"]["environment"]) == set(of_all)
    machine.env |= of_all
    entry = json.loads(next(step for word, step in steps_of_the_image()[1] if word == "ENTRYPOINT"))
    setup = shlex.join([*entry, *services["setup"]["command"]]).replace(
        "${ALLYBOT_HOST:?}", "allybot.example.org"
    )
    machine.types(f"{setup.replace(chr(39), '')} --bot-token-file bot --signing-secret-file secret")
    machine.enrols_somebody()

    def begin(name: str, offset: str, **more: str) -> Running:
        return machine.begins(
            shlex.join([*entry, *services[name]["command"]]), ALLYBOT_CLOCK_OFFSET=offset, **more
        )

    machine.lives_to_a_check_in(
        lambda offset: _listening(begin("web", offset, **listens), listens["PORT"]),
        lambda offset: begin("worker", offset),
    )
    health = json.loads(
        next(step for word, step in steps_of_the_image()[1] if word == "HEALTHCHECK").partition("CMD ")[2]
    )
    served = re.search(r"http://127\.0\.0\.1:(\d+)/metrics", machine.running[-1].log)
    assert served
    machine.types(shlex.join([health[0], health[1], health[2].replace("9464", served[1])]))


def test_on_a_host_that_reads_a_procfile(
    host: Callable[[Emulator], Host], tmp_path: Path, postgres_database: Callable[[str], str]
) -> None:
    slack, listens = over_http()
    machine = host(slack)
    secrets_of(slack, tmp_path)
    lines = lines_of(PAGE["procfile-host"])
    given = {
        line.partition(" ")[2].partition("=")[0]: postgres_database("heroku").replace(
            "postgresql://", "postgres://"
        )
        for line in lines
        if line.startswith("export ")
    }
    setup = next(line for line in lines if line.startswith("allybot setup"))
    machine.types(f"{setup} --bot-token-file bot --signing-secret-file secret", **given)
    copied = dict(line.split("=", 1) for line in (tmp_path / "allybot.env").read_text().splitlines())
    machine.env |= {name: value.strip('"') for name, value in copied.items()} | given
    machine.enrols_somebody()
    (tmp_path / "allybot.env").unlink()
    procfile = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert lines[-2:] == ["PORT=3000 allybot web", "allybot worker"]

    def begin(name: str, offset: str, **more: str) -> Running:
        checkout = machine.image / "source"
        return machine.begins(procfile[name], checkout, ALLYBOT_CLOCK_OFFSET=offset, **more)

    machine.lives_to_a_check_in(
        lambda offset: _listening(begin("web", offset, **listens), listens["PORT"]),
        lambda offset: begin("worker", offset),
    )


def test_for_many_workspaces(host: Callable[[Emulator], Host], tmp_path: Path) -> None:
    slack, listens = over_http()
    machine = host(slack)
    secrets_of(slack, tmp_path)
    setup = next(line for line in lines_of(PAGE["many-workspaces"]) if line.startswith("allybot setup"))
    setup = setup.replace("T01ABCDEF,T02GHIJKL", "T0OFFICE,T0OTHER")
    app = slack.config.app
    machine.types(
        f"{setup} --signing-secret-file secret --client-id {app.client_id} --client-secret-file client"
    )

    def web(offset: str) -> Running:
        started = machine.begins("allybot web", ALLYBOT_CLOCK_OFFSET=offset, **listens)
        return _listening(started, listens["PORT"])

    first = web("PT0H")
    anywhere = DefaultCookiePolicy(secure_protocols=("http", "https"))
    browser = build_opener(HTTPCookieProcessor(CookieJar(anywhere)))
    with browser.open(f"http://127.0.0.1:{listens['PORT']}/slack/install", timeout=20) as page:
        assert "allybot is in Office" in page.read().decode()
    assert first.terminate() == 0
    machine.enrols_somebody()
    machine.lives_to_a_check_in(
        web, lambda offset: machine.begins("allybot worker", ALLYBOT_CLOCK_OFFSET=offset)
    )


def _listening(web: Running, port: str) -> Running:
    web.until(lambda: _is_open(int(port)))
    return web


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
