"""The closing conversation of a mentorship, and what the whole of it came to."""
