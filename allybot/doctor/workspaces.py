"""Checks of the connected workspaces."""

import time

from allybot.clock import real_now
from allybot.content import bot_scopes, default_directory
from allybot.doctor import clocks, screens, tokens
from allybot.doctor.finding import Finding
from allybot.domain.people import is_organisation
from allybot.errors import DecryptionError, NotFoundError, SlackError
from allybot.services.context import Context
from allybot.services.programs import workspaces
from allybot.settings import Settings
from allybot.slack.gateway import SlackGateway


def connected_workspaces(context: Context, settings: Settings, slack: SlackGateway) -> list[Finding]:
    """The tokens of SLACK_BOT_TOKEN and of installed workspaces, and this host's clock against Slack's."""
    known = workspaces.known(context)
    installs = settings.slack_client_id is not None and settings.slack_client_secret is not None
    how = "open /slack/install of `allybot web`" if installs else "set SLACK_BOT_TOKEN and run allybot"
    if not known and settings.slack_bot_token is None:
        return [Finding("workspaces", good=False, say=f"None is connected: {how}.")]
    places = [place for place in (settings.config, default_directory()) if place]
    needed = frozenset(bot_scopes(*places, optional=False))
    found, from_environment = [], ""
    if settings.slack_bot_token is not None:
        from_environment, finding = tokens.bot_token(
            slack, settings.slack_bot_token.get_secret_value(), needed
        )
        found.append(finding)
    for each in known:
        what = f"workspace {each.name or each.id}"
        if each.state == "stopped":
            say = f"Stopped: Slack said {each.stopped_reason}. To install the app again, {how}."
            found.append(Finding(what, good=False, say=say))
        elif each.id != from_environment:
            found.append(_installed(context, slack, each.id, what, needed))
    for each in known:
        if is_organisation(each.id) and each.state != "stopped":
            found += organisation(context, settings, slack, each.id, each.name or each.id)
    slack_time = slack.time()
    return found if slack_time is None else [*found, clocks.host_clock(real_now() - slack_time)]


def screens_shown(context: Context, settings: Settings, slack: SlackGateway) -> list[Finding]:
    """What Slack says of every screen, asked with SLACK_BOT_TOKEN or that of a connected workspace."""
    if settings.slack_bot_token is not None:
        token = settings.slack_bot_token.get_secret_value()
        return screens.judged(slack, token, context.content, time.sleep)
    for each in workspaces.known(context):
        if each.state != "stopped":
            token = workspaces.token_of(context, each.id)
            return screens.judged(slack, token, context.content, time.sleep)
    say = "Slack can only be asked with the token of a workspace, and none is connected."
    return [Finding("screens", good=False, say=say)]


def organisation(
    context: Context, settings: Settings, slack: SlackGateway, organisation_id: str, name: str
) -> list[Finding]:
    """What an organisation-wide installation reaches, and what stands in its way."""
    what = f"organisation {name}"
    try:
        reached = slack.workspaces_reached(organisation_id)
    except SlackError as error:
        say = f"Slack does not say to which of its workspaces allybot was added ({error.reason})."
        return [Finding(what, good=False, say=say)]
    found = []
    if not reached:
        say = (
            "allybot is installed for the organisation, and was added to none of its workspaces. An "
            "administrator of the organisation adds it, on the organisation's page of apps."
        )
        found.append(Finding(what, good=False, say=say))
    else:
        say = f"allybot was added to {', '.join(sorted(reached.values()))}; nobody else is reached"
        found.append(Finding(what, good=True, say=say))
    twice = [each for each in workspaces.known(context) if each.id in reached]
    if twice:
        names = ", ".join(each.name or each.id for each in twice)
        say = (
            f"allybot is also installed into {names} alone, and Slack reports what people do there under the "
            "organisation, so programs made there get no answers. End those installations in Slack, and make "
            "the programs anew for the organisation."
        )
        found.append(Finding(what, good=False, say=say))
    allowed = settings.allowed_workspaces
    if allowed is not None and organisation_id not in allowed:
        say = f"ALLYBOT_WORKSPACES lacks {organisation_id}: the organisation could not be installed again."
        found.append(Finding(what, good=False, say=say))
    return found


def _installed(
    context: Context, slack: SlackGateway, workspace_id: str, what: str, needed: frozenset[str]
) -> Finding:
    try:
        who = slack.identify(workspaces.token_of(context, workspace_id))
    except SlackError as error:
        say = f"Slack did not accept its token ({error.reason}). Install the app there again."
        return Finding(what, good=False, say=say if error.permanent else tokens.no_answer(error))
    except (NotFoundError, DecryptionError):
        say = "Its token cannot be read with ALLYBOT_SECRET_KEY. Add the key it was wrapped with."
        return Finding(what, good=False, say=say)
    return tokens.scopes_granted(what, who, needed)
