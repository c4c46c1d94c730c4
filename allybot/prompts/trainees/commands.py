"""The overview that `/allybot` and `/allybot help` show."""

from slack_sdk.models.blocks import ButtonElement

from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line


def overview(say: Say, support_contact: str | None, *, is_lead: bool) -> Message:
    """Every subcommand with a description."""
    rows = [
        ("plan", say("write an if-then plan")),
        ("plans", say("see, mend or finish your plans")),
        ("lines", say("ready words to say, by moment")),
        ("rehearse", say("practise a moment once, in private: about a minute")),
        ("notes", say("what you wrote to yourself, for you alone")),
        ("pause", say("no check-ins for a while: `pause 2 weeks`, `pause until 14 Jan`")),
        ("resume", say("check-ins again")),
        ("stop", say("no more check-ins; your plans stay until the program ends")),
        ("why", say("your own reason, for the days when your drive is low")),
        ("ask", say("put a question to your circle without your name")),
        ("circle", say("your circle: pause it, leave it, or find one")),
        ("privacy", say("who sees what, and for how long")),
        ("my-data", say("everything that is held about you")),
        ("forget-me", say("delete all of it, at once")),
        ("help", say("this page")),
    ]
    if is_lead:
        rows.insert(-1, ("transfers", say("the published transfer outcomes of your programs")))
        rows.insert(-1, ("program", say("the state of your programs, and their lists")))
        rows.insert(-1, ("scenarios", say("what your circles get next; put a story first, or leave it out")))
    text = say("Here is what you can do with allybot.")
    lines = "\n".join(f"`{ids.COMMAND} {name}`: {what}" for name, what in rows)
    page = [
        blocks.section(text),
        blocks.section(lines),
        blocks.small(
            say(
                "People of other organisations have neither these commands nor my Home tab. Write me the "
                "commands as messages, with a blank in front; “Overview” shows what stands on Home."
            )
        ),
        blocks.actions(_buttons(say), block_id="help.choices"),
    ]
    if support_contact:
        page.append(support_line(say, support_contact))
    return blocks.message(say, page)


def unknown(say: Say, word: str, overview_page: Message) -> Message:
    """The answer to an unknown subcommand: repeats it and shows the overview."""
    text = say("allybot does not know “{word}”. Here is what you can do.", word=blocks.escape(word[:40]))
    page = (blocks.section(text), *overview_page.blocks[1:])
    return blocks.message(say, page)


def _buttons(say: Say) -> list[ButtonElement]:
    return [
        blocks.button(say("Write a plan"), ids.PLAN_NEW, style="primary"),
        blocks.button(say("All my plans"), ids.PLANS_SHOW),
        blocks.button(say("Who sees what"), ids.PRIVACY_SHOW),
        blocks.button(say("Overview"), ids.HOME_AS_MESSAGE),
    ]
