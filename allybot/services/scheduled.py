"""The scheduled jobs, in the order in which a worker runs them."""

from allybot.services.check_ins import asking, follow_ups, frequency, reminders
from allybot.services.circles import membership, text_posts
from allybot.services.data import retention
from allybot.services.isolation import ScheduledJob
from allybot.services.outcomes import summaries
from allybot.services.programs import people_counts
from allybot.services.trainees import consent, plan_copies

SCHEDULED_JOBS: tuple[ScheduledJob, ...] = (
    people_counts.count_people,
    frequency.resume_due,
    asking.queue_due,
    follow_ups.queue_follow_ups,
    reminders.queue_due,
    *membership.SCHEDULED_JOBS,
    text_posts.settle,
    summaries.close_due,
    consent.queue_goodbyes,
    plan_copies.queue_last,
    consent.delete_expired,
    retention.tidy,
)
