"""Self-assessments of a mentorship: at its start, in its middle, at its end."""
