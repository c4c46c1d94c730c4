"""Shows trainees what their leads see: the figures of their own program."""

from allybot.domain.figures import Summary
from allybot.domain.people import Actor
from allybot.services.context import Context
from allybot.services.outcomes import summaries
from allybot.store import trainees


def what_leads_see(context: Context, actor: Actor) -> Summary | None:
    """The published figures of the actor's program, by the code that serves leads; None if not enrolled."""
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, actor)
    return summaries.summary_of(context, trainee.program_id) if trainee else None
