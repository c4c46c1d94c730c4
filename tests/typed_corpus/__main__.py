"""`python -m tests.typed_corpus`: the confusion table of the half that the rules were not written by.

`python -m tests.typed_corpus --mistakes` lists the mistakes of the other half, to write rules by.
`python -m tests.typed_corpus --ship` writes that half to the end of config/typed_words.toml.
"""

import sys

from rich.console import Console
from rich.table import Table

from allybot.content import TYPED_WORDS, default_directory, load_content
from allybot.domain.typed import Meaning, understood
from tests.typed_corpus.sentences import FILES, MARK, TRAINING, confusion, sentences, share_right, shipped


def main() -> None:
    console = Console()
    if "--ship" in sys.argv:
        file = default_directory() / TYPED_WORDS
        written = file.read_text(encoding="utf-8").partition(MARK)[0]
        file.write_text(written + shipped(), encoding="utf-8")
        return
    listed = load_content().typed_words.listed
    every = sentences(*FILES)
    if "--mistakes" in sys.argv:
        for each in [each for each in every if not each.held_out] + sentences(*TRAINING):
            taken = understood(each.text, listed).meaning
            if taken is not each.means:
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
