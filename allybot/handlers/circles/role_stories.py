"""Role models' stories: a lead asks for one; who was asked tells it, takes it back or declines."""

from dataclasses import asdict

from slack_bolt import Ack

from allybot.domain.role_stories import LONGEST, StoryWords, story_words
from allybot.errors import DecryptionError, FieldError, NotALeadError, NotFoundError, WrongStateError
from allybot.handlers.circles.previews import fingerprint
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts.circles import role_stories as prompts
from allybot.prompts.circles import role_story_ids, text_forms
from allybot.prompts.circles import role_story_lists as lists
from allybot.prompts.help import not_a_lead, stale_button
from allybot.services.circles import role_stories
from allybot.services.circles.role_stories import Asked
from allybot.slack_app.forms import form_errors, keep_open
from allybot.slack_app.payloads import Press, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()
_HIDES = {role_story_ids.HIDE: True, role_story_ids.SHOW_AGAIN: False}


@routes.action(role_story_ids.STORIES, role_story_ids.ASK, *_HIDES)
def for_leads(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The list of stories, the form that asks somebody, and leaving a story out."""
    ack()
    say = bot.say(press)
    try:
        value = press.value(role_story_ids.RoleStoryValue)
        program_id = value.program
        if press.action_id in _HIDES:
            hidden = _HIDES[press.action_id]
            program_id = role_stories.choose(bot.context, press.actor, value.story, hidden=hidden)
        program, waiting = role_stories.told_in(bot.context, press.actor, program_id)
    except NotALeadError:
        bot.answer(press, not_a_lead(say))
    except NotFoundError:
        bot.answer(press, stale_button(say))
    else:
        is_asking = press.action_id == role_story_ids.ASK
        bot.show(press, lists.ask_form(say, program) if is_asking else lists.stories(say, program, waiting))


@routes.view(role_story_ids.ASK_FORM)
def ask(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Ask the person who was chosen; the lead sees the same whatever comes of it."""
    say, view, actor = bot.say(submission), submission.view, submission.actor
    users = view.users(lists.PERSON)
    if not users:
        ack(response_action="errors", errors={view.block_of(lists.PERSON): lists.nobody_chosen(say)})
        return
    try:
        program_id = view.value(role_story_ids.RoleStoryValue).program
        role_stories.ask(bot.context, actor, program_id, users[0], bot.now())
        program, waiting = role_stories.told_in(bot.context, actor, program_id)
    except WrongStateError:
        ack(response_action="errors", errors={view.block_of(lists.PERSON): lists.enough_asked(say)})
    except (NotALeadError, NotFoundError):
        keep_open(ack, view, say)
    else:
        ack(
            response_action="update",
            view=lists.stories(say, program, waiting, remark=lists.ask_sent(say)).body,
        )
        bot.wake_worker()


@routes.action(role_story_ids.TELL)
def open_form(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The form, empty or with the story that was told."""
    ack()
    say = bot.say(press)
    try:
        story_id = press.value(role_story_ids.RoleStoryValue).story
        asked = role_stories.asked(bot.context, press.actor, story_id)
    except (NotFoundError, DecryptionError):
        bot.answer(press, prompts.over(say))
    else:
        typed = asdict(asked.words) if asked.words else {}
        value = role_story_ids.TellFormValue(story=story_id)
        bot.open_modal(press, _form(say, asked, value, typed, named=asked.story.named))


@routes.view(role_story_ids.TELL_FORM)
def tell(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Show the story as circles will read it; sent again unchanged, it is told."""
    say, view, actor = bot.say(submission), submission.view, submission.actor

    def explain(error: FieldError, length: int) -> str:
        return prompts.problem(say, error.reason, length, LONGEST[error.field])

    with form_errors(ack, view, say, explain, refusals=(NotFoundError, DecryptionError)):
        value = view.value(role_story_ids.TellFormValue)
        typed = {part: view.text(part) for part in LONGEST}
        words, named = story_words(typed), view.selected(text_forms.NAME) == text_forms.WITH
        seen = fingerprint(value.story, "\n".join(asdict(words).values()), named=named)
        if value.seen != seen:
            asked = role_stories.asked(bot.context, actor, value.story)
            value = value.model_copy(update={"seen": seen})
            ack(
                response_action="update",
                view=_form(say, asked, value, typed, named=named, shown=words).body,
            )
            return
        role_stories.tell(bot.context, actor, value.story, words, bot.now(), named=named)
        ack(response_action="update", view=prompts.told(say).body)


@routes.action(role_story_ids.DECLINE, role_story_ids.DECLINE_AND_TELL)
def decline(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Decline; the lead learns of it only by the button that says so."""
    ack()
    say, lead_told = bot.say(press), press.action_id == role_story_ids.DECLINE_AND_TELL
    try:
        story_id = press.value(role_story_ids.RoleStoryValue).story
    except NotFoundError:
        bot.answer(press, stale_button(say))
        return
    if lead_told:
        role_stories.decline_and_tell(bot.context, press.actor, story_id, bot.now())
        bot.wake_worker()
    else:
        role_stories.withdraw(bot.context, press.actor, story_id)
    bot.change_message(press, prompts.declined(say, lead_told=lead_told))


@routes.action(role_story_ids.WITHDRAW)
def withdraw(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Take the story back, after Slack's dialog."""
    ack()
    say = bot.say(press)
    try:
        story_id = press.value(role_story_ids.RoleStoryValue).story
    except NotFoundError:
        bot.answer(press, stale_button(say))
        return
    role_stories.withdraw(bot.context, press.actor, story_id)
    bot.show(press, prompts.withdrawn(say))


def _form(
    say: Say,
    asked: Asked,
    value: role_story_ids.TellFormValue,
    typed: dict[str, str],
    *,
    named: bool,
    shown: StoryWords | None = None,
) -> View:
    return prompts.tell_form(
        say,
        value,
        typed,
        asked.story.asked_by,
        asked.program.support_contact,
        named=named,
        shown=shown,
        preview_for=asked.story.asked,
        is_told=bool(asked.story.text_locked),
    )
