"""Shows a trainee what their leads see, by the same code."""

from allybot.domain.figures import Summary
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts import blocks
from allybot.prompts.outcomes.summary import for_others

CALLBACK = "privacy.leads_page"


def page(say: Say, summary: Summary | None) -> View:
    """The figures the leads of the trainee's program see now, by the same code.

    Args:
        summary: of the asker's program; None for somebody in no program.
    """
    if summary is None:
        found = [blocks.section(say("You are on no program's list, so no figures are made of your answers."))]
    else:
        found = [
            blocks.section(
                say(
                    "This is what leads of {program} see now, to the letter.",
                    program=blocks.escape(summary.program),
                )
            ),
            *for_others(say, [summary]),
            blocks.small(
                say(
                    "Besides, they see how many were put on the list and take part: counted on Mondays "
                    "only, in tens, and no number below twenty. Of each circle they see how many scenarios "
                    "it had, in how many earlier weeks enough voted, and when the next comes; that it became "
                    "too small for a vote; who asks for a circle, by name; and stories that people tell "
                    "for circles, as these will read them. The figures above they can also have as a chart, "
                    "a page to print or a file; there is no other page or detail for them."
                )
            ),
        ]
    return blocks.modal(say("What leads see"), found, CALLBACK, close=say("Close"))
