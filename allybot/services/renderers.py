"""The renderer of each kind of message in the outbox."""

from collections.abc import Callable
from datetime import datetime

from allybot.errors import ContentError
from allybot.message import Message
from allybot.services.check_ins import keep_going, messages, reminders, silence
from allybot.services.circles import (
    deed_rounds,
    facilitator_messages,
    news,
    requests,
    results,
    role_story_posts,
    text_posts,
    threads,
)
from allybot.services.circles import messages as circle_messages
from allybot.services.context import Context, Rendering
from allybot.services.delivery import circle_channels, did_it_appear
from allybot.services.outcomes import summaries
from allybot.services.programs import (
    corrections,
    founding,
    leading,
    moving,
    suggestion_answers,
    suggestion_rounds,
)
from allybot.services.trainees import consent, plan_copies, pool_consent, typed
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxRow
from allybot.store.engine.database import Transaction

_RENDERERS: dict[MessageKind, Callable[[Rendering], Message | None]] = {
    MessageKind.WELCOME: consent.render_welcome,
    MessageKind.WELCOME_ANSWERED: consent.render_welcome_answered,
    MessageKind.LATER_REMINDER: consent.render_later_reminder,
    MessageKind.FIRST_PLAN: consent.render_first_plan,
    MessageKind.GOODBYE: consent.render_goodbye,
    MessageKind.PLANS_COPY: plan_copies.render_plans_copy,
    MessageKind.LAST_COPY: plan_copies.render_last_copy,
    MessageKind.POOL_QUESTION: pool_consent.render_pool_question,
    MessageKind.CHECK_IN: messages.render_check_in,
    MessageKind.FOLLOW_UP: messages.render_follow_up,
    MessageKind.REPLAN: messages.render_replan,
    MessageKind.CHECK_IN_ANSWERED: messages.render_answered,
    MessageKind.SLOWED: silence.render_slowed,
    MessageKind.FRESH_START: silence.render_fresh_start,
    MessageKind.KEEP_GOING: keep_going.render_keep_going,
    MessageKind.REMINDER: reminders.render_reminder,
    MessageKind.DEEDS_ROUND: deed_rounds.render_deeds_round,
    MessageKind.NAMED_DEED: deed_rounds.render_named_deed,
    MessageKind.SCENARIO: circle_messages.render_scenario,
    MessageKind.THREAD_OPENER: threads.render_thread_opener,
    MessageKind.VOTE_REMINDER: threads.render_vote_reminder,
    MessageKind.VOTE_RESULT: circle_messages.render_vote_result,
    MessageKind.FACILITATOR_ASKED: facilitator_messages.render_facilitator_asked,
    MessageKind.FACILITATOR_KIT: facilitator_messages.render_facilitator_kit,
    MessageKind.DATES_MOVED: moving.render_dates_moved,
    MessageKind.LEAD_APPOINTED: leading.render_lead_appointed,
    MessageKind.TAKEN_OFF: corrections.render_taken_off,
    MessageKind.RELEASE_NOTICE: summaries.render_release_notice,
    MessageKind.RESULT: summaries.render_result,
    MessageKind.CIRCLE_RESULT: results.render_circle_result,
    MessageKind.SUGGESTIONS: suggestion_rounds.render_suggestions,
    MessageKind.SUGGESTION_ANSWERS: suggestion_answers.render_answers,
    MessageKind.CIRCLE_SUGGESTION_ANSWERS: suggestion_answers.render_circle_answers,
    MessageKind.DID_IT_APPEAR: did_it_appear.render_did_it_appear,
    MessageKind.APPEARED_ANSWERED: did_it_appear.render_appeared_answered,
    MessageKind.CIRCLE_TROUBLE: circle_channels.render_circle_trouble,
    MessageKind.CIRCLE_RESTS: circle_channels.render_circle_rests,
    MessageKind.CIRCLE_GOES_ON: circle_channels.render_circle_goes_on,
    MessageKind.CIRCLE_REQUEST: requests.render_circle_request,
    MessageKind.PAUSE_PROPOSED: news.render_pause_proposed,
    MessageKind.CIRCLE_PAUSES: news.render_circle_pauses,
    MessageKind.CIRCLE_RESUMES: news.render_circle_resumes,
    MessageKind.CIRCLE_THANKS: news.render_circle_thanks,
    MessageKind.CIRCLE_MERGES: news.render_circle_merges,
    MessageKind.CIRCLE_GROWS: news.render_circle_grows,
    MessageKind.MERGE_PROPOSED: news.render_merge_proposed,
    MessageKind.CIRCLE_PROPOSED: founding.render_circle_proposed,
    MessageKind.TYPED_REPLY: typed.render_typed_reply,
    **role_story_posts.RENDERERS,
    **text_posts.RENDERERS,
}


def render(context: Context, tx: Transaction, row: OutboxRow, now: datetime) -> Message | None:
    """Render an outbox row at `now` (UTC); None when the message is no longer wanted.

    Raises:
        ContentError: this version does not know the kind of message.
    """
    if row.kind is MessageKind.UNKNOWN:
        raise ContentError
    return _RENDERERS[row.kind](Rendering(context, tx, row, now))
