"""The modals of the personal why and of the reflection, which is not stored."""

from slack_sdk.models.blocks import Option, PlainTextInputElement, PlainTextObject, RadioButtonsElement

from allybot.domain.why import Stage
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line

WHY, STAGE = "why", "stage"
"""Block ids of the two modals."""


def why_form(say: Say, why: str | None, support_contact: str) -> View:
    """The form for the why."""
    field = PlainTextInputElement(
        action_id=WHY,
        multiline=True,
        initial_value=why,
        placeholder=say("My daughter will work in a team like mine one day."),
    )
    return blocks.modal(
        say("Your own why"),
        [
            blocks.section(
                say(
                    "Why do you want this? One or two sentences, in your words. They come back to you when "
                    "your drive has faded, and only to you."
                )
            ),
            blocks.question(
                say("Because …"), field, WHY, say("Leave it empty to take it back."), optional=True
            ),
            blocks.actions(
                [blocks.button(say("Nothing comes to mind"), ids.WHY_REFLECT)], block_id="why.reflect"
            ),
            support_line(say, support_contact),
        ],
        ids.WHY_FORM,
        submit=say("Keep it"),
        close=say("Cancel"),
    )


def why_kept(say: Say, why: str | None) -> View:
    """The modal after the why was stored or deleted."""
    if why is None:
        text = say("Taken back. You can write another one at any time.")
        return blocks.modal(say("Your own why"), [blocks.section(text)], ids.WHY_FORM, close=say("Done"))
    return blocks.modal(
        say("Your own why"),
        [
            blocks.section(say("Kept, encrypted, for you alone:")),
            blocks.section("\n".join("> " + blocks.escape(line) for line in why.splitlines())),
        ],
        ids.WHY_FORM,
        close=say("Done"),
    )


def too_long(say: Say, length: int, longest: int) -> str:
    """The error under the field."""
    return say("That is {length} characters; please keep it to {longest}.", length=length, longest=longest)


def reflection_form(say: Say, support_contact: str) -> View:
    """The form of the reflection: the four stages to choose from."""
    options = [
        Option(value=stage.value, text=PlainTextObject(text=text), description=PlainTextObject(text=more))
        for stage, (text, more) in _stages(say).items()
    ]
    return blocks.modal(
        say("Two quiet minutes"),
        [
            blocks.section(
                say(
                    "Think of the last month at work. Which of these sounds most like you? People move "
                    "between them, in both directions. What you pick is not stored and nobody sees it."
                )
            ),
            blocks.question(
                say("Most like me"), RadioButtonsElement(action_id=STAGE, options=options), STAGE
            ),
            support_line(say, support_contact),
        ],
        ids.WHY_REFLECTION_FORM,
        submit=say("Next"),
        close=say("Close"),
    )


def reflection_answer(say: Say, stage: Stage) -> View:
    """What helps at the chosen stage, with examples."""
    heading, examples = _examples(say)[stage]
    return blocks.modal(
        say("Two quiet minutes"),
        [
            blocks.section(heading),
            blocks.section("\n".join(f"• {example}" for example in examples)),
            blocks.small(
                say(
                    "Nothing of this was stored. Your why, when you find it: {command} why",
                    command=ids.COMMAND,
                )
            ),
        ],
        ids.WHY_REFLECTION_FORM,
        close=say("Done"),
    )


def _stages(say: Say) -> dict[Stage, tuple[str, str]]:
    return {
        Stage.APATHY: (say("It is hardly a topic for me"), say("Other things matter more just now")),
        Stage.AMBIVALENCE: (say("I am of two minds"), say("I see the point, and something in me objects")),
        Stage.REFLECTIVE: (say("I want to do my part"), say("I notice more than I did, and look for ways")),
        Stage.ENERGISED: (say("I am at it"), say("I act, and want to take others along")),
    }


def _examples(say: Say) -> dict[Stage, tuple[str, tuple[str, ...]]]:
    return {
        Stage.APATHY: (
            say("Fair enough. A short story is a better start than a resolution."),
            (
                say("Ask one colleague what a good week here looks like for her, and only listen."),
                say("Count for one meeting who speaks and who is cut off. No more than that."),
                say("Think of one woman close to you: what did work cost her that it never cost you?"),
            ),
        ),
        Stage.AMBIVALENCE: (
            say("Doubt that is spoken aloud can be tested. A safe place for it is worth a lot."),
            (
                say("Say the doubt in your ally circle in one sentence, and ask who knows it."),
                say("Finish this for yourself: “If it went well, I would lose … and gain …”"),
                say("Find one fact about your own workplace that you have only assumed so far."),
            ),
        ),
        Stage.REFLECTIVE: (
            say("Then a small plan with a clear moment does more than a large intention."),
            (
                say("Because the best idea in my team should win, whoever says it."),
                say("Because I remember how it was to be the one nobody asked."),
                say("Because my team is watching what I let pass."),
            ),
        ),
        Stage.ENERGISED: (
            say("What helps now is company, and doing what is helpful to her rather than visible to others."),
            (
                say("Ask the person it concerns what would help before you start."),
                say("Take a turn as facilitator, and let the most junior speak first."),
                say("Tell in the circle what went wrong and what you learned. Others will dare sooner."),
            ),
        ),
    }
