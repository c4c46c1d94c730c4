"""How the Web API is called: one client per workspace token, and never twice by itself."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from allybot.errors import NotFoundError, SlackRefusedError
from allybot.slack.answers import list_of, readable
from allybot.slack.errors import classified
from allybot.slack.padding import PaddedClient
from allybot.slack.time import SlackTime

TIMEOUT_SECONDS = 10
"""Time-out of one call. A look-up after an uncertain post waits longer than this."""
T = TypeVar("T")
# Methods with blocks or views are sent as JSON, all others as a form.
_AS_JSON = ("chat.", "views.")


class WorkspaceCalls:
    """What `SlackGateway` is built on.

    Args:
        token_of: the bot token of a workspace id; raises NotFoundError if there is none.
        base_url: Slack's Web API, or the emulator's.
        timeout: of one call, in seconds.
    """

    def __init__(self, token_of: Callable[[str], str], base_url: str, timeout: int = TIMEOUT_SECONDS) -> None:
        self._token_of = token_of
        self._base_url = base_url
        self._timeout = timeout
        self._clients: dict[str, WebClient] = {}
        self._time = SlackTime()

    def _client(self, token: str) -> WebClient:
        if token not in self._clients:
            self._clients[token] = PaddedClient(token, self._base_url, self._timeout, retry_handlers=[])
        return self._clients[token]

    def _call(self, workspace_id: str, method: str, options: dict[str, Any]) -> dict[str, Any]:
        try:
            token = self._token_of(workspace_id)
        except NotFoundError as missing:
            raise SlackRefusedError(method, "not_authed") from missing
        return self._ask(self._client(token), method, options)

    def _read(
        self, workspace_id: str, method: str, options: dict[str, Any], read: Callable[[dict[str, Any]], T]
    ) -> T:
        answer = self._call(workspace_id, method, options)
        with readable(method):
            return read(answer)

    def _ask(self, client: WebClient, method: str, options: dict[str, Any]) -> dict[str, Any]:
        data = self._answer(client, method, options).data
        # Only an export method, which is not used here, returns bytes.
        return data if isinstance(data, dict) else {}

    def _answer(self, client: WebClient, method: str, options: dict[str, Any]) -> SlackResponse:
        options = {"json" if method.startswith(_AS_JSON) else "params": options}
        with classified(method):
            try:
                answer = client.api_call(method, **options)
            except SlackApiError as error:
                self._time.note(error.response.headers)
                raise
            self._time.note(answer.headers)
            return answer

    def _each(
        self, workspace_id: str, method: str, options: dict[str, Any], key: str, read: Callable[[Any], T]
    ) -> Iterator[T]:
        cursor = ""
        while True:
            page = self._call(workspace_id, method, options | ({"cursor": cursor} if cursor else {}))
            with readable(method):
                entries = [read(entry) for entry in list_of(page[key])]
                cursor = next_cursor(page)
            yield from entries
            if not cursor:
                return


def next_cursor(page: dict[str, Any]) -> str:
    """The cursor of the page after this one; empty for the last."""
    return str((page.get("response_metadata") or {}).get("next_cursor") or "")
