"""Who may create programs: the workspace's admins and owners, and whom the operator named."""

from allybot.domain.people import Actor
from allybot.errors import NotFoundError, SlackError
from allybot.services.context import Context
from allybot.slack.gateway import SlackGateway
from allybot.store.programs import changes


def may_create(context: Context, slack: SlackGateway, actor: Actor) -> bool:
    """Whether somebody may create programs. Slack is asked only about who was not named.

    A guest or somebody of another organisation may not, whatever they administer there.

    Raises:
        SlackError: Slack cannot be asked.
    """
    if was_named(context, actor):
        return True
    person = slack.person(actor.workspace_id, actor.slack_user)
    is_ours = not person.workspaces or actor.workspace_id in person.workspaces
    return person.is_admin and is_ours and not (person.is_guest or person.is_stranger or person.deleted)


def may_create_for_sure(context: Context, slack: SlackGateway, actor: Actor) -> bool:
    """The same; False where Slack cannot be asked, as for a button that is only a convenience."""
    try:
        return may_create(context, slack, actor)
    except SlackError:
        return False


def was_named(context: Context, actor: Actor) -> bool:
    """Whether the operator named somebody."""
    with context.database.reading() as tx:
        return changes.may_create(tx, actor)


def allow(context: Context, actor: Actor) -> None:
    """Name somebody. Idempotent."""
    with context.database.transaction() as tx:
        changes.allow(tx, actor)


def disallow(context: Context, actor: Actor) -> None:
    """Take that back; an admin of the workspace may still create programs.

    Raises:
        NotFoundError: they were not named.
    """
    with context.database.transaction() as tx:
        if not changes.disallow(tx, actor):
            raise NotFoundError(f"{actor.slack_user} was not named, so nothing was changed.")


def named(context: Context, workspace_id: str) -> list[str]:
    """The Slack users whom the operator named, sorted."""
    with context.database.reading() as tx:
        return changes.creators(tx, workspace_id)
