"""What is said beside the figures as a file."""

from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.help import plain


def comes(say: Say) -> Message:
    """The answer to whoever asked for a file by command."""
    return plain(say("The file comes as a direct message from allybot."))


def with_the_page(say: Say) -> str:
    """Above the page to print."""
    return say(
        "Here is the page to print. Download it, open it in a browser and print it from there, or save it as "
        "a PDF. It holds published figures only."
    )


def with_the_table(say: Say) -> str:
    """Above the figures for a spreadsheet or a program."""
    return say(
        "Here are the published figures. Where a figure is near nobody or everybody it has a bound and no "
        "number: please draw no number for it either."
    )


def refused(say: Say, *, for_good: bool) -> Message:
    """Slack did not take the file."""
    if for_good:
        return plain(
            say(
                "Slack takes no files from allybot in this workspace. Whoever runs allybot can give you the "
                "page: `allybot transfers --format html`."
            )
        )
    return plain(say("Slack did not take the file just now. Please ask for it again in a moment."))
