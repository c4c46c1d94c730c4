"""The Home tab, short enough for one phone screen."""

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.home import HomeFacts
from allybot.domain.plans import Plan
from allybot.domain.trainee import TraineeState, can_be_resumed, gets_check_ins, may_still_consent
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks, ids
from allybot.prompts.check_ins import reminders
from allybot.prompts.check_ins.quiet_days import quiet_button, quiet_line
from allybot.prompts.circles import circle_ids
from allybot.prompts.circles.page import show_button
from allybot.prompts.circles.questions import about_plan_button, ask_button
from allybot.prompts.data.privacy import privacy_button, what_is_counted
from allybot.prompts.help import as_modal, not_enrolled, support_line
from allybot.prompts.plans import rehearsal_ids
from allybot.prompts.plans.notes import newest_notes, notes_button
from allybot.prompts.plans.sentence import kind_name, quoted
from allybot.prompts.programs import messages as leading
from allybot.prompts.programs.creating import new_button
from allybot.prompts.programs.messages import ProgramPage
from allybot.prompts.programs.suggestions import suggest_button


def home(
    say: Say, facts: HomeFacts | None, led: tuple[ProgramPage, ...] = (), *, may_create: bool = False
) -> View:
    """The Home tab of a trainee: what they do next, and the rest behind one button.

    For `facts` None, of somebody in no program: a lead sees how theirs run.

    Args:
        led: the programs they lead.
        may_create: whether they may set up programs.
    """
    new = [blocks.actions([new_button(say)], "creating")] if may_create else []
    if facts is None and led:
        return View({"type": "home", "blocks": [*leading.home(say, led), *new]})
    if facts is None:
        return View({"type": "home", "blocks": [*not_enrolled(say).blocks, *new]})
    if may_still_consent(facts.trainee.state):
        page = _consent_question(say, facts)
        page.append(blocks.actions([privacy_button(say), _more(say)], block_id="home.choices"))
    else:
        page = [*_focus(say, facts), *newest_notes(say, facts.notes), *_next(say, facts)]
        page += [*_others(say, facts), *_circle(say, facts)]
        page.append(blocks.actions(_choices(say, facts), block_id="home.choices"))
    page += [*leading.also_leads(say, led), *new]
    page.append(support_line(say, facts.program.support_contact))
    return View({"type": "home", "blocks": page})


def as_message(
    say: Say, facts: HomeFacts | None, led: tuple[ProgramPage, ...] = (), *, may_create: bool = False
) -> Message:
    """The same as a message, for people of another organisation, who see no Home tab."""
    page: list[Block] = home(say, facts, led, may_create=may_create).body["blocks"]
    return blocks.message(say, page)


def more(say: Say, facts: HomeFacts | None) -> View:
    """What is needed now and then, as a modal; for `facts` None, of somebody in no program."""
    if facts is None:
        return as_modal(say, not_enrolled(say))
    plans = [
        blocks.button(say("All my plans"), ids.PLANS_SHOW),
        blocks.button(say("Lines to say"), ids.LINES_SHOW),
        blocks.button(say("Practise it once"), rehearsal_ids.SHOW),
        notes_button(say),
        blocks.button(say("My own why"), ids.WHY_SHOW),
        blocks.button(say("Send me my plans"), ids.PLANS_SEND),
    ]
    if facts.focus and facts.circle_open:
        plans.append(about_plan_button(say, facts.focus))
    if facts.circle_channel:
        plans.append(show_button(say))
    consented = not may_still_consent(facts.trainee.state)
    page = [
        *(
            [blocks.section(say("*Your plans*")), blocks.actions(plans, block_id="more.plans")]
            if consented
            else []
        ),
        blocks.section(say("*Your data*")),
        blocks.actions(
            [
                privacy_button(say),
                blocks.button(say("What leads see"), ids.PRIVACY_LEADS),
                blocks.button(say("What is held about me"), ids.MY_DATA_SHOW),
                blocks.button(say("Forget me"), ids.FORGET_ME_SHOW),
            ],
            block_id="more.data",
        ),
        blocks.actions(
            [*([quiet_button(say), suggest_button(say)] if consented else []), _help(say)],
            block_id="more.rest",
        ),
        support_line(say, facts.program.support_contact),
    ]
    return blocks.modal(say("More"), page, ids.HOME_MORE, close=say("Close"))


def _consent_question(say: Say, facts: HomeFacts) -> list[Block]:
    counted = [blocks.section(what_is_counted(say, facts.counted_on))] if facts.program.counts_moments else []
    return [
        blocks.heading(say("Welcome")),
        blocks.section(
            say(
                "You are on the list of {program}. Nothing starts before you say yes: "
                "read the first message in the Messages tab, or start here.",
                program=blocks.escape(facts.program.name),
            )
        ),
        *counted,
        blocks.actions(
            [blocks.button(say("Start"), ids.CONSENT_START, style="primary")], block_id="home.start"
        ),
    ]


def _focus(say: Say, facts: HomeFacts) -> list[Block]:
    if facts.focus is None:
        return [
            blocks.heading(say("Your first plan")),
            blocks.section(say("Two half-sentences are enough: if this happens, then I will do that.")),
            blocks.actions(
                [blocks.button(say("Write a plan"), ids.PLAN_NEW, style="primary")],
                block_id="home.first_plan",
            ),
        ]
    value = ids.PlanValue(plan=facts.focus.id).pack()
    page = [
        blocks.heading(say("Your plan in focus")),
        blocks.section(f"*{kind_name(say, facts.focus.kind)}*\n{quoted(say, facts.focus.intention)}"),
    ]
    if facts.focus.next_moment_on:
        lines = [say("You expect the moment on {day}.", day=say.day(facts.focus.next_moment_on))]
        if facts.remind_on:
            lines.append(reminders.comes(say, facts.remind_on))
        page.append(blocks.small(" ".join(lines)))
    page.append(
        blocks.actions(
            [
                blocks.button(say("Mend it"), ids.PLAN_EDIT, value),
                blocks.button(say("Call it done"), ids.PLAN_FINISH, value),
                *reminders.reminder_buttons(say, facts.focus, facts.today),
            ],
            block_id="home.focus",
        )
    )
    return page


def _next(say: Say, facts: HomeFacts) -> list[Block]:
    zone = facts.trainee.zone
    state = facts.trainee.state
    if state is TraineeState.PAUSED:
        until = facts.trainee.paused_until
        day = say.day(until.astimezone(zone).date()) if until else ""
        text = say("Paused until {day}.", day=day) if until else say("Paused until you resume.")
    elif state is TraineeState.STOPPED:
        text = say("You asked for silence. Your plans are still here, and you can resume at any time.")
    elif state is TraineeState.FINISHED:
        text = say(
            "{program} has ended, and no more check-ins come.", program=blocks.escape(facts.program.name)
        )
    elif facts.next_check_in_at is None:
        text = say("No further check-ins are planned.")
    elif facts.keeps_going:
        day = say.day(facts.next_check_in_at.astimezone(zone).date())
        text = say("Your plan comes by message on {day}. Nothing is asked then.", day=day)
    else:
        text = say(
            "Next check-in: {day} at about {hour}.",
            day=say.day(facts.next_check_in_at.astimezone(zone).date()),
            hour=say.hour(facts.next_check_in_at, zone),
        )
    kept = say("Your plans are kept until {day}, and deleted then.", day=say.day_and_year(facts.deleted_on))
    quiet = quiet_line(say, facts.trainee.quiet_days)
    return [blocks.section(text), blocks.small(" ".join(filter(None, (quiet, kept))))]


def _others(say: Say, facts: HomeFacts) -> list[Block]:
    asks = facts.next_check_in_at is not None

    def one(plan: Plan) -> Block:
        value = ids.PlanValue(plan=plan.id).pack()
        button = blocks.button(say("Ask about this next"), ids.PLAN_FOCUS, value) if asks else None
        return blocks.section(
            f"*{kind_name(say, plan.kind)}*\n{quoted(say, plan.intention)}", accessory=button
        )

    return [one(plan) for plan in facts.other_plans]


def _circle(say: Say, facts: HomeFacts) -> list[Block]:
    page = []
    if facts.circle_channel:
        text = say("Your ally circle meets in <#{channel}>.", channel=facts.circle_channel)
        page.append(blocks.section(text, accessory=ask_button(say) if facts.circle_open else None))
    if facts.may_find_circle:
        find = blocks.button(say("Find a circle"), circle_ids.SHOW)
        page.append(blocks.section(say("Some circles of your program have room."), accessory=find))
    return page


def _choices(say: Say, facts: HomeFacts) -> list[ButtonElement]:
    state, choices = facts.trainee.state, []
    if facts.focus and facts.may_write:
        choices.append(blocks.button(say("Write another plan"), ids.PLAN_NEW))
    if facts.last_answered:
        value = ids.CheckInValue(check_in=facts.last_answered).pack()
        choices.append(blocks.button(say("Change my last answer"), ids.CHECK_IN_CHANGE, value))
    if can_be_resumed(state):
        choices.append(blocks.button(say("Resume check-ins"), ids.FREQUENCY_RESUME))
    elif gets_check_ins(state):
        choices.append(blocks.button(say("Less often, pause or stop"), ids.FREQUENCY_SHOW))
    return [*choices, _more(say)]


def _more(say: Say) -> ButtonElement:
    return blocks.button(say("More"), ids.HOME_MORE)


def _help(say: Say) -> ButtonElement:
    return blocks.button(say("Help"), ids.HELP_SHOW)
