"""What came of it: the figures of a window, told to everybody in the program and to its circles."""

from allybot.domain.figures import Release
from allybot.domain.windows import WindowState
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.outcomes import figures, moments, waiting


def result(say: Say, program: str, release: Release, minimum_respondents: int) -> Message:
    """To everybody who takes part: the figure, how it was made, who sees it and what they can do with it."""
    plans = blocks.button(say("All my plans"), ids.PLANS_SHOW)
    if release.waits and release.state is WindowState.WAITING:
        text = waiting.to_people(say, program, figures.weeks(release.window), release.waits)
        return blocks.message(say, (_first(text), blocks.actions([plans], block_id="result.choices")))
    if release.state is WindowState.VOID:
        text = say(
            "There are no figures for weeks {window} of *{program}*: fewer than {least} people's answers "
            "could be counted. They were deleted without being opened, so that nobody can be picked out. "
            "This says nothing about how much was done. What you did counts where you did it, and your plans "
            "stay as they are.",
            window=figures.weeks(release.window),
            program=blocks.escape(program),
            least=minimum_respondents,
        )
        return blocks.message(say, (_first(text), blocks.actions([plans], block_id="result.choices")))
    page = (
        *_figure(say, program, release),
        blocks.section(
            say(
                "It does not say who did what. Your plans are yours whatever came of it: keep them, mend "
                "them, or talk it over in your circle."
            )
        ),
        blocks.actions(
            [plans, blocks.button(say("What leads see"), ids.PRIVACY_LEADS)], block_id="result.choices"
        ),
        blocks.small(
            say(
                "Everybody who takes part gets this message, in the same words, and each circle what "
                "was counted. *What leads see* shows the page of the program's leads."
            )
        ),
    )
    return blocks.message(say, page)


def circle_result(say: Say, program: str, release: Release) -> Message:
    """The same as a post in a circle; of a published window only."""
    whose = (
        say("This is of several groups together; circles have no figures of their own.")
        if release.waits
        else say("This is of the whole program; circles have no figures of their own.")
    )
    asks = say("It does not say who did what, so please do not ask each other what you answered.")
    page = (*_figure(say, program, release), blocks.small(f"{whose} {asks}"))
    return blocks.message(say, page, blocks.to_the_channel(say))


def _figure(say: Say, program: str, release: Release) -> tuple[Block, ...]:
    title = say(
        "*What came of it: weeks {window} of {program}*",
        window=figures.weeks(release.window),
        program=blocks.escape(program),
    )
    lines = [title, f"*{figures.headline(say, release)}*", figures.silence(say, release)]
    if had := moments.headline(say, release):
        lines += [f"*{had}*", moments.silence(say, release)]
    if release.waits:
        together = waiting.counted_together(say, release.waits)
        lines.append(blocks.escape(f"{together[:1].upper()}{together[1:]}."))
    how = _how_of_both(say) if had else _how(say)
    return (_first("\n".join(filter(None, lines))), blocks.small(how))


def _how_of_both(say: Say) -> str:
    return say(
        "How they were made: every answer was sealed when it was given, and all were counted once, together. "
        "Then, to protect everyone, a few people were added to each count or taken off it at random; the "
        "ranges in brackets allow for that. The answers have been deleted."
    )


def _how(say: Say) -> str:
    return say(
        "How it was made: every answer was sealed when it was given, and all were counted once, together. "
        "Then, to protect everyone, a few people were added to the count or taken off it at random; the "
        "range in brackets allows for that. The answers have been deleted."
    )


def _first(text: str) -> Block:
    return blocks.section(text, block_id=ids.RESULT)
