"""`allybot demo` and `allybot emulator`: the two commands that need the extra `emulator`.

The emulator and the demo are imported only when one of these commands runs; other installations neither need
nor load them.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from allybot import telemetry
from allybot.errors import UserError

_MISSING = 'The demo and the emulator need aiohttp, which is not installed: pip install "allybot[emulator]"'


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(demo)
    app.command()(emulator)


def demo(
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 takes a free one.")] = 8765,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the page.")] = False,
    play: Annotated[
        bool, typer.Option("--autoplay", help="Scripted people live through the program.")
    ] = False,
    people: Annotated[int, typer.Option(min=1, max=200, help="How many trainees.")] = 18,
    weeks: Annotated[int, typer.Option(min=1, max=52, help="How many weeks; 13 are the whole program.")] = 13,
    seed: Annotated[int, typer.Option(help="Drives habits and jitter, never the noise.")] = 1,
    database: Annotated[str, typer.Option(help="Database URL; a temporary SQLite file by default.")] = "",
    vault: Annotated[str, typer.Option(help="Vault URL; a temporary SQLite file by default.")] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="With --autoplay: one JSON object on stdout.")
    ] = False,
) -> None:
    """Live through the product with a local Slack; no Slack account is needed.

    Example: allybot demo --autoplay --json --no-browser
    """
    if as_json and not play:
        raise typer.BadParameter("--json goes with --autoplay.")
    telemetry.configure("ERROR", as_json=False)
    with _emulator_installed():
        from allybot.demo import DemoOptions, autoplay, walk_through

        options = DemoOptions(
            port=port,
            browser=not no_browser,
            people=people,
            weeks=weeks,
            seed=seed,
            database=database,
            vault=vault,
        )
        if not play:
            walk_through(options)
            return
        report = autoplay(options)
    typer.echo(json.dumps(report.as_json()) if as_json else report.in_words())
    if not report.holds:
        raise typer.Exit(1)


def emulator(
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8766,
    config: Annotated[Path | None, typer.Option(help="JSON or TOML file: workspaces, people, app.")] = None,
) -> None:
    """Run only the local Slack, for any Bolt app.

    Example: allybot emulator --port 8766
    """
    with _emulator_installed():
        from slack_emulator import EmulatorConfig, load_config, run

        run(load_config(config) if config else EmulatorConfig(), port)


@contextmanager
def _emulator_installed() -> Iterator[None]:
    """Report the emulator's errors as user errors.

    Raises:
        UserError: aiohttp is not installed, or the emulator failed.
    """
    if find_spec("aiohttp") is None:
        raise UserError(_MISSING)
    from slack_emulator import EmulatorError

    try:
        yield
    except EmulatorError as error:
        raise UserError(str(error)) from error
