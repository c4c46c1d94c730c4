"""What the buttons about facilitating a circle's week hand back to us: a part of `ids`."""

YES = "circle.yes"
SWAP = "circle.swap"
SKIP = "circle.skip"
CANNOT = "circle.cannot"
TOGETHER = "circle.together"
VOLUNTEER = "circle.volunteer"
WHO_IS_NEXT = "circle.rota"
