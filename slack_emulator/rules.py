"""Combinators that validate JSON values; every error is reported with its JSON pointer.

The wording of faults follows what Slack answers in `response_metadata.messages`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Faults = list[str]
Rule = Callable[[Any, str, Faults], None]


def fault(faults: Faults, pointer: str, text: str) -> None:
    """Note one fault at a JSON pointer."""
    faults.append(f"{text} [json-pointer:{pointer}]")


def text_of(maximum: int, minimum: int = 0) -> Rule:
    """A string of `minimum` to `maximum` characters."""

    def check(value: Any, pointer: str, faults: Faults) -> None:
        if not isinstance(value, str):
            fault(faults, pointer, "must provide a string")
        elif len(value) > maximum:
            fault(faults, pointer, f"must be less than {maximum + 1} characters")
        elif len(value) < minimum:
            fault(faults, pointer, f"must be more than {minimum - 1} characters")

    return check


def pattern(expression: str, what: str) -> Rule:
    """A string of a given form, such as a date."""
    compiled = re.compile(expression)

    def check(value: Any, pointer: str, faults: Faults) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            fault(faults, pointer, f"must be {what}")

    return check


def truth(value: Any, pointer: str, faults: Faults) -> None:
    """A boolean."""
    if not isinstance(value, bool):
        fault(faults, pointer, "must provide a boolean")


def number(minimum: int, maximum: int) -> Rule:
    """A whole number within bounds."""

    def check(value: Any, pointer: str, faults: Faults) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            fault(faults, pointer, "must provide an integer")
        elif not minimum <= value <= maximum:
            fault(faults, pointer, f"must be between {minimum} and {maximum}")

    return check


def one_of(*words: str) -> Rule:
    """One of a few words."""

    def check(value: Any, pointer: str, faults: Faults) -> None:
        if value not in words:
            fault(faults, pointer, f"must be a valid enum value: {', '.join(words)}")

    return check


def anything(_value: Any, _pointer: str, _faults: Faults) -> None:
    """No rule at all: for parts this emulator does not look into."""


def items(rule: Rule, maximum: int, minimum: int = 1) -> Rule:
    """A list of `minimum` to `maximum` things."""

    def check(value: Any, pointer: str, faults: Faults) -> None:
        if not isinstance(value, list):
            fault(faults, pointer, "must provide an array")
            return
        if len(value) > maximum:
            fault(faults, pointer, f"no more than {maximum} items allowed")
        if len(value) < minimum:
            fault(faults, pointer, f"no less than {minimum} items allowed")
        for index, entry in enumerate(value[:maximum]):
            rule(entry, f"{pointer}/{index}", faults)

    return check


def fields(required: Mapping[str, Rule], optional: Mapping[str, Rule]) -> Rule:
    """An object with these fields and no others."""

    def check(value: Any, pointer: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            fault(faults, pointer, "must provide an object")
            return
        for name in required:
            if value.get(name) is None:
                fault(faults, pointer, f"missing required field: {name}")
        for name, entry in value.items():
            rule = required.get(name) or optional.get(name)
            if rule is None:
                fault(faults, pointer, f"invalid additional property: {name}")
            elif entry is not None:
                rule(entry, f"{pointer}/{name}", faults)

    return check


def by_type(kinds: Mapping[str, Rule]) -> Rule:
    """An object whose `type` chooses the rule."""

    def check(value: Any, pointer: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            fault(faults, pointer, "must provide an object")
            return
        kind = value.get("type")
        rule = kinds.get(kind) if isinstance(kind, str) else None
        if kind is None:
            fault(faults, pointer, "missing required field: type")
        elif rule is None:
            fault(faults, f"{pointer}/type", f"unsupported type: {kind}")
        else:
            rule(value, pointer, faults)

    return check


def all_of(*rules: Rule) -> Rule:
    """Several rules for the same value."""

    def check(value: Any, pointer: str, faults: Faults) -> None:
        for rule in rules:
            rule(value, pointer, faults)

    return check


def exactly_one(*names: str) -> Rule:
    """An object with one, and only one, of these fields."""

    def check(value: Any, pointer: str, faults: Faults) -> None:
        if isinstance(value, dict) and sum(value.get(name) is not None for name in names) != 1:
            fault(faults, pointer, f"must provide exactly one of: {', '.join(names)}")

    return check
