"""Test messages: what a trainee will get, marked as a test, with buttons that do nothing."""

from itertools import count

from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks
from allybot.prompts.help import plain
from allybot.prompts.programs.sample_ids import PRESSES


def as_test(say: Say, sample: Message) -> Message:
    """The same message under a line that says it is a test; its buttons lead nowhere, and carry nothing."""
    mark = say(
        "*This is a test of allybot.* It looks as it will; its buttons do nothing, and it counts nowhere."
    )
    places = count()
    page = [_harmless(block, places) for block in sample.blocks]
    return blocks.message(say, (blocks.section(mark), *page))


def pressed(say: Say) -> Message:
    """The answer to every button of a test message."""
    return plain(say("This is a test, so nothing happens: the message only shows how it will look."))


def on_its_way(say: Say) -> Message:
    """The answer to a lead who asked for a test."""
    return plain(
        say(
            "A test comes to your direct messages with allybot: a welcome, a check-in, the help and a "
            "scenario. Nothing of it is kept or counted."
        )
    )


def example_name(say: Say) -> str:
    """What stands for a program's name while there is none."""
    return say("your training")


def example_contact(say: Say) -> str:
    """What stands for the support contact while no program names one."""
    return say("the person whom your program will name here")


def _harmless(block: Block, places: "count[int]") -> Block:
    made = {name: part for name, part in block.items() if name != "block_id"}
    if "accessory" in made:
        made["accessory"] = _without_effect(made["accessory"], places)
    if block["type"] == "actions":
        made["elements"] = [_without_effect(each, places) for each in block["elements"]]
    return made


def _without_effect(element: Block, places: "count[int]") -> Block:
    if "action_id" not in element:
        return element
    kept = {name: part for name, part in element.items() if name not in {"value", "confirm"}}
    return {**kept, "action_id": PRESSES[next(places) % len(PRESSES)]}
