"""Matching: who is paired with whom in a programme, by which rules and scores, and why."""
