"""Hooks of `make site`: CONTRIBUTING.md becomes a page, and nothing may be loaded from elsewhere."""

import re
from pathlib import Path
from typing import Any

_CONTRIBUTING = Path(__file__).parent.parent / "CONTRIBUTING.md"
_BESIDE_DOCS = re.compile(r"\[([^\]]+)\]\(\.\./((?:deploy/|CHANGELOG)[^)]*)\)")
_LOADED = re.compile(
    r'<(?:script|img|iframe|source)\b[^>]*\bsrc="(?:https?:)?//[^"]*"'
    r'|<link\b(?=[^>]*\brel="(?:stylesheet|preconnect|preload|(?:shortcut )?icon)")'
    r'[^>]*\bhref="(?:https?:)?//[^"]*"'
    r"|@import\s+url\(\W?(?:https?:)?//|url\(\W?https?://"
)


def on_page_markdown(markdown: str, page: Any, **_rest: Any) -> str:
    """Put CONTRIBUTING.md into its page, and lead links between it and docs/ to the right place.

    Other files of the repository are no pages of the site; they are named instead of linked.
    """
    if page.file.src_uri == "contributing.md":
        return _CONTRIBUTING.read_text(encoding="utf-8").replace("](docs/", "](")
    led = markdown.replace("](../CONTRIBUTING.md)", "](contributing.md)")
    return _BESIDE_DOCS.sub(r"\1 (`\2`)", led)


def loaded_from_elsewhere(text: str) -> list[str]:
    """What a page or a style sheet would load from another host."""
    return _LOADED.findall(text)


def on_post_build(config: Any, **_rest: Any) -> None:
    """End the build if a page or a style sheet would load something from another host.

    Raises:
        SystemExit: names the files.
    """
    files = (path for path in Path(config["site_dir"]).rglob("*") if path.suffix in {".html", ".css"})
    found = [path.name for path in files if loaded_from_elsewhere(path.read_text(encoding="utf-8"))]
    if found:
        raise SystemExit(f"Loads from another host: {', '.join(sorted(set(found)))}")
