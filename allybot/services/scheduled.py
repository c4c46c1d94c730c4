"""The scheduled jobs, in the order in which a worker runs them."""

from allybot.services.check_ins import asking, follow_ups, frequency, reminders
from allybot.services.circles import membership, questions
from allybot.services.data import retention
from allybot.services.isolation import Story
from allybot.services.outcomes import summaries
from allybot.services.trainees import consent

STORIES: tuple[Story, ...] = (
    frequency.resume_due,
    asking.queue_due,
    follow_ups.queue_follow_ups,
    reminders.queue_due,
    *membership.STORIES,
    questions.forget_settled,
    summaries.close_due,
    consent.queue_goodbyes,
    consent.delete_expired,
    retention.tidy,
)
