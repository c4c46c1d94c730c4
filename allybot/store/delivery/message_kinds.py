"""What kinds of messages the outbox holds."""

from enum import StrEnum


class MessageKind(StrEnum):
    """What kind of message a row is; `services/renderers.py` maps each kind to its renderer.

    `about_id` holds the id of: the trainee for CIRCLE_PROPOSED, DATES_MOVED, WELCOME, LATER_REMINDER,
    FIRST_PLAN, SLOWED, FRESH_START, KEEP_GOING, GOODBYE, PLANS_COPY, LAST_COPY, POOL_QUESTION,
    WELCOME_ANSWERED; the check-in for CHECK_IN, FOLLOW_UP, REPLAN, CHECK_IN_ANSWERED; the circle week for
    DEEDS_ROUND, SCENARIO, THREAD_OPENER, VOTE_REMINDER, VOTE_RESULT, FACILITATOR_ASKED, FACILITATOR_KIT and
    CIRCLE_RECAP; the window for RELEASE_NOTICE, RESULT, CIRCLE_RESULT; the program for LEAD_APPOINTED,
    TAKEN_OFF and SUGGESTIONS; one of the suggestions for SUGGESTION_ANSWERS and CIRCLE_SUGGESTION_ANSWERS;
    the outbox row for DID_IT_APPEAR and APPEARED_ANSWERED; the circle for CIRCLE_TROUBLE, CIRCLE_RESTS,
    CIRCLE_GOES_ON and what follows it, up to MERGE_PROPOSED, for CIRCLE_MERGES the one to join and for
    CIRCLE_GROWS the one that ended; the text for CIRCLE_QUESTION and CIRCLE_ANSWER, the deed for
    NAMED_DEED, the story for ROLE_STORY and STORY_ASKED. Neither these nor a CIRCLE_RECAP hold words or
    author; the own id of a text's row is the text's. Until the message is settled it holds, encrypted: the
    trainee for `NAMES_NOBODY`; what was understood for TYPED_REPLY; who declined for STORY_DECLINED.
    """

    WELCOME = "welcome"
    WELCOME_ANSWERED = "welcome_answered"
    LATER_REMINDER = "later_reminder"
    FIRST_PLAN = "first_plan"
    CHECK_IN = "check_in"
    FOLLOW_UP = "follow_up"
    REPLAN = "replan"
    CHECK_IN_ANSWERED = "check_in_answered"
    SLOWED = "slowed"
    FRESH_START = "fresh_start"
    KEEP_GOING = "keep_going"
    GOODBYE = "goodbye"
    PLANS_COPY = "plans_copy"
    LAST_COPY = "last_copy"
    POOL_QUESTION = "pool_question"
    REMINDER = "reminder"
    DEEDS_ROUND = "deeds_round"
    NAMED_DEED = "named_deed"
    SCENARIO = "scenario"
    THREAD_OPENER = "thread_opener"
    VOTE_REMINDER = "vote_reminder"
    VOTE_RESULT = "vote_result"
    FACILITATOR_ASKED = "facilitator_asked"
    FACILITATOR_KIT = "facilitator_kit"
    LEAD_APPOINTED = "lead_appointed"
    DATES_MOVED = "dates_moved"
    TAKEN_OFF = "taken_off"
    RELEASE_NOTICE = "release_notice"
    RESULT = "result"
    CIRCLE_RESULT = "circle_result"
    SUGGESTIONS = "suggestions"
    SUGGESTION_ANSWERS = "suggestion_answers"
    CIRCLE_SUGGESTION_ANSWERS = "circle_suggestion_answers"
    DID_IT_APPEAR = "did_it_appear"
    APPEARED_ANSWERED = "appeared_answered"
    CIRCLE_TROUBLE = "circle_trouble"
    CIRCLE_RESTS = "circle_rests"
    CIRCLE_GOES_ON = "circle_goes_on"
    CIRCLE_REQUEST = "circle_request"
    PAUSE_PROPOSED = "pause_proposed"
    CIRCLE_PAUSES = "circle_pauses"
    CIRCLE_RESUMES = "circle_resumes"
    CIRCLE_THANKS = "circle_thanks"
    CIRCLE_MERGES = "circle_merges"
    CIRCLE_GROWS = "circle_grows"
    MERGE_PROPOSED = "merge_proposed"
    CIRCLE_PROPOSED = "circle_proposed"
    CIRCLE_QUESTION = "circle_question"
    CIRCLE_ANSWER = "circle_answer"
    CIRCLE_RECAP = "circle_recap"
    QUESTION_NOT_POSTED = "question_not_posted"
    QUESTION_UNKNOWN = "question_unknown"
    QUESTION_ANSWERED = "question_answered"
    ANSWER_NOT_POSTED = "answer_not_posted"
    ANSWER_UNKNOWN = "answer_unknown"
    RECAP_NOT_POSTED = "recap_not_posted"
    RECAP_UNKNOWN = "recap_unknown"
    ROLE_STORY = "role_story"
    STORY_ASKED = "story_asked"
    STORY_DECLINED = "story_declined"
    TYPED_REPLY = "typed_reply"
    UNKNOWN = "unknown"
    """A kind of another version of allybot."""

    @classmethod
    def _missing_(cls, _value: object) -> "MessageKind":
        return cls.UNKNOWN


NAMES_NOBODY = frozenset({
    MessageKind.REMINDER, MessageKind.QUESTION_ANSWERED,
    MessageKind.QUESTION_NOT_POSTED, MessageKind.ANSWER_NOT_POSTED, MessageKind.RECAP_NOT_POSTED,
    MessageKind.QUESTION_UNKNOWN, MessageKind.ANSWER_UNKNOWN, MessageKind.RECAP_UNKNOWN,
})  # fmt: skip
"""Direct messages whose rows do not name their recipient: that there is one is private."""

NOT_ASKED_ABOUT = frozenset({MessageKind.THREAD_OPENER, MessageKind.VOTE_REMINDER})
"""Posts in a circle that nobody misses: where it is unknown whether one appeared, no person is asked."""
