"""Checks of the signing secret, by what Slack has sent, and of the client secret, by asking Slack."""

from allybot.doctor.finding import Finding
from allybot.errors import SlackError
from allybot.services.context import Context
from allybot.services.delivery import signatures
from allybot.settings import Settings
from allybot.slack.gateway import SlackGateway

_BASIC_INFORMATION = "Copy it anew from the app's page, under Basic Information, App Credentials"
_NO_SUCH_CODE = "made-up-by-allybot-doctor"
_WRONG = {"invalid_client_id": "SLACK_CLIENT_ID", "bad_client_secret": "SLACK_CLIENT_SECRET"}


def signing_secret(context: Context, settings: Settings) -> list[Finding]:
    """Whether Slack's signed requests were accepted or refused; nothing where none is expected."""
    if settings.slack_signing_secret is None:
        return []
    found = signatures.counted(context)
    if found.refused:
        since = f" since {found.accepted_on}" if found.accepted_on else ""
        say = (
            f"{found.refused} requests were refused for their signature, the latest on {found.refused_on}, "
            f"and none was accepted{since}. SLACK_SIGNING_SECRET is another app's, or outdated. "
            f"{_BASIC_INFORMATION}, and restart `allybot web`; or this host's clock is wrong."
        )
        return [Finding("signing secret", good=False, say=say)]
    if found.accepted_on is None:
        say = "no request has come yet that could prove it: type /allybot in Slack, then ask again"
        return [Finding("signing secret", good=True, say=say)]
    return [
        Finding("signing secret", good=True, say=f"Slack's requests are accepted, last {found.accepted_on}")
    ]


def client_secret(settings: Settings, slack: SlackGateway) -> list[Finding]:
    """Whether Slack knows SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, if both are set.

    Slack looks at both before it looks at the code, and refuses a made-up code as `invalid_code`.
    """
    if settings.slack_client_id is None or settings.slack_client_secret is None:
        return []
    what = "client secret"
    try:
        slack.exchange(
            settings.slack_client_id, settings.slack_client_secret.get_secret_value(), _NO_SUCH_CODE, None
        )
    except SlackError as error:
        wrong = _WRONG.get(error.reason)
        if wrong:
            say = f"Slack did not accept {wrong} ({error.reason}). {_BASIC_INFORMATION}."
            return [Finding(what, good=False, say=say)]
        if not error.permanent:
            say = f"Slack gave no answer ({error.reason}). Check SLACK_API_URL and the network."
            return [Finding(what, good=False, say=say)]
    return [Finding(what, good=True, say="Slack knows it")]
