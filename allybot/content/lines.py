"""Ready lines to say (`lines.toml`), by response of the plan library, by scenario and by typed question."""

from collections.abc import Iterable
from functools import cached_property
from itertools import zip_longest
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from allybot.content.plan_library import Library
from allybot.content.scenarios import Scenario
from allybot.content.typed_words import ByLanguage
from allybot.content.words import ALLYBOT_LIMITS, Frozen, Identifier, Line, at_most, one_line
from allybot.domain.phrases import Phrases
from allybot.domain.plan_tags import tags_of_cue
from allybot.domain.plans import Intention, PlanKind

MAX_LINES = 3
"""Lines offered at once; our own number."""
SpokenLine = Annotated[str, BeforeValidator(one_line), AfterValidator(at_most(140, ALLYBOT_LIMITS))]
"""What is said in one breath."""
Strength = Literal["strong", "moderate", "weak to moderate", "weak", "none"]
"""How strong the evidence for a manner is, in the words of docs/evidence.md."""


class Manner(Frozen):
    """A manner of saying things: what research found about it, and how strong that is."""

    found: Line
    strength: Strength


class Said(Frozen):
    """Lines for one response or one scenario.

    Attributes:
        id: of the response or scenario.
        manner: the name of the manner.
        cost: what saying it may cost.
    """

    id: Identifier = Field(alias="for")
    manner: Identifier
    cost: Line
    lines: tuple[SpokenLine, ...] = Field(min_length=2, max_length=5)


class Topic(Frozen):
    """Phrases of typed questions, and the entries whose lines answer them, best first."""

    id: Identifier
    offer: tuple[Identifier, ...] = Field(min_length=1)
    asked: ByLanguage

    @cached_property
    def phrases(self) -> Phrases:
        """The phrases of all languages."""
        return Phrases(phrase for phrases in self.asked.values() for phrase in phrases)


class Lines(Frozen):
    """Everything in `lines.toml`.

    Attributes:
        any: the entries for plans of which nothing more is known, by kind.
    """

    any: dict[PlanKind, tuple[Identifier, ...]]
    manners: dict[Identifier, Manner]
    said: tuple[Said, ...]
    topics: tuple[Topic, ...]

    @model_validator(mode="after")
    def _knows_its_names(self) -> Self:
        known = {entry.id for entry in self.said}
        offered = {name for names in self.any.values() for name in names}
        offered |= {name for topic in self.topics for name in topic.offer}
        unknown = (offered - known) | {each.manner for each in self.said if each.manner not in self.manners}
        if unknown:
            raise ValueError(f"names entries or manners that are not listed: {', '.join(sorted(unknown))}")
        return self

    def entry(self, identifier: str) -> Said | None:
        """The lines for this response or scenario; None when there are none."""
        return self._entries.get(identifier)

    def for_typed(self, text: str) -> tuple[str, ...]:
        """Up to three lines that answer a typed question; empty when no topic is recognised. Pure."""
        topic = next((each for each in self.topics if each.phrases.occur_in(text)), None)
        return self._mixed(topic.offer) if topic else ()

    def for_plan(
        self, library: Library, scenarios: Iterable[Scenario], kind: PlanKind, words: Intention
    ) -> tuple[str, ...]:
        """Three lines for a plan: of its own response, else of responses to its cue or of its kind. Pure.

        Args:
            words: the plan, in the trainee's own words.
        """
        offered = library.kinds.get(kind)
        responses = offered.responses if offered else ()
        own = [each.id for each in responses if each.text == words.response]
        own += [each.id for each in scenarios if each.make_it_my_plan.response == words.response]
        tags = tags_of_cue(words.cue, library.compiled_tags)
        made = [each.id for each in responses if each.belongs_to(tags)]
        return (self._mixed(own) or self._mixed(made, self.any[kind]))[:MAX_LINES]

    def _mixed(self, *offers: Iterable[str]) -> tuple[str, ...]:
        """The first lines of all entries, then the second ones, and so on; the offers one after the other."""
        found: dict[str, None] = {}
        for offer in offers:
            lines = [entry.lines for name in offer if (entry := self._entries.get(name))]
            found |= {line: None for row in zip_longest(*lines) for line in row if line}
        return tuple(found)[:MAX_LINES]

    @cached_property
    def _entries(self) -> dict[str, Said]:
        return {entry.id: entry for entry in self.said}
