"""What allybot uses of slack_sdk that its documentation does not promise; so the minor version is pinned."""

import ast
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection

ROOT = Path(__file__).parent.parent
UNDOCUMENTED = {"current_session": SocketModeClient, "sock": Connection, "last_ping_pong_time": Connection}
DOCUMENTED = {"auto_reconnect_enabled", "closed", "web_client", "app_token"}
METHODS = {"issue_new_wss_url", "enqueue_message", "close", "connect"}


def test_the_undocumented_parts_are_there() -> None:
    for name, owner in UNDOCUMENTED.items():
        assert name in owner.__annotations__, name
    assert all(callable(getattr(SocketModeClient, name)) for name in METHODS)


def test_the_connection_uses_no_other_part_of_the_client() -> None:
    source = ast.parse((ROOT / "allybot" / "slack_app" / "socket_mode.py").read_text(encoding="utf-8"))
    line = next(node for node in source.body if isinstance(node, ast.ClassDef) and node.name == "_Connection")
    own = {node.name for node in line.body if isinstance(node, ast.FunctionDef)}
    inherited = {
        name for name in (*dir(SocketModeClient), *SocketModeClient.__annotations__) if name not in own
    }
    used = {node.attr for node in ast.walk(line) if isinstance(node, ast.Attribute)}
    assert used & (inherited - set(dir(object))) <= {"current_session"} | DOCUMENTED | METHODS
    assert not re.search(r"\b_(?:on_message|monitor_current|run_current)", ast.unparse(line))


def test_the_sdk_is_pinned_to_a_minor_version_for_their_sake() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    (pinned,) = (each for each in wanted if each.startswith("slack-sdk"))
    minor = re.fullmatch(r"slack-sdk~=(\d+\.\d+)\.\d+", pinned)
    assert minor
    assert version("slack-sdk").startswith(f"{minor[1]}.")
