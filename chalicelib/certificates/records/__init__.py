"""The record of a mentorship that comes to its end: what it came to, and the certificates of it."""
