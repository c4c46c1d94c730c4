"""Published figures as a table, JSON, CSV, HTML or a picture. Pure: summaries in, text or bytes out."""
