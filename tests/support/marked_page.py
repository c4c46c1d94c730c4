"""What a command writes into a page of docs/, between two marks; around them people write."""

from pathlib import Path


def split(page: Path, name: str) -> tuple[str, str, str]:
    """A page's text up to and with the line of `<!-- name:begin`, what is between, and from `name:end` on.

    Raises:
        ValueError: the page has no such marks.
    """
    before, begin, rest = page.read_text(encoding="utf-8").partition(f"<!-- {name}:begin")
    mark, line, rest = rest.partition("\n")
    between, end, after = rest.partition(f"<!-- {name}:end -->")
    if not (begin and line and end):
        raise ValueError(f"{page.name} has no place for {name}")
    return f"{before}{begin}{mark}\n", between, f"{end}{after}"
