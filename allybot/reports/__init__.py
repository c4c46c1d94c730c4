"""Published figures as a table, JSON, CSV or HTML. Pure: summaries in, text out.

Their sentences are those of Slack (`allybot.prompts.outcomes`), in English.
"""

NONE_YET = "Nothing has been published yet."
