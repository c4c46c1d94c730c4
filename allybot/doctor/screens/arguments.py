"""Makes arguments for any prompt from its signature, with a random generator.

A prompt that takes a new kind of value needs a line in `values.py`, or in `Arguments.__init__`.
"""

import dataclasses
import inspect
import types
import typing
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from fractions import Fraction
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from allybot.content import Content, Library, Scenario, own_scenarios
from allybot.content.own_scenarios import Words
from allybot.doctor.screens.values import (
    LEAST,
    LEGAL_NAME,
    LEGAL_QUESTION,
    LENGTHS,
    MOST,
    NUMBERS,
    choices,
    release,
)
from allybot.domain.cells import Cell, Interval, People
from allybot.domain.figures import Release
from allybot.domain.plans import Plan, PlanKind, PlanState
from allybot.domain.program_changes import ProgramChange, What
from allybot.domain.role_stories import LONGEST
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.check_ins import messages
from allybot.prompts.circles.text_forms import quoted
from allybot.prompts.trainees import commands

Maker = Callable[[], Any]
_FIRST, _LAST = date(2025, 1, 1), date(2027, 12, 31)


class Arguments:
    """Makes arguments for prompts, from one alphabet.

    Args:
        say: the language to speak.
        fillers: what people's own words are made of, repeated to any length.
        content: whose scenarios and library are shown.
        chance: what differs from one call to the next.
        at_most: how often a text or a list is as long as it may be, 0 to 1.
        libraries, scenarios: what is shown besides those.
    """

    def __init__(
        self,
        say: Say,
        fillers: tuple[str, ...],
        content: Content,
        chance: Random,
        at_most: float = 0.5,
        *,
        libraries: Sequence[Library] = (),
        scenarios: Sequence[Scenario] = (),
    ) -> None:
        self.fillers = fillers
        self._chance = chance
        self._at_most = at_most
        self._choices = choices(content)
        pick = chance.choice
        self._known: dict[Any, Maker] = {
            Say: lambda: say,
            bool: lambda: pick([False, True]),
            bytes: lambda: b"",
            type(None): lambda: None,
            date: self._day,
            time: lambda: time(chance.randint(0, 23), pick([0, 30])),
            datetime: lambda: datetime.combine(
                self._day(), time(chance.randint(0, 23), chance.randint(0, 59)), UTC
            ),
            ZoneInfo: lambda: ZoneInfo(pick(["Europe/Berlin", "Pacific/Auckland"])),
            Library: lambda: pick([content.plan_library, *libraries]),
            Content: lambda: content,
            Scenario: lambda: pick([*content.scenarios, *scenarios]),
            Release: lambda: release(chance),
            Cell: lambda: self._until(lambda: release(chance), lambda made: bool(made.cells)).cells[0],
            ProgramChange: self._change,
            Fraction: lambda: Fraction(chance.randint(-100, 100), 100),
            float: chance.random,
            Interval: lambda: Interval(0.25, 0.75),
            People: lambda: People(3, 9),
            Message: lambda: commands.overview(say, self.fillers[0], is_lead=True),
            Words: lambda: self._words({**own_scenarios.LONGEST, **LONGEST}),
            dict[str, str]: lambda: self._words({f"own-{'7' * 31}{number}": 75 for number in range(9)}),
            list[dict[str, Any]]: lambda: pick([[], [messages.answer_buttons(say, "7" * 32)]]),
        }

    def of(self, prompt: Callable[..., Any]) -> dict[str, Any]:
        """Keyword arguments for a prompt, its `say` included."""
        hints = typing.get_type_hints(prompt)
        owner = f"{prompt.__module__}.{prompt.__name__}"
        return {name: self.value(name, hints[name], owner) for name in inspect.signature(prompt).parameters}

    def value(self, name: str, hint: Any, owner: str) -> Any:
        """Something for a parameter or a field of this name and type."""
        special = self._special(name, owner)
        if special is not None:
            return special()
        if (known := self._known.get(hint)) is not None:
            return known()
        if typing.get_origin(hint) is not None:
            return self._several(name, hint, owner)
        if hint is str:
            own = f"{owner}.{name}"
            return self._word(own if own in self._choices or own in LENGTHS else name)
        if hint is int:
            return self._chance.randint(*NUMBERS.get(name, (0, 99)))
        if dataclasses.is_dataclass(hint):
            fields = [field.name for field in dataclasses.fields(hint) if field.init]
            return self._made(hint, typing.get_type_hints(hint), fields)
        if issubclass(hint, Enum):
            return self._chance.choice(list(hint))
        if issubclass(hint, ids.Value):
            kinds = {each: info.annotation for each, info in hint.model_fields.items() if each != "v"}
            return self._made(hint, kinds, list(kinds))
        raise NotImplementedError(f"{owner}: how does one make a {name} ({hint})?")

    def _made(self, kind: Any, hints: dict[str, Any], fields: list[str]) -> Any:
        return kind(**{each: self.value(each, hints[each], kind.__name__) for each in fields})

    def _several(self, name: str, hint: Any, owner: str) -> Any:
        """A value of a union, or of a tuple, a set or a list."""
        origin, inside = typing.get_origin(hint), typing.get_args(hint)
        if origin in {typing.Union, types.UnionType}:
            return self.value(name, self._chance.choice(inside), owner)
        if origin is tuple and inside[-1] is not Ellipsis:
            return tuple(self.value(name, each, owner) for each in inside)
        entries = [
            self.value(name, inside[0], owner)
            for _ in range(self._size(LEAST.get(name, 0), MOST.get(name, 3)))
        ]
        return tuple(entries) if origin is tuple else frozenset(entries) if origin is frozenset else entries

    def _special(self, name: str, owner: str) -> Maker | None:
        """Arguments that only make sense together."""
        match owner, name:
            case "allybot.prompts.plans.list.plan_list", "plans":
                return self._plans
            case "allybot.prompts.plans.list.plan_list", "focus":
                return lambda: None
            case "allybot.prompts.plans.form.plan_form", "value":
                return lambda: self._until(
                    lambda: self.value("", ids.PlanFormValue, ""),
                    lambda value: value.step is not ids.PlanStep.SWAP,
                )
            case "allybot.prompts.plans.swap.swap_form", "held":
                return lambda: self._until(
                    lambda: [plan for plan in self._plans() if plan.state is PlanState.ACTIVE], bool
                )
            case "allybot.prompts.circles.questions.answered_question", "words":
                return lambda: [each["text"]["text"] for each in quoted(self.text(LEGAL_QUESTION), "*1*")]
            case "CircleWeek", "counts":
                return lambda: self._chance.choice(
                    [None, tuple(self._chance.randint(0, 12) for _ in range(5))]
                )
        return None

    def text(self, most: int, least: int = 1) -> str:
        """A person's words: mostly as long as they may be."""
        filler, size = self._chance.choice(self.fillers), self._size(least, most)
        return ((filler * size)[:size].strip() or filler.strip())[:size]

    def _size(self, least: int, most: int) -> int:
        return most if self._chance.random() < self._at_most else self._chance.randint(least, most)

    def _word(self, name: str) -> str:
        if name in self._choices:
            return self._chance.choice(self._choices[name])
        if name in LENGTHS:
            return self.text(LENGTHS[name])
        if (
            name == "id"
            or name.endswith("_id")
            or name in {"last_answered", "form", "plan", "check_in", "week", "outbox", "question"}
        ):
            return "7" * 32
        return self.text(LEGAL_NAME)

    def _day(self) -> date:
        return _FIRST + timedelta(days=self._chance.randint(0, (_LAST - _FIRST).days))

    def _until(self, make: Maker, wanted: Callable[[Any], bool]) -> Any:
        while not wanted(found := make()):
            pass
        return found

    def _words(self, most: dict[str, int]) -> dict[str, str]:
        """What stands in some of these fields, by their names."""
        given = [field for field in most if self._size(0, 1)]
        return {field: self.text(most[field]) for field in given}

    def _change(self) -> ProgramChange:
        """A change whose values are days where its kind has days."""
        what = self._chance.choice(list(What))
        dated = {What.TRAINING, What.COHORT_ADDED, What.CLOSURE_ADDED, What.CLOSURE_REMOVED}
        user, by = "U0123456789", self._chance.choice([None, "U0123456789"])
        about = user if what in {What.LEAD_ADDED, What.LEAD_REMOVED} else self.text(LEGAL_NAME)
        if what.is_about_a_scenario:  # a title, which has no braces
            about = self._chance.choice(["", self.value("story", Scenario, "").title])
        was, now = (
            "2026-01-09" if what in dated else self._chance.choice(["", self.text(LEGAL_NAME)])
            for _ in range(2)
        )
        return ProgramChange(self._day(), by, what, about, was, now)

    def _plans(self) -> tuple[Plan, ...]:
        """At most three active plans, one of each kind, and any number put aside or done."""
        plans = [self.value("plan", Plan, "") for _ in range(self._size(0, 12))]
        active, aside = self._chance.randint(0, 3), self._chance.randint(0, 6)
        return tuple(
            dataclasses.replace(
                plan,
                id=f"{place:032d}",
                kind=list(PlanKind)[place % 4],
                state=PlanState.ACTIVE
                if place < active
                else PlanState.RETIRED
                if place < active + aside
                else PlanState.FINISHED,
            )
            for place, plan in enumerate(plans)
        )
