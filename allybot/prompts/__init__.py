"""From domain values to words: pure functions that return a `Message` or a `View`."""
