"""What the tests of prompts go through is all there is: no message and no view is left out."""

import ast
from collections.abc import Iterator
from pathlib import Path

import allybot
from tests.prompts.every_prompt import PARTS, name_of, prompts

PACKAGE = Path(allybot.__file__).parent


def makers() -> Iterator[str]:
    """Every public function of a prompt's module that makes a message or a view, as its source says."""
    folder = PACKAGE / "prompts"
    for file in sorted(folder.rglob("*.py")):
        module = ".".join(file.relative_to(folder).with_suffix("").parts)
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.returns:
                named = {each.id for each in ast.walk(node.returns) if isinstance(each, ast.Name)}
                if named & {"Message", "View"}:
                    yield f"{module}.{node.name}"


def test_every_message_and_every_view_is_among_the_prompts_that_are_tested() -> None:
    tested, there = {name_of(prompt) for prompt in prompts()}, set(makers())
    assert there - tested == PARTS
    assert len(there) > 60


def test_messages_and_views_are_made_in_prompts_and_nowhere_else() -> None:
    elsewhere = [
        f"{file.relative_to(PACKAGE)}:{node.lineno}"
        for file in sorted(PACKAGE.rglob("*.py"))
        if file.relative_to(PACKAGE).parts[0] != "prompts"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"Message", "View"}
    ]
    assert elsewhere == []
