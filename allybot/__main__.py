"""`python -m allybot`."""

from allybot.cli import main

main()
