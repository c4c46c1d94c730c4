"""What was changed in a program, for its leads."""

from datetime import date

from allybot.domain.program_changes import ProgramChange, What
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks

_SHORT = 60
_A_PARAGRAPH = 10
"""Lines of one paragraph, which Slack cuts at 3,000 characters."""


def log(say: Say, program: str, changes: tuple[ProgramChange, ...]) -> Message:
    """A program's newest changes, newest first."""
    title = say("*What was changed in {program}*, newest first", program=_short(program))
    page = [blocks.section(title)]
    for start in range(0, len(changes), _A_PARAGRAPH):
        some = "\n".join(f"• {line(say, each)}" for each in changes[start : start + _A_PARAGRAPH])
        if not blocks.has_room([*page, blocks.section(some)]):
            break
        page.append(blocks.section(some))
    page.append(
        blocks.small(say("Kept until the program is deleted. Leads read it; nobody who takes part is named."))
    )
    return blocks.message(say, page)


def line(say: Say, change: ProgramChange) -> str:
    """One change: when, who and what."""
    who = f"<@{change.changed_by}>" if change.changed_by else say("the operator")
    return say(
        "{day}, {who}: {what}", day=say.day_and_year(change.changed_on), who=who, what=_what(say, change)
    )


def _what(say: Say, change: ProgramChange) -> str:
    old, new = _short(change.old) or say("none"), _short(change.new) or say("none")
    subject = _short(change.subject)
    words = {
        What.CREATED: lambda: say("set the program up"),
        What.NAME: lambda: say("name: {new}, not {old}", new=new, old=old),
        What.CONTACT: lambda: say("to turn to: {new}, not {old}", new=new, old=old),
        What.EMERGENCY: lambda: say("emergency number: {new}, not {old}", new=new, old=old),
        What.COUNTRY: lambda: say("public holidays: {new}, not {old}", new=new, old=old),
        What.ZONE: lambda: say("time zone: {new}, not {old}", new=new, old=old),
        What.TRAINING: lambda: say(
            "cohort {name}, training until {new}, not {old}",
            name=subject,
            new=_day(say, change.new),
            old=_day(say, change.old),
        ),
        What.COHORT_ADDED: lambda: say(
            "added cohort {name}, training until {day}", name=subject, day=_day(say, change.new)
        ),
        What.COHORT_REMOVED: lambda: say("removed cohort {name}", name=subject),
        What.LEAD_ADDED: lambda: say("appointed <@{user}> as a lead", user=change.subject),
        What.LEAD_REMOVED: lambda: say("<@{user}> leads no more", user=change.subject),
        What.CLOSURE_ADDED: lambda: say(
            "days off from {first} to {last}", first=_day(say, change.old), last=_day(say, change.new)
        ),
        What.CLOSURE_REMOVED: lambda: say(
            "no days off from {first} to {last}", first=_day(say, change.old), last=_day(say, change.new)
        ),
        What.LIST_ADDED: lambda: say("put people on the list"),
        What.COHORT_MOVED: lambda: say("put somebody into cohort {name}", name=subject),
        What.TAKEN_OFF: lambda: say("took somebody off the list"),
        What.CIRCLE_MADE: lambda: say("made the circle {name}", name=subject),
        What.POOL: lambda: say("let the program share the pool {name}", name=new),
        What.SCENARIO_ADDED: lambda: say("added a scenario: {title}", title=_title(say, change)),
        What.SCENARIO_CHANGED: lambda: say("changed a scenario: {title}", title=_title(say, change)),
        What.SCENARIO_FIRST: lambda: say("put a scenario first: {title}", title=_title(say, change)),
        What.SCENARIO_LEFT_OUT: lambda: say("left a scenario out: {title}", title=_title(say, change)),
        What.SCENARIO_AT_ITS_TURN: lambda: say(
            "let a scenario come at its turn: {title}", title=_title(say, change)
        ),
        What.SCENARIO_DELETED: lambda: say("deleted a scenario"),
        What.ENDED: lambda: say("ended the program"),
    }
    return words[change.what]()


def _title(say: Say, change: ProgramChange) -> str:
    return _short(say(change.subject)) if change.subject else say("its title can no longer be shown")


def _day(say: Say, stored: str) -> str:
    return say.day_and_year(date.fromisoformat(stored))


def _short(text: str) -> str:
    return blocks.escape(blocks.shortened(text, _SHORT))
