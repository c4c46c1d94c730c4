"""How well typed sentences that were kept aside are understood, in Markdown."""

from collections.abc import Sequence
from statistics import median, quantiles
from time import thread_time

from allybot.domain.meanings import Meaning, Situation
from allybot.domain.typed import Listed, understood
from tests.typed_corpus.sentences import (
    FIRST,
    FRESH,
    LAST,
    OTHERS,
    PEOPLE,
    STRANGERS,
    UNSEEN,
    VOICES,
    Result,
    confusion,
    sentences,
    share_right,
    tried,
)

SETS = (
    ("first authors, kept aside", FIRST),
    ("fresh, kept aside", FRESH),
    ("other voices, kept aside", VOICES),
    ("last, none of them trained on", LAST),
    ("strangers, no longer blind", STRANGERS),
    ("other strangers, no longer blind", OTHERS),
    ("unseen, no longer blind", UNSEEN),
    ("people, blind but for distress", PEOPLE),
)
WHOLE = (LAST, STRANGERS, OTHERS, UNSEEN, PEOPLE)
"""The sets of which no sentence is trained on."""


def kept_aside(files: Sequence[str], listed: Listed) -> list[Result]:
    """The results on the held-out sentences of some files; some are held out as a whole."""
    every = sentences(*files)
    return tried(every if files in WHOLE else [each for each in every if each.held_out], listed)


def confusion_table(listed: Listed) -> str:
    """A table by set of sentences, one by situation of the set that tells it, and one by meaning over all."""
    lines = [
        "",
        "| Sentences | number | right | right or offered besides | wrong step offered | distress missed |",
        "|---|---|---|---|---|---|",
    ]
    every: list[Result] = []
    for name, files in SETS:
        results = kept_aside(files, listed)
        every += results
        acts, missed = sum(each.wrong_act for each in results), sum(each.missed for each in results)
        besides = sum(each.offered for each in results) / len(results)
        shares = f"{share_right(results):.1%} | {besides:.1%}"
        lines.append(f"| {name} | {len(results)} | {shares} | {acts} | {missed} |")
    lines += [
        "",
        "| People, by where they stand | number | right | right or offered besides |",
        "|---|---|---|---|",
    ]
    people = kept_aside(PEOPLE, listed)
    for situation in Situation:
        there = [each for each in people if each.sentence.situation is situation]
        besides = sum(each.offered for each in there) / len(there)
        lines.append(f"| {situation} | {len(there)} | {share_right(there):.1%} | {besides:.1%} |")
    lines += ["", "| Means | number | right | taken for |", "|---|---|---|---|"]
    counted = confusion(every)
    for means in Meaning:
        of_it = {taken: times for (meant, taken), times in counted.items() if meant is means}
        wrong = ", ".join(
            f"{taken} {of_it[taken]}" for taken in Meaning if taken in of_it and taken is not means
        )
        lines.append(f"| {means} | {sum(of_it.values())} | {of_it.get(means, 0)} | {wrong} |")
    return "\n".join([*lines, ""])


def speed(listed: Listed) -> str:
    """Processor time for a message of the sets that no sentence is trained on, in milliseconds.

    The second of two passes counts: the first compiles patterns.
    """
    texts = [each.text for files in WHOLE for each in sentences(*files)]
    for _ in range(2):
        taken = []
        for text in texts:
            began = thread_time()
            understood(text, listed)
            taken.append(1000 * (thread_time() - began))
    return f"median {median(taken):.2f} ms, 95 of 100 below {quantiles(taken, n=20)[-1]:.2f} ms\n"
