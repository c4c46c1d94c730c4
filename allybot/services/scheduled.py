"""The scheduled jobs, in the order in which a worker runs them."""

from allybot.services.check_ins import asking, follow_ups, frequency, reminders
from allybot.services.circles import deed_rounds, membership, nightly, role_story_posts, text_posts
from allybot.services.data import retention
from allybot.services.isolation import ScheduledJob
from allybot.services.outcomes import summaries
from allybot.services.programs import people_counts, suggestion_answers, suggestion_rounds
from allybot.services.trainees import consent, plan_copies
from allybot.slack.gateway import SlackGateway

SCHEDULED_JOBS: tuple[ScheduledJob, ...] = (
    people_counts.count_people,
    frequency.resume_due,
    asking.queue_due,
    follow_ups.queue_follow_ups,
    reminders.queue_due,
    *membership.SCHEDULED_JOBS,
    text_posts.settle,
    deed_rounds.forget_settled,
    role_story_posts.forget_due,
    summaries.close_due,
    suggestion_rounds.hand_over,
    suggestion_answers.tell_and_forget,
    consent.queue_goodbyes,
    plan_copies.queue_last,
    consent.delete_expired,
    retention.tidy,
)


def jobs_of_a_worker(slack: SlackGateway) -> tuple[ScheduledJob, ...]:
    """All of them, with the one that asks Slack."""
    return (*SCHEDULED_JOBS, nightly.nightly_look(slack))
