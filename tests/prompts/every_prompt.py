"""Everything allybot can say: each public prompt, with arguments made from its signature.

A new prompt is found by itself. One that takes a new kind of value needs a line in `CHOICES`, `NUMBERS` or
`_by_type`.
"""

import dataclasses
import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from enum import Enum
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

import allybot.prompts
from allybot.content import Content, Library, Scenario, WholePlan, load_content, own_scenarios
from allybot.content.own_scenarios import Words
from allybot.domain import suggestions
from allybot.domain.anonymity import HISTOGRAM, Tier
from allybot.domain.cells import Cell, Interval, People
from allybot.domain.check_ins import CheckInState, Pick
from allybot.domain.circle_questions import TextKind
from allybot.domain.deeds import MAX_DEED_LENGTH, MOST_IN_A_ROUND
from allybot.domain.figures import Release, release_of
from allybot.domain.notes import MAX_NOTE_LENGTH, MAX_NOTES
from allybot.domain.plans import BARRIERS, Plan, PlanKind, PlanState
from allybot.domain.program_changes import ProgramChange, What
from allybot.domain.role_stories import LONGEST
from allybot.domain.windows import WindowState
from allybot.errors import AllybotError
from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts import ids
from allybot.prompts.check_ins import messages
from allybot.prompts.circles.text_forms import quoted
from allybot.prompts.trainees import commands
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState

LEGAL_NAME, LEGAL_HALF, LEGAL_WHY, LEGAL_QUESTION = 200, 300, 500, 1000
"""Longest names (tables), halves of a plan, whys and questions (allybot.toml), in characters."""
CONTENT = load_content()

HOSTILE = (
    "&",
    "<!channel> ",
    "*_~` ",
    '"\\',
    "x",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 ", "\u05e9\u05dc\u05d5\u05dd ",
    "<@U1|you> ", "Straße {name} ", "a b ",
)  # fmt: skip
"""What people may type; repeated to any length."""
FOREIGN = ("\u03bb\u03cc\u03b3\u03bf\u03c2 ", "\u05e9\u05dc\u05d5\u05dd ", "12 & < > \u2764 ")
"""The same without a Latin letter, so that every Latin letter left is ours."""


class Arguments:
    """Makes arguments for prompts, from one alphabet.

    Args:
        say: the language to speak.
        fillers: what people's own words are made of.
        invented: whether content beyond what ships may be drawn, at its longest.
    """

    def __init__(self, say: Say, fillers: tuple[str, ...], *, invented: bool) -> None:
        self.say = say
        self.fillers = fillers
        self.invented = invented
        self._known = self._by_type()
        self._made: dict[Callable[..., Any], st.SearchStrategy[dict[str, Any]]] = {}

    def text(self, most: int, least: int = 1) -> st.SearchStrategy[str]:
        """A person's words: mostly as long as they may be."""
        length = st.one_of(st.just(most), st.integers(least, most))
        return st.builds(
            lambda filler, size: ((filler * size)[:size].strip() or filler.strip())[:size],
            st.sampled_from(self.fillers),
            length,
        )

    def of(self, prompt: Callable[..., Any]) -> st.SearchStrategy[dict[str, Any]]:
        """Keyword arguments for a prompt, its `say` included."""
        if prompt not in self._made:
            hints = typing.get_type_hints(prompt)
            wanted = {
                name: self.value(name, hints[name], f"{prompt.__module__}.{prompt.__name__}")
                for name in inspect.signature(prompt).parameters
            }
            self._made[prompt] = st.fixed_dictionaries(wanted)
        return self._made[prompt]

    def value(self, name: str, hint: Any, owner: str) -> st.SearchStrategy[Any]:  # noqa: C901, PLR0912 - a table of cases
        """Something for a parameter or a field of this name and type."""
        if owner == "allybot.prompts.plans.list.plan_list" and name in {"plans", "focus"}:
            return {"plans": self._plans(), "focus": st.none()}[name]
        if owner == "allybot.prompts.plans.form.plan_form" and name == "value":
            return self.value("", hint, "").filter(lambda value: value.step is not ids.PlanStep.SWAP)
        if owner == "allybot.prompts.plans.swap.swap_form" and name == "held":
            plans = self._plans().map(
                lambda found: [plan for plan in found if plan.state is PlanState.ACTIVE]
            )
            return plans.filter(bool)
        if owner == "allybot.prompts.circles.questions.answered_question" and name == "words":
            return self.text(LEGAL_QUESTION).map(
                lambda words: [each["text"]["text"] for each in quoted(words, "*1*")]
            )
        if owner == "CircleWeek" and name == "counts":
            return st.none() | st.tuples(*[st.integers(0, 12)] * 5)
        if (found := self._known.get(hint)) is not None:
            return found
        origin, inside = typing.get_origin(hint), typing.get_args(hint)
        if origin in {typing.Union, types.UnionType}:
            return st.one_of(*(self.value(name, each, owner) for each in inside))
        if origin is tuple and inside[-1] is Ellipsis:
            return st.lists(
                self.value(name, inside[0], owner), min_size=LEAST.get(name, 0), max_size=MOST.get(name, 3)
            ).map(tuple)
        if origin is frozenset:
            return st.frozensets(self.value(name, inside[0], owner), max_size=MOST.get(name, 3))
        if origin is tuple:
            return st.tuples(*(self.value(name, each, owner) for each in inside))
        if origin is not None and issubclass(origin, typing.Sequence):
            return st.lists(
                self.value(name, inside[0], owner), min_size=LEAST.get(name, 0), max_size=MOST.get(name, 3)
            )
        if hint is str:
            own = f"{owner}.{name}"
            return self._word(own if own in CHOICES or own in LENGTHS else name)
        if hint is int:
            return st.integers(*NUMBERS.get(name, (0, 99)))
        if dataclasses.is_dataclass(hint):
            fields = {field.name for field in dataclasses.fields(hint) if field.init}
            hints = typing.get_type_hints(hint)
            return st.builds(hint, **{each: self.value(each, hints[each], hint.__name__) for each in fields})
        if issubclass(hint, Enum):
            return st.sampled_from(list(hint))
        if issubclass(hint, AllybotError):
            return st.builds(hint)
        if issubclass(hint, ids.Value):
            fields = {each: info.annotation for each, info in hint.model_fields.items() if each != "v"}
            return st.builds(
                hint, **{each: self.value(each, kind, hint.__name__) for each, kind in fields.items()}
            )
        raise NotImplementedError(f"{owner}: how does one make a {name} ({hint})?")

    def _word(self, name: str) -> st.SearchStrategy[str]:
        if name in CHOICES:
            return st.sampled_from(CHOICES[name])
        if name in LENGTHS:
            return self.text(LENGTHS[name])
        if (
            name == "id"
            or name.endswith("_id")
            or name in {"last_answered", "form", "plan", "check_in", "week", "outbox", "question"}
        ):
            return st.just("7" * 32)
        return self.text(LEGAL_NAME)

    def _by_type(self) -> dict[Any, st.SearchStrategy[Any]]:
        return {
            Say: st.just(self.say),
            bool: st.booleans(),
            bytes: st.just(b""),
            type(None): st.none(),
            date: st.dates(date(2025, 1, 1), date(2027, 12, 31)),
            time: st.builds(time, st.integers(0, 23), st.sampled_from([0, 30])),
            datetime: st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
            ZoneInfo: st.sampled_from([ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")]),
            Library: st.just(CONTENT.plan_library) if not self.invented else st.sampled_from(_libraries()),
            Content: st.just(CONTENT),
            Scenario: st.sampled_from(
                [*CONTENT.scenarios, *([_longest_scenario()] if self.invented else [])]
            ),
            Release: _releases(),
            Cell: _releases().filter(lambda made: bool(made.cells)).map(lambda made: made.cells[0]),
            ProgramChange: self._changes(),
            Fraction: st.fractions(-1, 1),
            float: st.floats(0, 1),
            Interval: st.just(Interval(0.25, 0.75)),
            People: st.just(People(3, 9)),
            Message: st.just(commands.overview(self.say, self.fillers[0], is_lead=True)),
            Words: self._words({**own_scenarios.LONGEST, **LONGEST}),
            dict[str, str]: self._words({f"own-{'7' * 31}{number}": 75 for number in range(9)}),
            list[dict[str, Any]]: st.sampled_from([[], [messages.answer_buttons(self.say, "7" * 32)]]),
        }

    def _words(self, longest: dict[str, int]) -> st.SearchStrategy[dict[str, str]]:
        """What stands in some of these fields, by their names."""
        fields = {field: self.text(most) for field, most in longest.items()}
        return st.fixed_dictionaries({}, optional=fields)

    def _changes(self) -> st.SearchStrategy[ProgramChange]:
        """A change whose values are days where its kind has days."""
        user, words, day = st.just("U0123456789"), self.text(LEGAL_NAME), st.just("2026-01-09")
        dated = {What.TRAINING, What.COHORT_ADDED, What.CLOSURE_ADDED, What.CLOSURE_REMOVED}
        leads = {What.LEAD_ADDED, What.LEAD_REMOVED}

        def of(what: What) -> st.SearchStrategy[ProgramChange]:
            values = day if what in dated else st.just("") | words
            about = user if what in leads else words
            on = st.dates(date(2025, 1, 1), date(2027, 12, 31))
            return st.builds(ProgramChange, on, st.none() | user, st.just(what), about, values, values)

        return st.sampled_from(list(What)).flatmap(of)

    def _plans(self) -> st.SearchStrategy[tuple[Plan, ...]]:
        """At most three active plans, one of each kind, and any number put aside or done."""

        def numbered(plans: list[Plan], active: int, aside: int) -> tuple[Plan, ...]:
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

        plans = st.lists(self.value("plan", Plan, ""), max_size=12)
        return st.builds(numbered, plans, st.integers(0, 3), st.integers(0, 6))


LENGTHS = {
    "names": 1000,
    "ReviewPage.text": 3000,
    "cue": LEGAL_HALF,
    "response": LEGAL_HALF,
    "coping": LEGAL_HALF,
    "wish": ids.MAX_THOUGHT_LENGTH,
    "own_obstacle": ids.MAX_THOUGHT_LENGTH,
    "why": LEGAL_WHY,
    "word": LEGAL_WHY,
    "text": LEGAL_QUESTION,
    "questions": LEGAL_QUESTION,
    "deeds": MAX_DEED_LENGTH,
    "texts": MAX_DEED_LENGTH,
    "allybot.prompts.circles.deeds.named_deed.text": MAX_DEED_LENGTH,
    "allybot.prompts.circles.deeds.tell_form.text": MAX_DEED_LENGTH,
    "words": LEGAL_WHY,
    **{f"StoryWords.{part}": most for part, most in LONGEST.items()},
    "emergency_number": 20,
    "zone": 40,
    "ChangeFormValue.text": LEGAL_NAME,
    "DraftValue.minimum": 2,
    "DraftValue.people": 6,
    "allybot.prompts.programs.creating.form.minimum": 2,
    "Note.text": MAX_NOTE_LENGTH,
    "Suggestion.text": suggestions.MAX_LENGTH,
    "HeldTrainee.suggestion": suggestions.MAX_LENGTH,
    "suggestion": suggestions.MAX_LENGTH,
    "answer": suggestions.MAX_ANSWER_LENGTH,
    "allybot.prompts.programs.suggestions.suggestion_form.text": suggestions.MAX_LENGTH,
    "allybot.prompts.programs.suggestions.quoted.text": suggestions.MAX_LENGTH,
    "allybot.prompts.programs.suggestions_to_leads.answer_form.text": suggestions.MAX_ANSWER_LENGTH,
}
CHOICES = {
    "pick": ["", *Pick, *BARRIERS],
    "way": ["", "any.0", "any.1", "send-one-line", "private-message"],
    "PlanFormValue.aside": ["", f"{1:032d}"],
    "tap": ["acted", "not_acted", "no_moment"],
    "kind": [*PlanKind],
    "obstacle": [
        "",
        ids.OWN_OBSTACLE,
        *(each.id for each in CONTENT.plan_library.kind(PlanKind.FEAR).obstacles),
    ],
    "entry": ["", "own-slip", "sorry-without-reason", *(each.id for each in CONTENT.lines.said[14:28])],
    "rehearsal": [each.id for each in CONTENT.rehearsals.rehearsals],
    "RehearsalValue.entry": [each.id for each in CONTENT.rehearsals.rehearsals],
    "RehearsalValue.said": ["", "a", "o", "co", "ob", "oba", "aoc", "bco"],
    "lines": [line for each in CONTENT.lines.said[:5] for line in each.lines if len(line) < 60],
    "kinds": [kind.title for kind in CONTENT.plan_library.kinds.values()],
    "filled": ["", ".1a2b3c4d"],
    "field": ["cue", "response", "kind", "next_moment_on", "coping"],
    "reason": ["empty", "too_long", "taken", "full", "off", "past", "too_far", "not_understood", "unknown"],
    "window": ["1-6", "7-13"],
    "sealed": ["1-6", "7-13"],
    "closing": ["1-6", "7-13"],
    "waiting": ["1-6", "7-13"],
    "next_window": ["1-6", "7-13"],
    "key_holder": ["vault", "custodian"],
    "country": ["", "DE"],
    "language": ["en", "de"],
    "channel": ["C0123456789"],
    "dm_channel": ["D0123456789"],
    "locale": ["en-GB"],
    "circle_channel": ["C0123456789"],
    "slack_user": ["U0123456789"],
    "facilitator": ["U0123456789"],
    "next_facilitator": ["U0123456789"],
    "second": ["U0123456789"],
    "together_with": ["U0123456789"],
    "coming": ["U0123456789"],
    "weeks": ["U0123456789"],
    "lead": ["U0123456789"],
    "leads": ["U0123456789"],
    "open_windows": ["1-6", "7-13"],
    "windows": ["1-6", "7-13"],
    "user": ["U0123456789"],
    "author": ["U0123456789"],
    "users": ["U0123456789"],
    "merge_proposed": ["7" * 32],
    "OwnScenarioValue.program": ["7" * 32],
    "OwnScenarioValue.scenario": ["", f"own-{'7' * 32}"],
    "TellFormValue.story": ["7" * 32],
    "ChangeFormValue.program": ["7" * 32],
    "PauseCircleValue.circle": ["7" * 32],
    "PauseCircleValue.by": ["", "7" * 32],
    "preview_for": ["U0123456789"],
    "settled_by": ["U0123456789"],
    "SuggestionValue.suggestion": ["7" * 32],
    "SuggestionAnswerValue.suggestion": ["7" * 32],
    "ToldStory.name": ["U0123456789"],
    "allybot.prompts.circles.role_stories.role_story.name": ["U0123456789"],
    "seen": ["", "7" * 64],
    "EnteredValue.program": ["7" * 32],
    "EnteredValue.cohort": ["7" * 32],
    "EnteredValue.group": ["", "S0123456789"],
    "EnteredValue.left_out": ["", "U0123456789 U0123456789"],
    "CorrectionValue.program": ["7" * 32],
    "CorrectionValue.what": ["c", "x"],
    "CorrectionValue.to": ["", "7" * 32],
    "allybot.prompts.programs.adding.add_form.groups": ["S0123456789"],
    "allybot.prompts.programs.adding.try_again_form.why": ["12"],
    "allybot.prompts.programs.corrections.correct_form.programs": ["7" * 32],
    "allybot.prompts.programs.proposing.circles_form.done": ["", "12"],
    "allybot.prompts.programs.proposing.proposal.circles": ["U0123456789"],
    "message_ts": ["1767225600.000100"],
    "thread": ["", "1767225600.000100"],
    "allybot.prompts.delivery.messages.why_parked.reason": [
        "time_out",
        "no_such_code",
        "invalid_blocks",
        "nobody_to_ask",
    ],
    "HeldPlan.kind": [*PlanKind],
    "HeldPlan.state": [*PlanState],
    "HeldCheckIn.state": [*CheckInState],
    "HeldCircleText.kind": [*TextKind],
    "HeldStory.asked_by": ["U0123456789"],
    "HeldMessage.kind": [*MessageKind],
    "HeldMessage.state": [*MessageState],
}
"""Texts that are chosen from a list, and content, by the name of the parameter or field."""
NUMBERS = {
    "minimum": (5, 50),
    "minimum_respondents": (5, 50),
    "min_votes": (3, 10),
    "weeks": (1, 4),
    "most": (3, 3),
    "step": (3, 90),
    "course": (0, 1),
    "shown": (0, 2),
    "quiet_days": (0, 4),
    "working_days": (0, 4),
    "hours": (9, 16),
    "own_hour": (9, 16),
    "check_in_hour": (9, 16),
    "reminders_sent": (0, 3),
    "days": (90, 90),
    "check_ins": (8, 8),
    "length": (301, 3000),
    "longest": (300, 500),
}
"""Lowest and highest of a number that is not just any."""
MOST = {
    "plans": 12,
    "earlier": 3,
    "notes": MAX_NOTES,
    "remarks": 4,
    "texts": MOST_IN_A_ROUND,
    "unanswered": suggestions.MOST_IN_A_ROUND,
    "wordings": 12,
    "check_ins": 8,
    "messages": 40,
    "pages": 12,
    "summaries": 10,
    "counted_on": 2,
    "closing": 2,
    "sealed": 2,
    "cohorts": 4,
    "leads": 4,
    "kinds": 4,
    "other_plans": 2,
    "waiting": 1,
    "changes": 50,
    "closures": 8,
    "open_windows": 2,
    "scenarios": 13,
    "windows": 2,
    "releases": 2,
    "found": 11,
    "added": 300,
    "already": 300,
    "doubtful": 60,
    "by_hand": 14,
    "users": 11,
    "together_with": 1,
    "coming": 4,
    "weeks": 4,
}
LEAST = {
    "all": 1,
    "working_days": 1,
    "led": 1,
    "programs": 1,
    "kinds": 1,
    "pages": 1,
    "summaries": 1,
    "cohorts": 1,
    "leads": 1,
}
"""How many of something there may be."""


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


def name_of(prompt: Callable[..., Any]) -> str:
    """Such as `trainees.welcome.goodbye`."""
    return f"{prompt.__module__.removeprefix('allybot.prompts.')}.{prompt.__name__}"


def said(result: Any) -> Iterator[str]:
    """Every text a person can read or hear in what a prompt made."""
    if isinstance(result, str):
        yield result
    elif isinstance(result, Message):
        yield result.text
        yield from said(result.blocks)
    elif isinstance(result, View):
        yield from said(result.body)
    elif isinstance(result, tuple | list):
        for part in result:
            yield from said(part)
    elif isinstance(result, dict):
        for key, part in result.items():
            if isinstance(part, dict | list) or key in {
                "text",
                "alt_text",
                "initial_value",
                "accessibility_label",
            }:
                yield from said(part)


def _releases() -> st.SearchStrategy[Release]:
    day = date(2026, 2, 27)

    def small(acted: int, window: str) -> Release:
        return release_of(window, day, 18, 14, Tier.S, 1000, {"acted": acted})

    def large(counts: list[int], window: str) -> Release:
        noisy = {outcome.value: count for outcome, count in zip(HISTOGRAM, counts, strict=True)}
        return release_of(window, day, 120, 100, Tier.M, 2000, noisy)

    windows, count = st.sampled_from(["1-6", "7-13"]), st.integers(0, 11)
    return st.one_of(
        st.builds(Release, windows, st.just(WindowState.VOID), st.just(day), st.just(18)),
        st.builds(small, st.integers(0, 14), windows),
        st.builds(large, st.lists(count, min_size=len(HISTOGRAM), max_size=len(HISTOGRAM)), windows),
    )


def _libraries() -> list[Library]:
    """What ships, a library as large as its rules allow, and one of a program that switched kinds off."""
    kinds = {}
    for kind, parts in CONTENT.plan_library.kinds.items():
        cues = tuple(
            parts.cues[0].model_copy(update={"id": f"c{place}", "text": "m" * 75}) for place in range(100)
        )
        responses = tuple(
            parts.responses[0].model_copy(update={"id": f"r{place}", "text": "m" * 75})
            for place in range(100)
        )
        obstacles = tuple(
            parts.obstacles[0].model_copy(update={"id": f"o{place}", "text": "m" * 75}) for place in range(20)
        )
        kinds[kind] = parts.model_copy(
            update={
                "cues": cues,
                "responses": responses,
                "obstacles": obstacles,
                "title": "m" * 24,
                "example": WholePlan(cue="m" * 75, response="m" * 75),
            }
        )
    repairs = {
        outcome: repair.model_copy(
            update={
                "label": "m" * 75,
                "heading": "m" * 24,
                "help": "m " * 300,
                "suggestions": tuple(
                    each.model_copy(update={"cue": "m" * 75, "response": "m" * 75, "note": "m" * 75})
                    for each in (repair.suggestions * 2)[:5]
                ),
            }
        )
        for outcome, repair in CONTENT.plan_library.repairs.items()
    }
    one_kind = {PlanKind.LISTENING: CONTENT.plan_library.kind(PlanKind.LISTENING)}
    return [
        CONTENT.plan_library,
        CONTENT.plan_library.model_copy(update={"kinds": kinds, "repairs": repairs}),
        CONTENT.plan_library.model_copy(update={"kinds": one_kind}),
    ]


def _longest_scenario() -> Scenario:
    story = CONTENT.scenarios[0]
    option = story.options[0].model_copy(update={"text": "m" * 75, "what_it_does": "m " * 100})
    plan = story.make_it_my_plan.model_copy(update={"cue": "m" * 75, "response": "m" * 75})
    return story.model_copy(
        update={
            "id": f"own-{'7' * 32}",
            "lines": ("m " * 100,) * 3,
            "title": "m" * 75,
            "situation": "m " * 600,
            "questions": ("m " * 100,) * 3,
            "options": (option,) * 5,
            "notes": ("m " * 100,) * 2,
            "opener": "m " * 100,
            "warning": "m " * 100,
            "where_to_turn": "m " * 100,
            "research": "m " * 300,
            "her_view": "m " * 300,
            "make_it_my_plan": plan,
        }
    )
