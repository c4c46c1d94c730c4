"""Answers to typed messages, with fitting buttons."""

from datetime import date

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.trainee import TraineeState, can_be_resumed, may_still_consent
from allybot.domain.typed import ANSWERS, Meaning
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.data.privacy import Terms, who_sees_what
from allybot.prompts.help import not_enrolled, support_line
from allybot.prompts.trainees.welcome import consent_buttons

_LIKE = {
    Meaning.RESUME: Meaning.START,
    Meaning.DECLINE: Meaning.STOP,
    Meaning.WRITE_PLAN: Meaning.PLANS,
    Meaning.NOD: Meaning.THANKS,
    Meaning.LATER: Meaning.PAUSE,
}
"""Meanings that are answered like another; the last two while no check-in waits."""
_WITH_CONTACT = frozenset({Meaning.HELP, Meaning.UNKNOWN, Meaning.BOT, Meaning.PERSON, Meaning.ANGRY})


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
                "That sounds serious, and a bot is the wrong one to carry it. Please talk to a person today, "
                "also when it is about somebody else."
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
    buttons = [
        blocks.button(say("Forget me"), ids.FORGET_ME_SHOW),
        blocks.button(say("What is held about me"), ids.MY_DATA_SHOW),
    ]
    return _answer(say, [blocks.section(text)], buttons)


def who_sees(say: Say, terms: Terms | None) -> Message:
    """Who sees what: a summary for a trainee (`terms`), and a button to the whole page."""
    if terms is None:
        page = [blocks.section(say("Who sees what in allybot, and where the limits are, stands on a page:"))]
    else:
        lines = who_sees_what(say, terms.minimum_respondents, terms.counted_on)
        page = [
            blocks.section("\n".join(f"• {line}" for line in lines)),
            blocks.section(say("What you type here stays in Slack, by the rules of your workspace.")),
        ]
    return _answer(say, page, [blocks.button(say("Who sees what"), ids.PRIVACY_SHOW)])


def not_on_a_list(say: Say, support_contact: str | None) -> Message:
    """The answer to somebody in no program."""
    found = not_enrolled(say)
    page = [*found.blocks, *([support_line(say, support_contact)] if support_contact else [])]
    return blocks.message(say, page)


def typed_reply(
    say: Say,
    meaning: Meaning,
    state: TraineeState,
    open_check_in: list[Block],
    support_contact: str | None,
    next_on: date | None = None,
) -> Message:
    """The answer to any other message a trainee typed.

    Args:
        open_check_in: the buttons of the open check-in, empty when there is none.
        next_on: the local day of the next check-in; None when none is planned.
    """
    meaning = _answered_like(meaning, state, is_open=bool(open_check_in))
    closing = [support_line(say, support_contact)] if support_contact and meaning in _WITH_CONTACT else []
    if may_still_consent(state):
        page = [blocks.section(_undecided(say, state)), consent_buttons(say, state), *closing]
        return blocks.message(say, page)
    if meaning in ANSWERS:
        page = [blocks.section(_answered(say, next_on, is_open=bool(open_check_in))), *open_check_in]
        return _answer(say, page, [], closing)
    page = [blocks.section(_words(say, meaning, state, next_on))]
    return _answer(say, page, _buttons(say, meaning, state), closing)


def _answered_like(meaning: Meaning, state: TraineeState, *, is_open: bool) -> Meaning:
    """The meaning whose answer fits; `is_open`: a check-in waits for its answer."""
    if is_open and meaning in {Meaning.NOD, Meaning.LATER, Meaning.CHANGE_ANSWER}:
        return Meaning.ACTED  # any of the answers: the check-in's own buttons
    if meaning is Meaning.SLOWER and state is not TraineeState.ACTIVE:
        return Meaning.START
    return _LIKE.get(meaning, meaning)


def _answer(
    say: Say, page: list[Block], buttons: list[ButtonElement], closing: list[Block] | None = None
) -> Message:
    row = [blocks.actions(buttons, block_id="typed.choices")] if buttons else []
    whole = [*page, *row, *(closing or [])]
    return blocks.message(say, whole)


def _undecided(say: Say, state: TraineeState) -> str:
    if state is TraineeState.DECLINED:
        return say("You said no thanks, and nothing comes. Should you have changed your mind:")
    return say("Nothing has started yet, and nothing will unless you press:")


def _answered(say: Say, next_on: date | None, *, is_open: bool) -> str:
    thanks = say("Thank you for writing. A typed answer is not recorded, because Slack keeps what is typed.")
    if is_open:
        return " ".join([thanks, say("The buttons seal it so that nobody can read it:")])
    if next_on:
        return " ".join(
            [thanks, say("No check-in is waiting for you now; the next one brings its own buttons.")]
        )
    return " ".join([thanks, say("No check-in is waiting for you now, and none is planned.")])


def _words(say: Say, meaning: Meaning, state: TraineeState, next_on: date | None) -> str:
    if meaning is Meaning.START:
        return {
            TraineeState.ACTIVE: say("The check-ins are on. Your plans:"),
            TraineeState.FINISHED: say("No further check-ins are planned. Your plans are still here:"),
        }.get(state, say("Shall the check-ins come again? Nothing happens until you press."))
    return {
        Meaning.PLANS: say("Here you can write a plan or see the ones you have."),
        Meaning.PAUSE: say("Shall the check-ins rest for a while? Nothing happens until you press."),
        Meaning.STOP: say("Shall the check-ins end? Nothing happens until you press. Your plans stay."),
        Meaning.HELP: say("Here is what you can do. `{command} help` shows all of it.", command=ids.COMMAND),
        Meaning.THANKS: say("You are welcome."),
        Meaning.SLOWER: say("Shall the questions come less often? Nothing happens until you press."),
        Meaning.NEXT: say("The next check-in comes on {day}.", day=say.day(next_on))
        if next_on
        else say("No check-in is planned at the moment."),
        Meaning.CHANGE_ANSWER: say(
            "On the Home tab “Change my last answer” opens it, for as long as it is not counted."
        ),
        Meaning.QUIET_DAYS: say("Choose the hour of your questions, and the days without any:"),
        Meaning.MY_DATA: say("What is held about you, and how to delete it:"),
        Meaning.DONE: say("Good to hear. Open the one that is done and press “Call it done”."),
        Meaning.BOT: say("Yes, I am a bot with a list of words; nobody reads along. A person to talk to:"),
        Meaning.PERSON: say("I am a bot. A person to talk to:"),
        Meaning.LINES: say("There are ready lines to say, sorted by situation:"),
        Meaning.ANGRY: say("Fair enough. Shall I stop, or ask less often?")
        if state is TraineeState.ACTIVE
        else say("Fair enough. Nothing is asked at the moment."),
        Meaning.GREETING: say("Hello. What do you need?"),
    }.get(
        meaning,
        say(
            "I only understand a few words. What do you need? allybot keeps no copy of what you typed; it "
            "stays in Slack."
        ),
    )


def _buttons(say: Say, meaning: Meaning, state: TraineeState) -> list[ButtonElement]:
    write = blocks.button(say("Write a plan"), ids.PLAN_NEW)
    show = blocks.button(say("All my plans"), ids.PLANS_SHOW)
    pause = blocks.button(say("Pause for two weeks"), ids.FREQUENCY_PAUSE)
    stop = blocks.button(say("Stop the check-ins"), ids.FREQUENCY_STOP)
    resume = blocks.button(say("Resume check-ins"), ids.FREQUENCY_RESUME)
    help_ = blocks.button(say("Help"), ids.HELP_SHOW)
    slower = blocks.button(say("Ask me less often"), ids.FREQUENCY_SLOWER)
    quiet = blocks.button(say("Quiet days and hour"), ids.QUIET_DAYS_SHOW)
    lines = blocks.button(say("Lines to say"), ids.LINES_SHOW)
    data = blocks.button(say("What is held about me"), ids.MY_DATA_SHOW)
    sees = blocks.button(say("Who sees what"), ids.PRIVACY_SHOW)
    fitting = {
        TraineeState.ACTIVE: [pause, stop],
        TraineeState.PAUSED: [resume, stop],
        TraineeState.STOPPED: [resume, data],
    }.get(state, [data, sees])
    annoyed = {TraineeState.ACTIVE: [stop, slower], TraineeState.PAUSED: [stop]}.get(state, [])
    return {
        Meaning.SLOWER: [slower, pause],
        Meaning.QUIET_DAYS: [quiet],
        Meaning.MY_DATA: [data, blocks.button(say("Forget me"), ids.FORGET_ME_SHOW)],
        Meaning.DONE: [show],
        Meaning.BOT: [help_],
        Meaning.PERSON: [],
        Meaning.NEXT: [show, pause],
        Meaning.CHANGE_ANSWER: [],
        Meaning.LINES: [lines],
        Meaning.ANGRY: annoyed,
        Meaning.GREETING: [show, help_],
        Meaning.START: [resume] if can_be_resumed(state) else [write, show],
        Meaning.PLANS: [write, show],
        Meaning.PAUSE: [pause, stop],
        Meaning.STOP: [stop, pause],
        Meaning.HELP: [write, show, help_],
        Meaning.THANKS: [],
    }.get(meaning, [show, write, *fitting, help_])
