"""Answers to typed messages that are the same in every state, also for somebody on no list."""

from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.data.privacy import Terms
from allybot.prompts.help import not_enrolled, support_line
from allybot.prompts.programs.messages import leads_buttons, runs_button
from allybot.prompts.trainees.typed_buttons import row


def serious(say: Say, support_contact: str | None, emergency_number: str) -> Message:
    """Distress or misconduct: a person to talk to, in large type, and no buttons.

    Args:
        support_contact: the program's; None when the program is unknown.
        emergency_number: shown in either case.
    """
    contact = support_contact or say("somebody you trust")
    first = say("Please talk to {contact}", contact=contact)
    escaped = say("Please talk to {contact}", contact=blocks.escape(contact))
    large = (
        blocks.heading(first) if len(first) <= blocks.MAX_HEADING_LENGTH else blocks.section(f"*{escaped}*")
    )
    page: list[Block] = [
        blocks.section(
            say(
                "That sounds serious, and it needs a person, not a bot. Please talk to somebody today, even "
                "if it is about somebody else."
            )
        ),
        blocks.section(
            say(
                "*In danger now?* Call {number}, or the emergency number where you are.",
                number=blocks.escape(emergency_number),
            )
        ),
        blocks.section(
            say(
                "Nobody was told that you wrote, and allybot keeps no copy. Your message stays in Slack; you "
                "can delete it there, where your workspace lets you."
            )
        ),
    ]
    # "<!channel>" in the text would notify everybody, in a heading it does not.
    text = blocks.in_words([blocks.section(escaped) if large["type"] == "header" else large, *page])
    return blocks.message(say, (large, *page), words=text)


def forget(say: Say) -> Message:
    """A button to the page that explains and confirms the deletion."""
    text = say(
        "allybot can delete what it keeps about you, at once and for good. The next page says what goes and "
        "what stays, and asks once more."
    )
    return blocks.message(say, [blocks.section(text), *row(say, ids.FORGET_ME_SHOW, ids.MY_DATA_SHOW)])


def who_sees(say: Say, terms: Terms | None) -> Message:
    """Who sees what: a summary for a trainee (`terms`), and a button to the whole page."""
    if terms is None:
        page = [blocks.section(say("One page says who sees what in allybot, and where the limits are:"))]
    else:
        page = [
            blocks.section(
                say(
                    "Nobody is shown your answers or your plans: no lead, no manager, no colleague. Leads "
                    "get figures about at least {minimum} people, with a little random noise. Your circle "
                    "sees only what you send it.",
                    minimum=terms.minimum_respondents,
                )
            ),
            blocks.section(
                say(
                    "The limits: whoever runs the server, or may export direct messages, could read along. "
                    "Slack keeps what you type here, by your workspace's rules."
                )
            ),
        ]
    return blocks.message(say, [*page, *row(say, ids.PRIVACY_SHOW)])


def to_a_lead(say: Say, programs: tuple[str, ...]) -> Message:
    """The answer to a lead who takes no part: what they can do, since only a few words are understood."""
    names = say.all_of([blocks.escape(blocks.shortened(name, 60)) for name in programs[:5]])
    page = [
        blocks.section(
            say(
                "You lead {programs}. I only understand a few words, so here is what you can do. People and "
                "dates are changed by whoever installed allybot.",
                programs=names,
            )
        ),
        blocks.actions([runs_button(say), *leads_buttons(say)], "leading"),
    ]
    return blocks.message(say, page)


def not_on_a_list(say: Say, support_contact: str | None) -> Message:
    """The answer to somebody in no program."""
    found = not_enrolled(say)
    page = [*found.blocks, *([support_line(say, support_contact)] if support_contact else [])]
    return blocks.message(say, page)
