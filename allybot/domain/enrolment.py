"""What can be in doubt about somebody on a list of people to enrol."""

from enum import StrEnum


class Doubt(StrEnum):
    """What kind of problem a line has; prompts have words of their own for each."""

    OTHER = "other"
    UNREADABLE = "unreadable"
    NOT_FOUND = "not_found"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    OUT_OF_REACH = "out_of_reach"
    TWICE = "twice"
    OTHER_PROGRAM = "other_program"
    COHORT = "cohort"
    CIRCLE = "circle"
    FULL = "full"
