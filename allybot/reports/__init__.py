"""Published figures as a table, JSON, CSV, HTML or a picture. Pure: summaries in, text or bytes out.

Their sentences are those of Slack (`allybot.prompts.outcomes.figures`), in English.
"""

NONE_YET = "Nothing has been published yet."
AMONG = "of those who had a moment"
