"""Every public prompt of allybot, found by its signature. A new one is found by itself."""

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Iterator
from typing import Any

import allybot.prompts
from allybot.i18n import Say
from allybot.message import Message, View

PARTS = {
    "blocks.message",
    "blocks.modal",
    "circles.text_forms.form",
    "help.covered",
    "help.plain",
    "programs.adding.modal",
}
"""What messages and views are put together from: words that are said already."""


def prompts() -> Iterator[Callable[..., Any]]:
    """Every public function that says something."""
    for found in pkgutil.walk_packages(allybot.prompts.__path__, "allybot.prompts."):
        module = importlib.import_module(found.name)
        for name, prompt in vars(module).items():
            if not inspect.isfunction(prompt) or prompt.__module__ != module.__name__ or name.startswith("_"):
                continue
            hints = typing.get_type_hints(prompt)
            if name_of(prompt) in PARTS:
                continue
            if hints.get("say") is Say and hints["return"] in {
                Message,
                View,
                str,
                tuple[str, ...],
                tuple[str, str],
            }:
                yield prompt


def screens() -> list[Callable[..., Message | View]]:
    """Those that make a message or a view."""
    return [prompt for prompt in prompts() if typing.get_type_hints(prompt)["return"] in {Message, View}]


def name_of(prompt: Callable[..., Any]) -> str:
    """Such as `trainees.welcome.goodbye`."""
    return f"{prompt.__module__.removeprefix('allybot.prompts.')}.{prompt.__name__}"
