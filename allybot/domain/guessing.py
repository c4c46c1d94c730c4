"""How well somebody who knows all answers but one can guess the last from published counts.

Both possibilities are held equally likely at first, and the answer is the same in every window. One answer
moves a count by one, so each count speaks for or against it with the same weight, exp(1 / scale), whatever
was drawn. Shown counts are limited and coded besides, which can only make a guess worse.
"""

import math
from fractions import Fraction


def surest_guess(windows: int, scale: Fraction) -> float:
    """The highest probability of an answer that so many windows can leave, 0.5 to 1.

    Args:
        windows: counted windows that hold the answer, 0 or more.
        scale: of the noise on each count, above zero.
    """
    return 1 / (1 + math.exp(-windows / scale))


def right_guesses(windows: int, scale: Fraction) -> float:
    """The share of right guesses over many people, 0.5 to 1; where windows disagree evenly, a coin is tossed.

    Args: as for `surest_guess`.
    """
    right = surest_guess(1, scale)
    return sum(
        math.comb(windows, agreeing)
        * right**agreeing
        * (1 - right) ** (windows - agreeing)
        * (1.0 if 2 * agreeing > windows else 0.5 if 2 * agreeing == windows else 0.0)
        for agreeing in range(windows + 1)
    )
