"""The question whether answers may wait for later groups, where the pool was named after the welcome."""

from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks
from allybot.prompts.data.privacy import Terms, privacy_button
from allybot.prompts.help import covered, support_line
from allybot.prompts.trainees.pool_ids import AGREE


def question(say: Say, terms: Terms) -> Message:
    """What is new, and what holds without a tap."""
    text = say(
        "Something about {program} has changed since your welcome, so you are asked anew. Until now: if too "
        "few people answer, the sealed answers are deleted unopened. New: they may wait, sealed, up to "
        "{months} months, with a random number in place of you, and are counted once, together with later "
        "groups of {pool}, from {minimum} people on. Who has been deleted by then cannot be told of the "
        "result. Without a tap yours are deleted unopened, as before.",
        program=blocks.escape(terms.program),
        months=terms.pool_months,
        pool=blocks.escape(terms.pool),
        minimum=terms.pool_minimum,
    )
    yes = blocks.button(say("Mine may wait"), AGREE, style="primary")
    choices = blocks.actions([yes, privacy_button(say)], block_id="pool.choices")
    return blocks.message(say, (blocks.section(text), choices, support_line(say, terms.support_contact)))


def agreed(say: Say) -> Message:
    """The confirmation, which only they see."""
    return covered(
        say,
        say(
            "Your sealed answers may wait for later groups. `/allybot forget-me` deletes them at any time, "
            "also after everything else about you is deleted."
        ),
    )
