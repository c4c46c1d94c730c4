"""Words to say: a modal in which a person picks a kind and a moment, and reads the lines for it."""

from allybot.content import Content
from allybot.domain.plans import PlanKind
from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line
from allybot.prompts.plans.moment_menus import kind_menu, moment_menu, story_titles


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
        blocks.actions([kind_menu(say, ids.LINES_KIND, kind)], block_id="lines.kind"),
    ]
    if kind in set(PlanKind):
        titles = titles_of(say, content, PlanKind(kind))
        menu = moment_menu(say, ids.LINES_ENTRY, titles, entry)
        page.append(blocks.actions([menu], block_id=f"lines.entry.{kind}"))
        if entry in titles:
            page += lines_of(say, content, entry)
    if support_contact:
        page.append(support_line(say, support_contact))
    return blocks.modal(say("Words to say"), page, ids.LINES_FORM, close=say("Close"))


def titles_of(say: Say, content: Content, kind: PlanKind) -> dict[str, str]:
    """The entries of a kind that have lines, by id: the library's responses, then the scenarios."""
    found = {each.id: say(each.text) for each in content.plan_library.kind(kind).responses}
    found |= story_titles(say, content, kind)
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
