"""What leads read: that a window was published or is void, and the figures with what they cannot tell."""

from collections.abc import Sequence

from allybot.domain.anonymity import Tier
from allybot.domain.figures import Cell, Interval, Release, Summary
from allybot.domain.plans import Outcome
from allybot.domain.windows import WindowState
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids

MOST_PROGRAMS = 8
"""Slack takes 50 blocks a message; a program fills up to five, the closing words two."""


def release_notice(
    say: Say, program: str, window: str, minimum_respondents: int, *, published: bool
) -> Message:
    """To every lead alike, when a window has been published or is void."""
    name = blocks.escape(program)
    if published:
        text = say(
            "The transfer outcomes of *{program}*, weeks {window}, are out. They were published once and "
            "will not change; the answers behind them have been deleted. You can see them any time with "
            "`/allybot transfers`.",
            program=name,
            window=_weeks(window),
        )
        button = blocks.button(say("Show the outcomes"), ids.TRANSFERS_SHOW)
        return Message(text, (blocks.section(text, block_id=ids.RELEASE_NOTICE), blocks.actions([button])))
    text = say(
        "Weeks {window} of *{program}* have closed without figures: fewer than {least} people's answers "
        "could be counted. They were deleted without being opened, so that nobody can be picked out. This "
        "says nothing about how much was done.",
        program=name,
        window=_weeks(window),
        least=minimum_respondents,
    )
    return Message(text, (blocks.section(text, block_id=ids.RELEASE_NOTICE),))


def summary(say: Say, summaries: Sequence[Summary]) -> Message:
    """The published figures of all programs a lead leads, for his eyes only."""
    parts: list[Block] = []
    texts: list[str] = []
    shown = 0
    for of in summaries[:MOST_PROGRAMS]:
        told = _program(say, of)
        rows = [*([blocks.rule()] if parts else []), *map(blocks.section, told)]
        if parts and not blocks.has_room([*parts, *rows]):
            break
        parts += rows
        texts += told
        shown += 1
    if len(summaries) > shown:
        more = say(
            "You lead {number} more programs; `allybot transfers` on the command line shows them all.",
            number=len(summaries) - shown,
        )
        parts.append(blocks.section(more))
        texts.append(more)
    if any(release.acted for of in summaries[:shown] for release in of.releases):
        closing = _cannot_tell(say)
        parts.append(blocks.small(closing))
        texts.append(closing)
    return Message("\n\n".join(texts), tuple(parts))


def _program(say: Say, of: Summary) -> list[str]:
    """One text for the program and one for each of its windows."""
    title = say("*Transfer outcomes: {program}*", program=blocks.escape(of.program))
    return [
        "\n".join([title, *_upcoming(say, of)]),
        *(
            _void(say, release, of) if release.state is WindowState.VOID else _figures(say, release)
            for release in of.releases
        ),
    ]


def _weeks(window: str) -> str:
    return window.replace("-", "\u2013")


def _percent(share: float) -> str:
    return f"{round(share * 100)}\u00a0%"


def _upcoming(say: Say, of: Summary) -> list[str]:
    lines = [
        say("Weeks {window} have closed and wait to be published.", window=_weeks(name))
        for name in of.waiting
    ]
    if of.next_window is None:
        lines.append(say("All windows have closed; nothing more will come."))
    elif of.next_closes_on is None:
        lines.append(
            say("Weeks {window} close once the first people are enrolled.", window=_weeks(of.next_window))
        )
    else:
        lines.append(
            say(
                "Weeks {window} close on {day}. Until then nobody can see how many have answered, or what.",
                window=_weeks(of.next_window),
                day=say.day_and_year(of.next_closes_on),
            )
        )
    return lines


def _void(say: Say, release: Release, of: Summary) -> str:
    return say(
        "*Weeks {window}*: no figures. Fewer than {least} people's answers could be counted, so they were "
        "deleted on {day} without being opened.",
        window=_weeks(release.window),
        least=of.minimum_respondents,
        day=say.day_and_year(release.published_on),
    )


def _figures(say: Say, release: Release) -> str:
    lines = [
        say(
            "*Weeks {window}*, published on {day}",
            window=_weeks(release.window),
            day=say.day_and_year(release.published_on),
        ),
        say(
            "{respondents} of the {invited} people who were asked have answered.",
            respondents=release.respondents,
            invited=release.invited,
        ),
    ]
    if release.acted:
        lines.append(_acted(say, release.acted, release.tier))
    if release.bounds and release.acted and not release.acted.within.tells_nothing:
        lines.append(
            say(
                "Of everybody who was asked, about {low} to {high} acted, depending on those who did not "
                "answer.",
                low=_percent(release.bounds.low),
                high=_percent(release.bounds.high),
            )
        )
    if release.tier is Tier.M:
        lines += _reasons(say, release)
    return "\n".join(lines)


def _acted(say: Say, acted: Cell, tier: Tier | None) -> str:
    what = (
        say("acted at least once")
        if tier is Tier.S
        else say("acted, going by one answer drawn at random from each")
    )
    if acted.within.tells_nothing:
        return say(
            "Self-reported, of those who answered: we cannot tell how many {what}. With so few answers the "
            "share may lie anywhere {within}.",
            what=what,
            within=_within(say, acted.within),
        )
    return say(
        "Self-reported, of those who answered: {share} {what} ({within}).",
        share=_share(say, acted),
        what=what,
        within=_within(say, acted.within),
    )


def _share(say: Say, cell: Cell) -> str:
    if cell.at_most is not None:
        return say("{share} or less", share=_percent(cell.at_most))
    if cell.at_least is not None:
        return say("{share} or more", share=_percent(cell.at_least))
    return say("about {share}", share=_percent(cell.share or 0.0))


def _within(say: Say, within: Interval) -> str:
    return say("between {low} and {high}", low=_percent(within.low), high=_percent(within.high))


def _reasons(say: Say, release: Release) -> list[str]:
    no_moment = next((cell for cell in release.cells if cell.name == Outcome.NO_MOMENT), None)
    lines = []
    if no_moment:
        lines.append(
            say(
                "For {share} no moment came ({within}); that is no failure of theirs.",
                share=_share(say, no_moment),
                within=_within(say, no_moment.within),
            )
        )
    barriers = [cell for cell in release.barriers if cell.name != Outcome.ACTED]
    if barriers:
        lines.append(say("Of those who had a moment:"))
    words = {
        Outcome.FORGOT: say("forgot"),
        Outcome.NO_TIME: say("had no time"),
        Outcome.NOT_MY_PLACE: say("felt that it was not their place"),
        Outcome.UNSURE_HOW: say("were unsure how"),
        Outcome.FEARED_REACTION: say("feared a reaction"),
        Outcome.LESS_MOTIVATED: say("felt less motivated"),
        Outcome.NOT_ACTED: say("did not act and gave no reason"),
    }
    for cell in barriers:
        share = say("cannot tell how many") if cell.within.tells_nothing else _share(say, cell)
        lines.append(f"\u2022 {share} {words[Outcome(cell.name)]} ({_within(say, cell.within)})")
    return lines


def _cannot_tell(say: Say) -> str:
    return say(
        "What these figures cannot tell: who did what; whether the training was the cause; whether one "
        "window went better than another. A few answers were added or removed at random to protect everyone; "
        "the ranges allow for that and for chance (95 in 100 such ranges contain the true share)."
    )
