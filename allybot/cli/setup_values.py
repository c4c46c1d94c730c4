"""The values that `allybot setup` takes: each is checked, asked for until it is right, and saved."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from allybot.cli.session import working
from allybot.errors import SettingsError

if TYPE_CHECKING:
    from allybot.doctor.finding import Finding
    from allybot.doctor.pasted import Pasted


def take(wanted: "Pasted", given: str, *, asks: bool) -> None:
    """One value: checked, asked for until it is right, and saved.

    Raises:
        SettingsError: it is missing or wrong, and nobody can be asked.
    """
    from allybot.settings import from_environment, of_the_environment

    outside = wanted.setting in of_the_environment()
    if outside and given and given != of_the_environment()[wanted.setting]:
        raise SettingsError(f"{wanted.setting} is set in the environment, too, which wins: unset it there.")
    is_there = bool(given) or getattr(from_environment(), wanted.field) is not None
    if not is_there and not asks:
        option = "" if wanted.setting == "SLACK_CLIENT_ID" else "-file"
        raise SettingsError(
            f"{wanted.setting} is missing. On the app's page: {wanted.where} Then set it in the environment, "
            f"or give --{wanted.name.replace(' ', '-')}{option}."
        )
    if not is_there:
        given = _pasted(wanted)
    while not (found := _checked(wanted, given)).good:
        if not asks or outside:
            where = f" {wanted.setting} is set in the environment: correct it there." if outside else ""
            raise SettingsError(found.say + where)
        typer.echo(f"!!  {found.say}")
        given = _pasted(wanted) or given
    typer.echo(f"ok  {found.what}: {found.say}")
    if given or outside:
        value = getattr(from_environment(**({wanted.setting: given} if given else {})), wanted.field)
        save(**{wanted.setting: value if isinstance(value, str) else value.get_secret_value()})


def _pasted(wanted: "Pasted") -> str:
    typer.echo(f"\nOn the app's page: {wanted.where}")
    hidden = f"Paste the {wanted.name}, which is not shown"
    pasted: str = typer.prompt(hidden, hide_input=True, default="", show_default=False)
    return pasted.strip()


def _checked(wanted: "Pasted", given: str) -> "Finding":
    from allybot.doctor.finding import Finding
    from allybot.settings import from_environment

    try:
        settings = from_environment(**({wanted.setting: given} if given else {}))
        with working("Asking Slack"):
            return wanted.check(settings)
    except SettingsError as error:
        return Finding(wanted.name, good=False, say=str(error))


def save(**values: str) -> Path:
    """Write settings into the settings file, by name; the file.

    Raises:
        SettingsError: it cannot be written.
    """
    from allybot.settings import place
    from allybot.settings.file import write

    write(place(), values)
    return place()
