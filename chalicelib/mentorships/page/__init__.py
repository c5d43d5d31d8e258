"""The page of a pair: all that a mentorship's first screen shows, in one query."""
