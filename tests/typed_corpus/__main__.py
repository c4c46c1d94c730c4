"""`python -m tests.typed_corpus`: how well the sentences that were kept aside are understood.

`--train` trains the classifier (half a minute) and writes its weights; do so after a change to the sentences,
to config/typed_words.toml or to alike_words.toml. `--write` writes the table into docs/typed.md.
`--mistakes` lists the mistakes of the other half, to write rules by. `--speed` prints how
long a message takes.
"""

import sys
from pathlib import Path

from allybot.content import load_content
from allybot.content.typed_words import WEIGHTS
from tests.typed_corpus.report import confusion_table, speed
from tests.typed_corpus.sentences import for_training, tried
from tests.typed_corpus.training import trained

PAGE = Path(__file__).parents[2] / "docs" / "typed.md"
MARK = "<!-- written by `python -m tests.typed_corpus --write` -->\n"


def main() -> None:
    listed = load_content().typed_words.listed
    if "--train" in sys.argv:
        WEIGHTS.write_bytes(trained(listed))
    elif "--mistakes" in sys.argv:
        for each in tried(for_training(), listed):
            if not each.right:
                sys.stdout.write(f"{each.sentence.means} taken for {each.taken}: {each.sentence.text}\n")
    elif "--speed" in sys.argv:
        sys.stdout.write(speed(listed))
    elif "--write" in sys.argv:
        before = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
        PAGE.write_text(before + MARK + confusion_table(listed), encoding="utf-8")
    else:
        sys.stdout.write(confusion_table(listed))


if __name__ == "__main__":
    main()
