"""Sentences about published figures, for Slack and for reports; without markup."""

from allybot.domain.anonymity import CELL_MOMENT, Tier
from allybot.domain.cells import Cell, Interval, People
from allybot.domain.figures import NO_ACT, Release, Summary
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


def answered(say: Say, release: Release) -> str:
    """How many answered, or that nearly all did; empty when void."""
    if release.nearly_all:
        return say(
            "Nearly all of the {invited} people who were asked have answered.", invited=release.invited
        )
    if release.respondents is None:
        return ""
    return say(
        "{respondents} of the {invited} people who were asked have answered.",
        respondents=release.respondents,
        invited=release.invited,
    )


def headline(say: Say, release: Release) -> str:
    """How many of this group acted, as drawn, with the range of the noise; empty when void."""
    if release.acted is None:
        return ""
    if release.nearly_all:
        return say(
            "About {number} of the {invited} asked, nearly all of whom answered, acted at least once "
            "({range}).",
            number=drawn(say, release, release.acted),
            invited=release.invited,
            range=people(say, release.acted.within),
        )
    return say(
        "About {number} of the {respondents} who answered acted at least once ({range}).",
        number=drawn(say, release, release.acted),
        respondents=release.respondents,
        range=people(say, release.acted.within),
    )


def in_short(say: Say, release: Release) -> str:
    """Weeks and number in one breath, such as `weeks 1-6 about 13 of 16`."""
    if release.acted is None:
        return ""
    return say(
        "weeks {window} about {number} of {everybody}",
        window=weeks(release.window),
        number=drawn(say, release, release.acted),
        everybody=release.everybody,
    )


def drawn(say: Say, release: Release, cell: Cell) -> str:
    """The published number; of a coded figure the numbers that it can stand for."""
    return str(cell.about) if cell.about is not None else people(say, cell.counts(release.everybody))


def of_whom(say: Say, release: Release) -> str:
    """Of whom the shares in a table are, and with what each of them counts."""
    if release.tier is Tier.M and release.nearly_all:
        return say(
            "Of all who were asked, nearly all of whom answered. Whoever did not act counts with one of "
            "their answers, drawn at random."
        )
    if release.tier is Tier.M:
        return say(
            "Of all who answered. Whoever did not act counts with one of their answers, drawn at random."
        )
    if release.nearly_all:
        return say("Of all who were asked, nearly all of whom answered")
    return say("Of all who answered")


def silence(say: Say, release: Release) -> str:
    """The bounds that non-response leaves open; empty when void, or when nearly everybody answered."""
    return of_all_asked(say, release, release.if_silent)


def of_all_asked(say: Say, release: Release, within: People | None) -> str:
    """How many of all asked a figure leaves open, whatever the silent would have said; empty for None."""
    if within is None or not release.silent:
        return ""
    among = people(say, within)
    return say.count(
        "Depending on the one who did not answer, that is about {range} of all {invited} asked.",
        "Depending on the {number} who did not answer, that is about {range} of all {invited} asked.",
        release.silent,
        range=among,
        invited=release.invited,
    )


def elsewhere(say: Say, release: Release) -> str:
    """The footnote about other groups, with sampling error and noise; empty when void."""
    if release.acted is None:
        return ""
    beyond = release.acted.beyond
    if beyond.tells_nothing:
        return say(
            "Footnote to weeks {window}, about people like these in other programs and not about this group: "
            "so few answers say little of them, anywhere between {low} and {high} would act.",
            window=weeks(release.window),
            low=percent(beyond.low),
            high=percent(beyond.high),
        )
    return say(
        "Footnote to weeks {window}, about people like these in other programs and not about this group: "
        "between {low} and {high} would act, since chance comes on top there.",
        window=weeks(release.window),
        low=percent(beyond.low),
        high=percent(beyond.high),
    )


def adds_up(say: Say, release: Release) -> str:
    """Why the numbers of a window do not add up to everybody; empty where they do, or when void."""
    numbers = sum(cell.about or 0 for cell in release.cells)
    coded = [cell for cell in release.cells if cell.about is None]
    if release.tier is Tier.MOMENTS:
        return _overlap(say, is_coded=bool(coded))
    if coded and not numbers:
        return say(
            "Figures near nobody or everybody carry no number, so that nobody can be picked out; there is "
            "nothing to add up."
        )
    if coded:
        return say(
            "Figures near nobody or everybody carry no number, so that nobody can be picked out; the other "
            "numbers add up to {sum} of {everybody}.",
            sum=numbers,
            everybody=release.everybody,
        )
    if numbers < release.everybody and release.cells:
        return say(
            "The numbers add up to {sum} of {everybody}, whether one was silent or nobody.",
            sum=numbers,
            everybody=release.everybody,
        )
    return ""


def _overlap(say: Say, *, is_coded: bool) -> str:
    if is_coded:
        return say(
            "A figure near nobody or everybody carries no number, so that nobody can be picked out. Whoever "
            "acted also told of a moment, so the two figures overlap and are not added up."
        )
    return say("Whoever acted also told of a moment, so the two figures overlap and are not added up.")


def no_moment(say: Say, release: Release) -> str:
    """How many had no moment; empty when that was not counted."""
    cell = next((cell for cell in release.cells if cell.name == Outcome.NO_MOMENT), None)
    if cell is None:
        return ""
    return say(
        "Whoever did not act counts with one of their answers, drawn at random: for {number} no moment came "
        "({range}); that is no failure of theirs.",
        number=number(say, cell),
        range=people(say, cell.within),
    )


def no_reasons(say: Say, release: Release) -> str:
    """Why a window says nothing of what was in the way; empty for one that does, and for a void one."""
    if release.tier is Tier.MOMENTS:
        return say(
            "What was in the way is not counted: this program chose, for good, to learn how many told of a "
            "moment."
        )
    if release.tier is not Tier.S:
        return ""
    return say(
        "What was in the way is not counted in a group of this size: the noise that protects everyone would "
        "drown it."
    )


def in_words(say: Say, release: Release, cell: Cell) -> str:
    """A figure as a sentence of its own: the headline where it is that of those who acted."""
    if cell == release.acted:
        return headline(say, release)
    return say(
        "About {number} of {everybody}: {what} ({range}).",
        number=drawn(say, release, cell),
        everybody=release.everybody,
        what=outcome(say, cell),
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


def outcome(say: Say, cell: Cell) -> str:
    """What a figure counts."""
    names = {
        Outcome.ACTED: say("acted at least once"),
        CELL_MOMENT: say("told of a moment at least once"),
        NO_ACT: say("did not act, or no moment came"),
        Outcome.NO_MOMENT: say("no moment came"),
        Outcome.FORGOT: say("forgot"),
        Outcome.NO_TIME: say("had no time"),
        Outcome.NOT_MY_PLACE: say("felt that it was not their place"),
        Outcome.UNSURE_HOW: say("were unsure how"),
        Outcome.FEARED_REACTION: say("feared a reaction"),
        Outcome.LESS_MOTIVATED: say("felt less motivated"),
        Outcome.NOT_ACTED: say("did not act and gave no reason"),
    }
    return names[cell.name]


def upcoming(say: Say, summary: Summary) -> tuple[str, ...]:
    """Which windows are closed and waiting, and which closes next."""
    lines = [
        say("Weeks {window} have closed and wait to be published.", window=weeks(name))
        for name in summary.waiting
    ]
    if summary.next_window is None:
        lines.append(say("All periods have closed; nothing more will come."))
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
