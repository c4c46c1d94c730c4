"""`python -m tests.typed_corpus`: the confusion table of the half that the rules were not written by.

`python -m tests.typed_corpus --mistakes` lists the mistakes of the other half, to write rules by.
"""

import sys

from rich.console import Console
from rich.table import Table

from allybot.content import load_content
from allybot.domain.typed import Meaning, understood
from tests.typed_corpus.sentences import LANGUAGES, confusion, sentences, share_right


def main() -> None:
    console = Console()
    listed = load_content().typed_words.listed
    every = sentences(*LANGUAGES)
    if "--mistakes" in sys.argv:
        for each in every:
            taken = understood(each.text, listed).meaning
            if not each.held_out and taken is not each.means:
                console.print(f"{each.means} taken for {taken}: {each.text}", markup=False)
        return
    held_out = [each for each in every if each.held_out]
    counted = confusion(held_out, listed)
    table = Table("means", "sentences", "right", "taken for")
    for means in Meaning:
        of_it = {taken: times for (meant, taken), times in counted.items() if meant is means}
        wrong = ", ".join(f"{taken} {times}" for taken, times in of_it.items() if taken is not means)
        table.add_row(means, str(sum(of_it.values())), str(of_it.get(means, 0)), wrong)
    console.print(table)
    console.print(f"{share_right(counted):.1%} of {counted.total()} held-out sentences right")


if __name__ == "__main__":
    main()
