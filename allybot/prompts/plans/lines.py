"""Words to say: a modal in which a person picks a kind and a moment, and reads the lines for it."""

from slack_sdk.models.blocks import StaticSelectElement

from allybot.content import Content
from allybot.domain.plans import PlanKind
from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line
from allybot.prompts.plans.sentence import kind_name


def lines_form(
    say: Say, content: Content, support_contact: str | None, *, kind: str = "", entry: str = ""
) -> View:
    """The menus, and the lines of the picked entry.

    Args:
        kind: the picked kind of plan, empty before one is picked.
        entry: the picked response or scenario, empty before one is picked.
        support_contact: None for somebody who is in no program.
    """
    page = [
        blocks.section(
            say(
                "Pick what comes closest. Take a line, change every word, and say it aloud once. "
                "“(name)” is a name to put in."
            )
        ),
        blocks.actions([_kinds(say, kind)], block_id="lines.kind"),
    ]
    if kind in set(PlanKind):
        titles = titles_of(say, content, PlanKind(kind))
        page.append(blocks.actions([_entries(say, titles, entry)], block_id=f"lines.entry.{kind}"))
        if entry in titles:
            page += lines_of(say, content, entry)
    if support_contact:
        page.append(support_line(say, support_contact))
    return blocks.modal(say("Words to say"), page, ids.LINES_FORM, close=say("Close"))


def titles_of(say: Say, content: Content, kind: PlanKind) -> dict[str, str]:
    """The entries of a kind that have lines, by id: the library's responses, then the scenarios."""
    found = {each.id: say(each.text) for each in content.plan_library.kind(kind).responses}
    found |= {
        each.id: say("Story: {title}", title=say(each.title))
        for each in content.scenarios
        if each.kind is kind
    }
    return {name: title for name, title in found.items() if content.lines.entry(name)}


def lines_of(say: Say, content: Content, entry: str) -> list[Block]:
    """The lines of an entry, what saying them may cost, and what research found; empty without lines."""
    said = content.lines.entry(entry)
    if said is None:
        return []
    manner = content.lines.manners[said.manner]
    return [
        blocks.section("\n".join(spoken(say, line) for line in said.lines)),
        blocks.section(say("*What it may cost:* {cost}", cost=blocks.escape(say(said.cost)))),
        blocks.small(
            blocks.escape(say(manner.found)),
            say(
                "Strength of the evidence: {strength}. No study has tested these lines.",
                strength=say(manner.strength),
            ),
        ),
    ]


def spoken(say: Say, line: str) -> str:
    """A line as it is shown: in quotation marks, safe mrkdwn."""
    return "> “" + blocks.escape(say(line)) + "”"


def _kinds(say: Say, kind: str) -> StaticSelectElement:
    options = [blocks.option(kind_name(say, each), each.value) for each in PlanKind]
    chosen = next((option for option in options if option.value == kind), None)
    return StaticSelectElement(
        action_id=ids.LINES_KIND, placeholder=say("What is it about?"), options=options, initial_option=chosen
    )


def _entries(say: Say, titles: dict[str, str], entry: str) -> StaticSelectElement:
    options = [blocks.option(title, name) for name, title in titles.items()]
    chosen = next((option for option in options if option.value == entry), None)
    return StaticSelectElement(
        action_id=ids.LINES_ENTRY, placeholder=say("Which moment?"), options=options, initial_option=chosen
    )
