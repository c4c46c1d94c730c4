"""A rehearsal: three turns in which the other side answers, then a look at what each line may bring.

Whatever was said, the answer stands under "Suppose they answer": it does not pretend to have read it.
"""

from slack_sdk.models.blocks import (
    ButtonElement,
    InteractiveElement,
    PlainTextInputElement,
)

from allybot.content import Content, Rehearsal
from allybot.content.rehearsals import TURNS
from allybot.domain.plans import PlanKind
from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks
from allybot.prompts.help import support_line
from allybot.prompts.plans import rehearsal_ids
from allybot.prompts.plans.moment_menus import kind_menu, moment_menu, story_titles

OWN = "own_words"
"""Block id of the input for one's own words; each turn appends its place, so that the field is empty."""
_MAX_OWN = 300
_LETTERS = "abc"


def rehearse_button(say: Say, entry: str, *, briefly: bool = False) -> ButtonElement:
    """The button that opens the rehearsal of this entry; `briefly` where it stands beside a text."""
    return blocks.button(
        say("Practise") if briefly else say("Practise it once"),
        rehearsal_ids.OPEN,
        rehearsal_ids.RehearsalValue(entry=entry).pack(),
    )


def rehearsals_list(say: Say, content: Content, support_contact: str | None, *, kind: str = "") -> View:
    """Asks which moment to practise.

    Args:
        kind: the picked kind of plan, empty before one is picked.
        support_contact: None for somebody who is in no program.
    """
    page = [
        blocks.section(
            say(
                "A short talk in private: three turns, about a minute. Pick what comes closest. "
                "Nothing of it is kept."
            )
        ),
        blocks.actions([kind_menu(say, rehearsal_ids.KIND, kind)], block_id="rehearse.kind"),
    ]
    if kind in set(PlanKind):
        menu = moment_menu(say, rehearsal_ids.ENTRY, _moments(say, content, PlanKind(kind)))
        page.append(blocks.actions([menu], block_id=f"rehearse.entry.{kind}"))
    return blocks.modal(
        say("Practise it once"),
        [*page, *_closing(say, support_contact)],
        rehearsal_ids.FORM,
        close=say("Close"),
    )


def rehearsal(
    say: Say, content: Content, value: rehearsal_ids.RehearsalValue, support_contact: str | None
) -> View:
    """The turn of a rehearsal that `value` has come to, or its end.

    Args:
        support_contact: None for somebody who is in no program.

    Raises:
        NotFoundError: there is no such rehearsal.
    """
    found = content.rehearsals.entry(value.entry)
    is_over = len(value.said) >= TURNS
    page = _end(say, found, value, support_contact) if is_over else _turn(say, found, value)
    return blocks.modal(
        say("Practise it once"),
        page,
        rehearsal_ids.FORM,
        submit=None if is_over else say("Say my own"),
        close=say("Close"),
        metadata=value.pack(),
    )


def nothing_written(say: Say) -> str:
    """Under the input for a line of one's own that was sent empty."""
    return say("Write a line here, or press the button beside one above.")


def _turn(say: Say, found: Rehearsal, value: rehearsal_ids.RehearsalValue) -> list[Block]:
    turn = len(value.said)
    page = [blocks.section(_what_happened(say, found, value))]
    for letter, choice in zip(_LETTERS, found.choices(value.course, turn), strict=True):
        said = value.model_copy(update={"said": value.said + letter})
        name = letter.upper()
        button = blocks.button(
            say("Say {letter}", letter=name),
            rehearsal_ids.SAY,
            said.pack(),
            read_aloud=say("Say {letter}: {line}", letter=name, line=say(choice.line)),
        )
        page.append(blocks.section(f"*{name}*  {_spoken(say, choice.line)}", button))
    page.append(
        blocks.question(
            say("Or in your own words"),
            PlainTextInputElement(action_id=OWN, max_length=_MAX_OWN),
            f"{OWN}.{value.course}{turn}",
            say("Neither read nor kept by allybot."),
            optional=True,
        )
    )
    return page if turn == 0 else [*page, blocks.actions([_back(say, value)], block_id="rehearse.back")]


def _what_happened(say: Say, found: Rehearsal, value: rehearsal_ids.RehearsalValue) -> str:
    """The scene in the first turn; later what was said last, and a possible answer."""
    course, turn = found.courses[value.course], len(value.said)
    if turn == 0:
        again = say("Once more, and this time they take it differently.") + "\n" if value.course else ""
        return again + blocks.escape(say(found.scene))
    letter = value.said[-1]
    if letter == rehearsal_ids.OWN_WORDS:
        mine = say("You: in your own words.")
    else:
        line = found.choices(value.course, turn - 1)[_LETTERS.index(letter)].line
        mine = say("You: {line}", line=_spoken(say, line))
    answer = course.answer if turn == 1 else course.then
    who = blocks.escape(say(course.who))
    suppose = say("Suppose they answer:")
    return f"{mine}\n{suppose}\n> *{who}:* {_spoken(say, answer)}"


def _end(
    say: Say, found: Rehearsal, value: rehearsal_ids.RehearsalValue, support_contact: str | None
) -> list[Block]:
    course = found.courses[value.course]
    ending = say("*How it may end:* {ending}", ending=blocks.escape(say(course.ends)))
    rows = [f"*{_names_of_lines(say)[value.shown]}*"]
    if value.said[value.shown] == rehearsal_ids.OWN_WORDS:
        rows.append(say("Yours was in your own words. Read each of these beside it."))
    for letter, choice in zip(_LETTERS, found.choices(value.course, value.shown), strict=True):
        mine = " " + say("(yours)") if letter == value.said[value.shown] else ""
        rows.append(
            f"*{letter.upper()}{mine}*  {_spoken(say, choice.line)}\n{blocks.escape(say(choice.brings))}"
        )
    again = rehearsal_ids.RehearsalValue(entry=value.entry, course=1 - value.course).pack()
    buttons = [
        *_other_lines(say, value),
        _back(say, value),
        blocks.button(say("Try again"), rehearsal_ids.AGAIN, again),
    ]
    return [
        blocks.section(ending),
        blocks.section("\n".join(rows)),
        blocks.actions(buttons, block_id="rehearse.end"),
        *_closing(say, support_contact),
    ]


def _other_lines(say: Say, value: rehearsal_ids.RehearsalValue) -> list[InteractiveElement]:
    return [
        blocks.button(label, action, value.model_copy(update={"shown": turn}).pack())
        for turn, (label, action) in enumerate(zip(_names_of_lines(say), rehearsal_ids.COMPARE, strict=True))
        if turn != value.shown
    ]


def _names_of_lines(say: Say) -> tuple[str, ...]:
    return say("First line"), say("Second line"), say("Third line")


def _back(say: Say, value: rehearsal_ids.RehearsalValue) -> ButtonElement:
    before = value.model_copy(update={"said": value.said[:-1], "shown": 0})
    return blocks.button(say("Back"), rehearsal_ids.BACK, before.pack())


def _spoken(say: Say, line: str) -> str:
    return "“" + blocks.escape(say(line)) + "”"


def _closing(say: Say, support_contact: str | None) -> list[Block]:
    return [support_line(say, support_contact)] if support_contact else []


def _moments(say: Say, content: Content, kind: PlanKind) -> dict[str, str]:
    """Titles by what a pick hands back."""
    stories = story_titles(say, content, kind)
    titles = {kind.value: say("Any such moment")}
    titles |= {name: title for name, title in stories.items() if content.rehearsals.has(name)}
    return {rehearsal_ids.RehearsalValue(entry=entry).pack(): title for entry, title in titles.items()}
