"""`allybot` as a later version of it: with the migrations of the folder that ALLYBOT_TEST_MIGRATIONS names.

Without that variable it is `allybot` as it is.
"""

import os
from pathlib import Path

from allybot.cli import main
from allybot.store.engine import migrate

SETTING = "ALLYBOT_TEST_MIGRATIONS"


def be_the_version_asked_for() -> None:
    """Take the migrations of that folder for ours."""
    if folder := os.environ.get(SETTING):
        migrate.MIGRATIONS = Path(folder)


if __name__ == "__main__":
    be_the_version_asked_for()
    main()
