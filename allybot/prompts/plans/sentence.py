"""A plan as a sentence, the names of the kinds, and the errors of a form's fields."""

from allybot.domain.plans import Intention, Plan, PlanKind
from allybot.i18n import Say
from allybot.prompts import blocks

KIND, CUE, RESPONSE, MOMENT, COPING = "kind", "cue", "response", "next_moment_on", "coping"
"""The names of the form's fields, as in a `FieldError`."""

_MAX_QUOTE_LENGTH = 2800
"""Characters; a section takes 3000, and a heading may stand above the quotation."""
_CUT_HALF = 260
_BRIEF_QUOTE = 1200
"""Characters; the blocks of a message hold about 12,000 in all, and a list shows up to eight plans."""
_BRIEF_HALF = 110
_ENDS_OF_WORDS_TO_SAY = tuple(f"{stop}{mark}" for stop in ".!?…" for mark in "”“\"'»")


def sentence(say: Say, words: Intention) -> str:
    """A plan as one sentence, in plain text; words to say at its end keep their own full stop."""
    cue, response = words.cue, words.response
    if response.endswith(_ENDS_OF_WORDS_TO_SAY):
        return say("If {cue}, then I will {response}", cue=cue, response=response)
    return say("If {cue}, then I will {response}.", cue=cue, response=response)


def quoted(say: Say, words: Intention, *, briefly: bool = False) -> str:
    """A plan as one sentence, escaped for mrkdwn, as a quotation.

    Cut to fit a section if escaping made it too long (an ampersand becomes five characters); with `briefly`,
    so that eight fit in one message.
    """
    text = blocks.escape(sentence(say, words))
    longest, half = (_BRIEF_QUOTE, _BRIEF_HALF) if briefly else (_MAX_QUOTE_LENGTH, _CUT_HALF)
    if len(text) > longest:
        cut = Intention(_cut(words.cue, half), _cut(words.response, half))
        text = blocks.escape(sentence(say, cut))
    return "> " + text


def cue_object_line(say: Say, plan: Plan) -> str:
    """The thing that reminds of a plan, escaped for mrkdwn; empty where there is none."""
    if not plan.cue_object:
        return ""
    return say("My reminder: {thing}.", thing=blocks.escape(_cut(plan.cue_object, _BRIEF_HALF)))


def if_badly(say: Say, coping: str, *, briefly: bool = False) -> str:
    """The coping line, escaped for mrkdwn."""
    text = _cut(coping, _BRIEF_HALF) if briefly else coping
    return say("If it goes badly, then I will {deed}.", deed=blocks.escape(text))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def kind_name(say: Say, kind: PlanKind) -> str:
    """The kind of a plan in two or three words."""
    names = {
        PlanKind.FEAR: say("Facing a fear"),
        PlanKind.BYSTANDER: say("Bystander action"),
        PlanKind.LISTENING: say("Active listening"),
        PlanKind.PRACTICE: say("A practice within reach"),
    }
    return names[kind]


def field_problem(say: Say, field: str, reason: str, length: int, longest: int) -> str:
    """The error under a field of the modal; `length` and `longest` are for `too_long`."""
    if reason == "too_long":
        return say(
            "That is {length} characters; please keep it to {longest}, so that you can remember it.",
            length=length,
            longest=longest,
        )
    if field == CUE:
        return say("Please write when it starts: the moment, the place or the person that tells you “now”.")
    if field == RESPONSE:
        return say("Please write the one thing you will do then.")
    if field == MOMENT:
        return say("That day is past. Pick today or a later day, or leave it empty.")
    if reason == "off":
        return say("Your program has no plans of this kind now. Please choose another kind.")
    return say("Please choose what kind of plan this is.")
