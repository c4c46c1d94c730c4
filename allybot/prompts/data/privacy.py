"""Who sees what, for how long, and where the limits are: from the program's own settings.

Every claim here must match the code; change both together.
"""

from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import ButtonElement

from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line

CALLBACK = "privacy.page"


@dataclass(frozen=True)
class Terms:
    """The settings of a program that the privacy page names.

    Attributes:
        check_ins: how many there are in `days` days after the training.
        last_day: the last day for whoever chooses on day `days` to keep going; the same where nobody can.
        counted_on: the days on which windows close, in order, in the program's zone.
        deleted_on: the day on which the trainee's own row is deleted, in the program's zone.
        custodian: whether a custodian holds the keys that open answers, or a part of each.
        pool: name of the pool in which sealed answers wait where too few answered; empty without one.
        pool_minimum: the fewest people with whom the pool is counted.
        pool_months: how long answers wait at most.
        counts_moments: whether answers are counted once, and also how many told of a moment.
    """

    program: str
    support_contact: str
    minimum_respondents: int
    check_ins: int
    days: int
    last_day: int
    counted_on: tuple[date, ...]
    deleted_on: date
    custodian: bool
    pool: str = ""
    pool_minimum: int = 0
    pool_months: int = 0
    counts_moments: bool = False


def shown(say: Say, terms: Terms | None, usual_minimum: int) -> Message:
    """The page; the reply to the command.

    Args:
        terms: of the asker's program; None for somebody in no program, who gets the general text.
        usual_minimum: the default minimum of respondents.
    """
    found = _page(say, terms, usual_minimum)
    return blocks.message(say, found)


def page(say: Say, terms: Terms | None, usual_minimum: int) -> View:
    """The same page as a modal."""
    return blocks.modal(say("Who sees what"), _page(say, terms, usual_minimum), CALLBACK, close=say("Close"))


def privacy_button(say: Say) -> ButtonElement:
    """The button that opens the page."""
    return blocks.button(say("Who sees what"), ids.PRIVACY_SHOW)


def what_is_counted(say: Say, counted_on: tuple[date, ...]) -> str:
    """What is counted and how often, of a program that counts how many told of a moment."""
    return say(
        "Answers are counted once, on {when}: about how many acted, and about how many told of a moment, "
        "at least once.",
        when=say.all_of([say.day_and_year(day) for day in counted_on]),
    )


def who_sees_what(
    say: Say, minimum: int, counted_on: tuple[date, ...], *, counts_moments: bool = False
) -> tuple[str, ...]:
    """One line per group of people; the answer to a typed question has the same."""
    return (
        _leads(say, minimum, counted_on, counts_moments=counts_moments),
        say(
            "*Whoever operates allybot*: that you take part and that you answered, not what. Your plans only "
            "with two separate stores and a key in hand."
        ),
        say(
            "*Your ally circle*: what you share there yourself, and what you ask, tell or add through "
            "allybot, without your name unless you show it; a recap shows it. allybot cannot read the circle."
        ),
        say(
            "*Everybody who takes part, and each circle*: what leads are told, once it is counted. All "
            "get the same words, whoever answered."
        ),
    )


def _in_short(say: Say) -> str:
    return say(
        "What you write and answer here is confidential. Here is what that means, and where it has limits."
    )


def _page(say: Say, terms: Terms | None, usual_minimum: int) -> list[Block]:
    minimum = terms.minimum_respondents if terms else usual_minimum
    found = [
        blocks.section(_in_short(say)),
        _list(say("What is kept"), _kept(say)),
        _list(say("Who sees what"), _seen(say, terms, minimum)),
        _list(say("For how long"), _how_long(say, terms)),
        *(
            [_list(say("If too few people answer"), _small_groups(say, terms))]
            if terms and terms.pool
            else []
        ),
        _list(say("Where the limits are"), _limits(say, terms)),
    ]
    if terms:
        found += [_buttons(say), support_line(say, terms.support_contact)]
    return found


def _seen(say: Say, terms: Terms | None, minimum: int) -> tuple[str, ...]:
    if terms is None:
        return who_sees_what(say, minimum, ())
    return who_sees_what(say, minimum, terms.counted_on, counts_moments=terms.counts_moments)


def _leads(say: Say, minimum: int, counted_on: tuple[date, ...], *, counts_moments: bool) -> str:
    when = say.all_of([say.day_and_year(day) for day in counted_on])
    if not counted_on:
        return say(
            "*Leads of the program*: figures only, counted once or twice in a program, each about at least "
            "{minimum} people and with a little random noise. Also how many are on the list, roughly how "
            "many take part, and after a count how many answered. Never a plan, never who answered or what.",
            minimum=minimum,
        )
    if counts_moments:
        return say(
            "*Leads of the program*: two figures, counted once, on {when}: how many acted at least once, and "
            "how many told of a moment at least once; both about at least {minimum} people and with a little "
            "random noise. Also how many are on the list, roughly how many take part, and after the count "
            "how many answered. Never a plan, never who answered or what.",
            when=when,
            minimum=minimum,
        )
    return say(
        "*Leads of the program*: figures only, counted on {when}, each about at least {minimum} people "
        "and with a little random noise. Also how many are on the list, roughly how many take part, and "
        "after a count how many answered. Never a plan, never who answered or what.",
        when=when,
        minimum=minimum,
    )


def _buttons(say: Say) -> Block:
    """The part for a trainee: dates and settings of their program."""
    return blocks.actions(
        [
            blocks.button(say("What leads see"), ids.PRIVACY_LEADS),
            blocks.button(say("What is held about me"), ids.MY_DATA_SHOW),
            blocks.button(say("Forget me"), ids.FORGET_ME_SHOW),
        ],
        block_id="privacy.choices",
    )


def _kept(say: Say) -> tuple[str, ...]:
    return (
        say(
            "Your plans, how they read before, your why and your notes to yourself, encrypted with a key of "
            "your own, which is stored apart from them. The wish and the obstacle before a plan are not kept."
        ),
        say(
            "Your answers, only in sealed form. They are opened once, all together, when enough people have "
            "answered; only the counts leave that moment, and the key is deleted."
        ),
        say(
            "Readable in the database: your Slack id, time zone and language, your circle, when you were "
            "asked, that you answered, and what you asked for next, such as a pause, quiet days, a "
            "reminder or another date. Such choices can hint at an answer."
        ),
        say(
            "What you write to your circle, and that it was you: encrypted until it is posted, then deleted "
            "here. Only that a question is yours stays longer, encrypted: until it is marked as answered, "
            "some weeks at most. The days are encrypted with your plans. The database shows that somebody "
            "in the circle wrote, or told a deed."
        ),
        say(
            "What you tell the leads without your name: encrypted with your key, in a row that names nobody, "
            "until it goes to them with others or is deleted unread. Once it has gone, nobody can tell whose "
            "it was."
        ),
    )


def _how_long(say: Say, terms: Terms | None) -> tuple[str, ...]:
    sealed = _sealed(say, terms)
    now = say(
        "`/allybot forget-me` deletes it all at once, except what is noted of you as a lead. Numbers without "
        "your name stay, so that no later list writes to you. `/allybot my-data` shows it."
    )
    backups = say(
        "Backups made earlier keep copies until they are replaced: your words and answers encrypted, your "
        "place on the list readable. Published figures stay as they are."
    )
    if terms is None:
        rows = say("Plans and your place on the list: until some weeks after the program has ended.")
    else:
        rows = say(
            "Your plans, your notes and your place on the list of {program}: until {day}; if that day "
            "moves, you are told. A week before, plans and notes come to you as a file.",
            program=blocks.escape(terms.program),
            day=say.day_and_year(terms.deleted_on),
        )
        if terms.last_day > terms.days:
            rows += " " + say(
                "On day {day} you may choose to keep going until day {last}. They are then kept longer, "
                "until the day that the button names; without your tap nothing changes.",
                day=terms.days,
                last=terms.last_day,
            )
    return (sealed, rows, now, backups)


def _sealed(say: Say, terms: Terms | None) -> str:
    if terms is None:
        return say(
            "Sealed answers: until they are counted, or deleted unopened when too few people answered. Some "
            "programs let them wait for later groups first, and say so before you start."
        )
    if terms.pool:
        return say("Sealed answers: until they are counted; see below for when too few people answered.")
    return say("Sealed answers: until they are counted, or deleted unopened when too few people answered.")


def _small_groups(say: Say, terms: Terms) -> tuple[str, ...]:
    return (
        say(
            "The sealed answers wait up to {months} months, with a random number in place of you. They are "
            "counted once, together with later groups of {pool}, from {minimum} people on, or deleted "
            "unopened.",
            months=terms.pool_months,
            pool=blocks.escape(terms.pool),
            minimum=terms.pool_minimum,
        ),
        say(
            "Who has been deleted by then cannot be told of the result. `/allybot forget-me` still finds and "
            "deletes yours."
        ),
    )


def _limits(say: Say, terms: Terms | None) -> tuple[str, ...]:
    if terms and terms.custodian:
        keys = say(
            "This server alone cannot open the answers: their key, or a part of it, is held outside. Still, "
            "whoever controls the server could change the program and read answers as they come in. Nothing "
            "built into allybot can prevent that."
        )
    else:
        keys = say(
            "Whoever controls the server and both of its stores could open sealed answers before they are "
            "counted, or read plans. Rules and people have to prevent that; nothing built into allybot can."
        )
    return (
        keys,
        say(
            "Messages pass through Slack and stay there. Whoever may export the direct messages of your "
            "workspace could read what allybot writes to you, your own plan quoted in it included, and what "
            "you type to it."
        ),
        say("So leave names of colleagues out of your plans; “a colleague” does as well."),
        say(
            "Somebody who already knows the answers of everybody else could guess yours with better odds "
            "than chance, and with better ones from two figures together, or after a second program of the "
            "same people. The noise keeps that from ever being certain."
        )
        if terms and terms.counts_moments
        else say(
            "Somebody who already knows the answers of everybody else could guess yours with better odds "
            "than chance, and with better ones after each window that is counted. The noise keeps that from "
            "ever being certain."
        ),
    )


def _list(title: str, lines: tuple[str, ...]) -> Block:
    return blocks.section(f"*{title}*\n" + "\n".join(f"• {line}" for line in lines))
