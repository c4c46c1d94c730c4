"""The pages of an installation in the browser."""

from dataclasses import dataclass

from allybot.i18n import Say

_FIRST_COMMAND = "allybot program create"


@dataclass(frozen=True)
class Page:
    """A heading and paragraphs as plain text; `again` is the label of a link to start again, if any."""

    heading: str
    paragraphs: tuple[str, ...]
    again: str = ""


def done(say: Say, workspace: str) -> Page:
    """The app is installed."""
    return Page(
        say("allybot is in {workspace}", workspace=workspace),
        (
            say("Slack has given allybot what it needs. You can close this page."),
            say(
                "Nobody hears from it yet: that begins when the operator creates a program ({command}).",
                command=_FIRST_COMMAND,
            ),
        ),
    )


def done_for_organisation(say: Say, organisation: str) -> Page:
    """The app is installed for a whole organisation, and not yet in any of its workspaces."""
    return Page(
        say("allybot is installed for {organisation}", organisation=organisation),
        (
            say(
                "One step is left: an administrator of the organisation adds allybot to the workspaces whose "
                "people take part, on the organisation's page of apps. Until then it reaches nobody."
            ),
            say(
                "Nobody hears from it yet: that begins when the operator creates a program ({command}).",
                command=_FIRST_COMMAND,
            ),
        ),
    )


def declined(say: Say) -> Page:
    """The admin declined on Slack's page."""
    return Page(
        say("allybot was not installed"),
        (say("You did not give your consent in Slack. Nothing was changed and nothing is kept."),),
        say("Begin anew"),
    )


def link_invalid(say: Say) -> Page:
    """The state is unknown, expired, used or missing."""
    return Page(
        say("This page cannot be used any more"),
        (
            say("Each installation has a link of its own, which is good once and for ten minutes."),
            say("If Slack lists allybot among your apps already, all is well."),
        ),
        say("Begin anew"),
    )


def not_allowed(say: Say) -> Page:
    """The workspace is not on the operator's list."""
    return Page(
        say("allybot was not installed"),
        (
            say("This allybot is kept for certain workspaces, and yours is not among them."),
            say("Slack's consent was given back, and nothing is kept. Whoever runs allybot can add yours."),
        ),
    )


def busy(say: Say) -> Page:
    """The database is unavailable."""
    return Page(
        say("Not just now"),
        (say("allybot cannot begin or end an installation at the moment. Please try again in ten minutes."),),
        say("Begin anew"),
    )


def code_refused(say: Say) -> Page:
    """Slack refused the code."""
    return Page(
        say("allybot was not installed"),
        (say("Slack did not accept this consent any more. Nothing was changed."),),
        say("Begin anew"),
    )


def not_possible(say: Say, reason: str) -> Page:
    """Slack refused for a reason the operator must look into; `reason` is Slack's error code."""
    return Page(
        say("allybot was not installed"),
        (
            say("Slack refused the installation ({reason}).", reason=reason),
            say("Please show this page to whoever runs allybot: `allybot doctor` helps to find out why."),
        ),
    )


def no_answer(say: Say) -> Page:
    """Slack did not answer in time."""
    return Page(
        say("Slack gave no answer"),
        (say("Nothing was changed here. Please try again in a moment."),),
        say("Begin anew"),
    )
