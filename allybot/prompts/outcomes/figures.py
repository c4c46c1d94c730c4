"""Sentences about published figures, for Slack and for reports; without markup."""

from allybot.domain.anonymity import Tier
from allybot.domain.cells import Cell, Interval, People
from allybot.domain.figures import Release, Summary
from allybot.domain.plans import Outcome
from allybot.domain.windows import WindowState
from allybot.i18n import Say
from allybot.prompts.outcomes import waiting


def weeks(window: str) -> str:
    """A window's name with an en dash."""
    return window.replace("-", "\u2013")


def percent(share: float) -> str:
    """A share in whole per cents, with a no-break space."""
    return f"{round(share * 100)}\u00a0%"


def published(say: Say, release: Release) -> str:
    """When a window was published, and with which others."""
    day = say("published on {day}", day=say.day_and_year(release.published_on))
    return f"{day}, {waiting.counted_together(say, release.waits)}" if release.waits else day


def why_void(say: Say, release: Release, minimum_respondents: int) -> str:
    """Why a window has no figures, or none yet."""
    if release.waits and release.state is WindowState.WAITING:
        return waiting.none_yet(say, release.waits)
    if release.waits:
        return waiting.in_vain(say, release.waits, release.published_on)
    return say(
        "No figures: fewer than {least} people's answers could be counted, so they were deleted on {day} "
        "without being opened.",
        least=minimum_respondents,
        day=say.day_and_year(release.published_on),
    )


def asked(say: Say, release: Release) -> str:
    """How many answered, or that nearly all did; empty when void."""
    if release.nearly_all:
        return say(
            "Nearly all of the {invited} people who were asked have answered. What they reported:",
            invited=release.invited,
        )
    if release.respondents is None:
        return ""
    return say(
        "{respondents} of the {invited} people who were asked have answered. What they reported:",
        respondents=release.respondents,
        invited=release.invited,
    )


def headline(say: Say, release: Release) -> str:
    """How many of this group acted, as drawn, with the range of the noise; empty when void."""
    if release.acted is None:
        return ""
    what = (
        say("acted, going by one answer drawn at random from each")
        if release.tier is Tier.M
        else say("acted at least once")
    )
    if release.nearly_all:
        return _headline_of_nearly_all(say, release, release.acted, what)
    if release.acted.about is None:
        return say(
            "About {share} of the {respondents} who answered {what} ({range} people).",
            share=share(say, release.acted),
            respondents=release.respondents,
            what=what,
            range=people(say, release.acted.within),
        )
    return say(
        "About {number} of the {respondents} who answered {what} ({range}).",
        number=release.acted.about,
        respondents=release.respondents,
        what=what,
        range=people(say, release.acted.within),
    )


def _headline_of_nearly_all(say: Say, release: Release, acted: Cell, what: str) -> str:
    if acted.about is None:
        return say(
            "About {share} of the {invited} asked, nearly all of whom answered, {what} ({range} people).",
            share=share(say, acted),
            invited=release.invited,
            what=what,
            range=people(say, acted.within),
        )
    return say(
        "About {number} of the {invited} asked, nearly all of whom answered, {what} ({range}).",
        number=acted.about,
        invited=release.invited,
        what=what,
        range=people(say, acted.within),
    )


def of_whom(say: Say, release: Release) -> str:
    """Of whom the shares in a table are."""
    if release.nearly_all:
        return say("Of all who were asked, nearly all of whom answered")
    return say("Of all who answered")


def silence(say: Say, release: Release) -> str:
    """The bounds that non-response leaves open; empty when void, or when nearly everybody answered."""
    if release.if_silent is None or not release.silent:
        return ""
    within = people(say, release.if_silent)
    return say.count(
        "Depending on the one who did not answer, that is about {range} of all {invited} asked.",
        "Depending on the {number} who did not answer, that is about {range} of all {invited} asked.",
        release.silent,
        range=within,
        invited=release.invited,
    )


def elsewhere(say: Say, release: Release) -> str:
    """The footnote about other groups, with sampling error and noise; empty when void."""
    if release.acted is None:
        return ""
    beyond = release.acted.beyond
    if beyond.tells_nothing:
        return say(
            "For other groups like this one, so few answers cannot tell how many would act: anywhere between "
            "{low} and {high}.",
            low=percent(beyond.low),
            high=percent(beyond.high),
        )
    return say(
        "For other groups like this one, where chance comes on top: between {low} and {high} would act.",
        low=percent(beyond.low),
        high=percent(beyond.high),
    )


def no_moment(say: Say, release: Release) -> str:
    """How many had no moment; empty when that was not counted."""
    cell = next((cell for cell in release.cells if cell.name == Outcome.NO_MOMENT), None)
    if cell is None:
        return ""
    return say(
        "For {number} no moment came ({range}); that is no failure of theirs.",
        number=number(say, cell),
        range=people(say, cell.within),
    )


def number(say: Say, cell: Cell) -> str:
    """How many people a figure stands for: a number, or a coded share."""
    return share(say, cell) if cell.about is None else say("about {number}", number=cell.about)


def share(say: Say, cell: Cell) -> str:
    """A figure as a share, coded if it is near nobody or everybody."""
    if cell.at_most is not None:
        return say("{share} or less", share=percent(cell.at_most))
    if cell.at_least is not None:
        return say("{share} or more", share=percent(cell.at_least))
    return percent(cell.share or 0.0)


def people(say: Say, within: People) -> str:
    """A range of whole people."""
    return say("{low} to {high}", low=within.low, high=within.high)


def shares(say: Say, within: Interval) -> str:
    """A range of shares."""
    return say("{low} to {high}", low=percent(within.low), high=percent(within.high))


def outcome(say: Say, cell: Cell, tier: Tier | None) -> str:
    """What a figure counts; in tier S a person either acted at least once or did not."""
    if tier is Tier.S:
        acted = cell.name == Outcome.ACTED
        return say("acted at least once") if acted else say("did not act, or no moment came")
    names = {
        Outcome.ACTED: say("acted"),
        Outcome.NO_MOMENT: say("no moment came"),
        Outcome.FORGOT: say("forgot"),
        Outcome.NO_TIME: say("had no time"),
        Outcome.NOT_MY_PLACE: say("felt that it was not their place"),
        Outcome.UNSURE_HOW: say("were unsure how"),
        Outcome.FEARED_REACTION: say("feared a reaction"),
        Outcome.LESS_MOTIVATED: say("felt less motivated"),
        Outcome.NOT_ACTED: say("did not act and gave no reason"),
    }
    return names[Outcome(cell.name)]


def upcoming(say: Say, summary: Summary) -> tuple[str, ...]:
    """Which windows are closed and waiting, and which closes next."""
    lines = [
        say("Weeks {window} have closed and wait to be published.", window=weeks(name))
        for name in summary.waiting
    ]
    if summary.next_window is None:
        lines.append(say("All windows have closed; nothing more will come."))
    elif summary.next_closes_on is None:
        lines.append(
            say("Weeks {window} close once the first people are enrolled.", window=weeks(summary.next_window))
        )
    else:
        lines.append(
            say(
                "Weeks {window} close on {day}. Until then nobody can see how many have answered, or what.",
                window=weeks(summary.next_window),
                day=say.day_and_year(summary.next_closes_on),
            )
        )
    return tuple(lines)


def warnings(say: Say, summary: Summary) -> tuple[str, ...]:
    """Warnings against adding coded figures and comparing different measures."""
    made = [release for release in summary.releases if release.state is WindowState.PUBLISHED]
    lines = []
    if any(release.tier is Tier.M and any(cell.about is None for cell in release.cells) for release in made):
        lines.append(
            say(
                "Figures near nobody or everybody carry no number, so that nobody can be picked out; the "
                "other numbers therefore do not add up to all who answered."
            )
        )
    if len({release.tier for release in made}) > 1:
        lines.append(
            say(
                "Some of these windows count who acted at least once, others one answer drawn at random from "
                "each person; they must not be compared."
            )
        )
    return tuple(lines)


def how_to_read(say: Say) -> str:
    """What the ranges mean."""
    return say(
        "How to read this: it is self-reported, and of those who answered. Before a count was published, "
        "once, a few were added or removed at random to protect everyone; the range in brackets allows for "
        "that (95 in 100 such ranges contain the true number)."
    )


def cannot_tell(say: Say) -> str:
    """What the figures cannot answer."""
    return say(
        "What these figures cannot tell: who did what; whether the training was the cause; whether one "
        "window went better than another."
    )
