"""The plan modal, the plan shown back as one sentence, and the list of plans."""

from datetime import date
from typing import Any

from slack_sdk.models.blocks import DatePickerElement, PlainTextInputElement, StaticSelectElement

from allybot.content import KindOfPlan, Library
from allybot.domain.plans import Intention, Plan, PlanKind, PlanState
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line

KIND, CUE, RESPONSE, MOMENT = "kind", "cue", "response", "next_moment_on"
PICK_CUE, PICK_RESPONSE = "pick_cue", "pick_response"
"""Block ids of the plan modal. A text block's id gets a suffix when a pick from the library fills it, since
Slack keeps what is on screen for a block whose id stays."""

_LONGEST_QUOTE = 2800
"""Characters; a section takes 3000, and a heading may stand above the quotation."""
_CUT_HALF = 260
_BRIEF_QUOTE = 1200
"""Characters; the blocks of a message hold about 12,000 in all, and a list shows up to eight plans."""
_BRIEF_HALF = 110


def sentence(say: Say, words: Intention) -> str:
    """A plan as one sentence, in plain text as its owner wrote it."""
    return say("If {cue}, then I will {response}.", cue=words.cue, response=words.response)


def quoted(say: Say, words: Intention, *, briefly: bool = False) -> str:
    """A plan as one sentence, safe in mrkdwn, set off as a quotation.

    Escaping makes five characters of an ampersand; a plan of hardly anything else is cut to fit its section,
    and `briefly` to a length of which a message holds eight.
    """
    text = blocks.escape(sentence(say, words))
    longest, half = (_BRIEF_QUOTE, _BRIEF_HALF) if briefly else (_LONGEST_QUOTE, _CUT_HALF)
    if len(text) > longest:
        cut = Intention(_cut(words.cue, half), _cut(words.response, half))
        text = blocks.escape(sentence(say, cut))
    return "> " + text


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


def plan_form(
    say: Say,
    library: Library,
    value: ids.PlanFormValue,
    words: Intention,
    moment: date | None,
    support_contact: str,
    *,
    filled: str = "",
) -> View:
    """The modal for a new plan.

    Args:
        value: carries the form's id and the kind chosen so far, which decides what the library offers.
        words: what stands in the two text fields, possibly empty.
        moment: the date that stands in the date field.
        filled: a suffix for the text blocks, new whenever the fields are filled for him.
    """
    kind = PlanKind(value.kind) if value.kind else None
    return blocks.modal(
        say("Write a plan"),
        [
            _kind_question(say, library, kind),
            *(_library_questions(say, library.kind(kind)) if kind else []),
            *_words_questions(say, words, filled),
            _moment_question(say, moment),
            support_line(say, support_contact),
        ],
        ids.PLAN_FORM,
        submit=say("Keep this plan"),
        close=say("Cancel"),
        metadata=value.pack(),
    )


def edit_form(say: Say, plan: Plan, value: ids.PlanFormValue, support_contact: str) -> View:
    """The modal that rewrites a plan."""
    return blocks.modal(
        say("Mend a plan"),
        [
            blocks.section(f"*{kind_name(say, plan.kind)}*"),
            *_words_questions(say, plan.intention, ""),
            _moment_question(say, plan.next_moment_on),
            support_line(say, support_contact),
        ],
        ids.PLAN_EDIT_FORM,
        submit=say("Keep this plan"),
        close=say("Cancel"),
        metadata=value.pack(),
    )


def kept(say: Say, plan: Plan, active: int, most: int) -> View:
    """What stands in the modal once a plan is kept: the sentence, and a moment to rehearse it."""
    lines: list[Block] = [
        blocks.section(say("Your plan is kept:")),
        blocks.section(quoted(say, plan.intention)),
        blocks.section(
            say("Now say it to yourself once, and picture the moment. Plans that are rehearsed hold better.")
        ),
    ]
    if plan.next_moment_on:
        lines.append(blocks.section(say("You expect the moment on {day}.", day=say.day(plan.next_moment_on))))
    if active < most:
        lines.append(
            blocks.small(
                say(
                    "You can keep up to {most} plans, one of each kind: `{command} plan`",
                    most=most,
                    command=ids.COMMAND,
                )
            )
        )
    return blocks.modal(say("Your plan"), lines, ids.PLAN_FORM, close=say("Done"))


def plan_list(say: Say, plans: tuple[Plan, ...], focus: Plan | None, most: int) -> Message:
    """A trainee's plans, with what he can do about each."""
    active = [plan for plan in plans if plan.state is PlanState.ACTIVE]
    finished = [plan for plan in plans if plan.state is not PlanState.ACTIVE]
    if not plans:
        text = say(
            "You have no plan yet. Two half-sentences are enough: if this happens, then I will do that."
        )
        return Message(text, (blocks.section(text), blocks.actions([_new_button(say)])))
    count = say.count("You have {number} plan on the go.", "You have {number} plans on the go.", len(active))
    page: list[Block] = [blocks.heading(say("Your plans")), blocks.small(count)]
    for plan in active:
        page += _one_plan(say, plan, is_focus=focus is not None and plan.id == focus.id)
    if finished:
        page.append(blocks.rule())
        page.append(blocks.section(say("*Done*")))
        page += [blocks.section(quoted(say, plan.intention, briefly=True)) for plan in finished[-5:]]
    if len(active) < most:
        page.append(blocks.actions([_new_button(say)]))
    page.append(blocks.small(say("Only you see your plans here. They are kept encrypted.")))
    return Message(blocks.in_words(page), tuple(page))


def field_problem(say: Say, field: str, reason: str, length: int, longest: int) -> str:
    """Why a field of the modal cannot be kept as it is, in the words shown under it."""
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
    if reason == "taken":
        return say(
            "You already have a plan of this kind. Mend that one or call it done, then write a new one."
        )
    if reason == "full":
        return say("You have as many plans as one can keep in mind. Call one done, then write a new one.")
    return say("Please choose what kind of plan this is.")


def _kind_question(say: Say, library: Library, kind: PlanKind | None) -> Block:
    options = [
        blocks.option(kind_name(say, each), each.value, say(library.kind(each).title)) for each in PlanKind
    ]
    chosen = next((option for option in options if kind and option.value == kind.value), None)
    element = StaticSelectElement(
        action_id=ids.PLAN_KIND,
        placeholder=say("Choose one"),
        options=options,
        initial_option=chosen,
    )
    hint = say(library.kind(kind).example) if kind else None
    return blocks.question(say("What kind of plan?"), element, KIND, hint, dispatch=True)


def _library_questions(say: Say, kind: KindOfPlan) -> list[Block]:
    def menu(label: str, action: str, texts: list[tuple[str, str]], block_id: str) -> Block:
        element = StaticSelectElement(
            action_id=action,
            placeholder=say("Pick one to start from, or write your own"),
            options=[blocks.option(say(text), value) for value, text in texts],
        )
        return blocks.question(label, element, block_id, optional=True, dispatch=True)

    return [
        menu(
            say("Ideas for the “if”"),
            ids.PLAN_PICK_CUE,
            [(cue.id, cue.text) for cue in kind.cues],
            PICK_CUE,
        ),
        menu(
            say("Ideas for the “then”"),
            ids.PLAN_PICK_RESPONSE,
            [(response.id, response.text) for response in kind.responses],
            PICK_RESPONSE,
        ),
    ]


def _words_questions(say: Say, words: Intention, filled: str) -> list[Block]:
    return [
        blocks.question(
            say("If …"),
            _text_field(CUE, words.cue, say("a colleague is talked over in our Monday meeting")),
            CUE + filled,
            say("The moment you will recognise: when, where, with whom."),
        ),
        blocks.question(
            say("… then I will"),
            _text_field(RESPONSE, words.response, say("ask her to finish her point")),
            RESPONSE + filled,
            say("One thing you can do right then. Quiet ways count."),
        ),
    ]


def _text_field(action: str, text: str, placeholder: str) -> PlainTextInputElement:
    extra: dict[str, Any] = {"initial_value": text} if text else {}
    return PlainTextInputElement(action_id=action, multiline=True, placeholder=placeholder, **extra)


def _moment_question(say: Say, moment: date | None) -> Block:
    element = DatePickerElement(action_id=MOMENT, initial_date=moment.isoformat() if moment else None)
    return blocks.question(
        say("When is the first likely moment?"),
        element,
        MOMENT,
        say("Leave it empty if you cannot tell."),
        optional=True,
    )


def _one_plan(say: Say, plan: Plan, *, is_focus: bool) -> list[Block]:
    title = f"*{kind_name(say, plan.kind)}*"
    if is_focus:
        title = say("{title} · the next check-in asks about this one", title=title)
    value = ids.PlanValue(plan=plan.id).pack()
    buttons = [
        blocks.button(say("Mend it"), ids.PLAN_EDIT, value),
        blocks.button(say("Call it done"), ids.PLAN_FINISH, value),
    ]
    if not is_focus:
        buttons.append(blocks.button(say("Ask about this one next"), ids.PLAN_FOCUS, value))
    return [
        blocks.section(f"{title}\n{quoted(say, plan.intention, briefly=True)}"),
        blocks.actions(buttons, block_id=f"plan.{plan.id}"),
    ]


def _new_button(say: Say) -> Any:
    return blocks.button(say("Write a plan"), ids.PLAN_NEW, style="primary")
