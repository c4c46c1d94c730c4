"""The id of the button by which somebody agrees that their answers wait."""

AGREE = "pool.agree"
