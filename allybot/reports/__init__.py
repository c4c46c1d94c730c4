"""Published figures as a table, JSON, CSV or HTML. Pure: summaries in, text out.

Their sentences are those of Slack (`allybot.prompts.outcomes.figures`), in English.
"""

NONE_YET = "Nothing has been published yet."
AMONG = "of those who had a moment"
