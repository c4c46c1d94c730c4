from typing import Any


class EmulatorError(Exception):
    """The emulator cannot do what its host asked."""


class ConfigError(EmulatorError):
    """A configuration or manifest that cannot be used."""


class RefusedError(EmulatorError):
    """A Web API or control call that Slack would answer with `{"ok": false, "error": ...}`.

    `code` is Slack's word; `more` holds further fields of the answer (needed, provided, ...);
    `messages` become `response_metadata.messages`.
    """

    def __init__(self, code: str, *, messages: list[str] | None = None, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.more = more

    def answer(self) -> dict[str, Any]:
        """The JSON body of the refusal."""
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.more}
        if self.messages:
            tagged = [f"[ERROR] {message}" for message in self.messages]
            body["errors"] = self.messages
            body["response_metadata"] = {"messages": tagged}
        return body
