"""The modal for a new plan, in three steps.

The kind, with an optional wish and obstacle; the two halves; the whole sentence with the optional fields.
Only the kind and the halves are required. Block ids get a new suffix when the app fills in a field, because
Slack keeps the displayed value of a block whose id does not change.
"""

from collections.abc import Sequence

from slack_sdk.models.blocks import StaticSelectElement

from allybot.content import KindOfPlan, Library
from allybot.domain.plan_checks import Remark
from allybot.domain.plans import MAX_HALF_LENGTH, Intention, PlanKind
from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line
from allybot.prompts.ids import PlanFormValue, PlanStep
from allybot.prompts.plans.fields import coping_question, moment_question, text_field, words_questions
from allybot.prompts.plans.remarks import remark_lines
from allybot.prompts.plans.sentence import KIND, kind_name, quoted, sentence

WISH, OBSTACLE, OWN_WORDS = "wish", "obstacle", "own_obstacle"
PICK_CUE, PICK_RESPONSE = "pick_cue", "pick_response"


def plan_form(
    say: Say,
    library: Library,
    value: PlanFormValue,
    support_contact: str,
    *,
    remarks: Sequence[Remark] = (),
    filled: str = "",
    too_long: int = 0,
    instead_of: Intention | None = None,
) -> View:
    """One step of the modal.

    Args:
        value: the step and everything entered so far; this step's words may be of any length.
        remarks: shown in the last step.
        filled: a suffix for the block ids; a new one whenever the app fills in the fields.
        too_long: the length of a line that does not fit in the metadata of another step, else 0.
        instead_of: the plan that is put aside for this one, shown in the last step.
    """
    kind = library.kinds.get(PlanKind(value.kind)) if value.kind else None
    page = [blocks.small(_step_title(say, value.step))]
    if too_long:
        page.append(
            blocks.section(
                say(
                    "One of your lines has {length} characters. Please shorten it to {longest}, and then go "
                    "back: so none of your words is lost on the way.",
                    length=too_long,
                    longest=MAX_HALF_LENGTH,
                )
            )
        )
    if value.step is PlanStep.KIND:
        page += _kind_step(say, library, kind, value, filled)
    elif value.step is PlanStep.WORDS:
        page += _words_step(say, library, kind, value, filled)
    else:
        page += _keep_step(say, value, remarks, filled, instead_of)
    return blocks.modal(
        say("Write a plan"),
        [*page, support_line(say, support_contact)],
        ids.PLAN_FORM,
        submit=say("Keep this plan") if value.step is PlanStep.KEEP else say("Go on"),
        close=say("Cancel"),
        metadata=_metadata(value).pack(),
    )


def _metadata(value: PlanFormValue) -> PlanFormValue:
    """The modal's metadata: everything entered except the fields on the screen."""
    shown: dict[PlanStep, dict[str, object]] = {
        PlanStep.KIND: {"wish": "", "own_obstacle": ""},
        PlanStep.WORDS: {"cue": "", "response": ""},
        PlanStep.KEEP: {"coping": "", "moment": None},
    }
    return value.model_copy(update=shown[value.step])


def _step_title(say: Say, step: PlanStep) -> str:
    """The number and title of a step; the swap form has none."""
    return {
        PlanStep.KIND: say("1 of 3 · What it is about"),
        PlanStep.WORDS: say("2 of 3 · Two half-sentences, picked or in your own words"),
        PlanStep.KEEP: say("3 of 3 · Said once, and kept"),
    }[step]


def _kind_step(
    say: Say, library: Library, kind: KindOfPlan | None, value: PlanFormValue, filled: str
) -> list[Block]:
    page = [_kind_question(say, library, kind, value.kind, filled)]
    if kind is None:
        return page
    page.append(
        blocks.small(
            say(
                "Before the plan, two lines to think with. Skip them as you like; allybot does not keep them."
            )
        )
    )
    example = say("she finishes her thought and the others pick it up")
    page.append(
        blocks.question(
            say("What would be better then?"),
            text_field(WISH, value.wish, example, multiline=False, most=ids.MAX_THOUGHT_LENGTH),
            WISH + filled,
            optional=True,
        )
    )
    return [*page, *_obstacle_questions(say, kind, value, filled)]


def _kind_question(say: Say, library: Library, kind: KindOfPlan | None, chosen: str, filled: str) -> Block:
    options = [
        blocks.option(kind_name(say, each), each.value, say(library.kind(each).title))
        for each in PlanKind
        if each in library.kinds
    ]
    element = StaticSelectElement(
        action_id=ids.PLAN_KIND,
        placeholder=say("Choose one"),
        options=options,
        initial_option=next((option for option in options if option.value == chosen), None),
    )
    example = kind.example if kind else None
    hint = sentence(say, Intention(say(example.cue), say(example.response))) if example else None
    return blocks.question(say("What kind of plan?"), element, KIND + filled, hint, dispatch=True)


def _obstacle_questions(say: Say, kind: KindOfPlan, value: PlanFormValue, filled: str) -> list[Block]:
    options = [blocks.option(say(each.text), each.id) for each in kind.obstacles]
    options.append(blocks.option(say("Something else, in my own words"), ids.OWN_OBSTACLE))
    element = StaticSelectElement(
        action_id=ids.PLAN_OBSTACLE,
        placeholder=say("Choose one, or go on"),
        options=options,
        initial_option=next((option for option in options if option.value == value.obstacle), None),
    )
    # Kinds have different obstacles, so each has its own block id and no choice is carried over.
    page = [
        blocks.question(
            say("What is most likely to get in your way?"),
            element,
            f"{OBSTACLE}.{value.kind}{filled}",
            optional=True,
            dispatch=True,
        )
    ]
    if value.obstacle == ids.OWN_OBSTACLE:
        example = say("I look at my notes and miss it")
        page.append(
            blocks.question(
                say("In my own words"),
                text_field(
                    OWN_WORDS, value.own_obstacle, example, multiline=False, most=ids.MAX_THOUGHT_LENGTH
                ),
                OWN_WORDS + filled,
                optional=True,
            )
        )
    return page


def _words_step(
    say: Say, library: Library, kind: KindOfPlan | None, value: PlanFormValue, filled: str
) -> list[Block]:
    page = []
    in_the_way = _obstacle(say, kind, value)
    thoughts = [
        say("*Better then:* {wish}", wish=blocks.escape(value.wish)) if value.wish else "",
        say("*Perhaps in the way:* {obstacle}", obstacle=blocks.escape(in_the_way)) if in_the_way else "",
    ]
    if any(thoughts):
        page.append(blocks.section("\n".join(filter(None, thoughts))))
    if kind:
        responses = kind.responses_to(
            value.cue, kind.responses_against(value.obstacle), library.compiled_tags
        )
        page += [
            _menu(
                say,
                say("Ideas for the “if”"),
                ids.PLAN_PICK_CUE,
                f"{PICK_CUE}.{value.kind}",
                [(cue.id, cue.text) for cue in kind.cues_against(value.obstacle)],
            ),
            _menu(
                say,
                say("Ideas for the “then”"),
                ids.PLAN_PICK_RESPONSE,
                f"{PICK_RESPONSE}.{value.kind}",
                [(response.id, response.text) for response in responses],
            ),
        ]
    page += words_questions(say, Intention(value.cue, value.response), filled)
    return [*page, _back(say("Back"))]


def _obstacle(say: Say, kind: KindOfPlan | None, value: PlanFormValue) -> str:
    if value.obstacle == ids.OWN_OBSTACLE:
        return value.own_obstacle
    known = kind.obstacles if kind else ()
    return next((say(each.text) for each in known if each.id == value.obstacle), "")


def _menu(say: Say, label: str, action: str, block_id: str, texts: list[tuple[str, str]]) -> Block:
    element = StaticSelectElement(
        action_id=action,
        placeholder=say("Pick one to start from, or write your own"),
        options=[blocks.option(say(text), value) for value, text in texts],
    )
    return blocks.question(label, element, block_id, optional=True, dispatch=True)


def _keep_step(
    say: Say, value: PlanFormValue, remarks: Sequence[Remark], filled: str, instead_of: Intention | None
) -> list[Block]:
    page = [
        blocks.section(quoted(say, Intention(value.cue, value.response))),
        blocks.section(
            say("Say it to yourself once, and picture the moment. Rehearsed plans tended to do better.")
        ),
    ]
    if instead_of:
        old = quoted(say, instead_of, briefly=True)
        page.append(blocks.section(say("It takes the place of this one, which goes aside:") + "\n" + old))
    if remarks:
        page += [*remark_lines(say, remarks), _back(say("Change the words"))]
    page += [coping_question(say, value.coping, filled), moment_question(say, value.moment, filled)]
    return page if remarks else [*page, _back(say("Back"))]


def _back(label: str) -> Block:
    return blocks.actions([blocks.button(label, ids.PLAN_BACK)], block_id="back")
