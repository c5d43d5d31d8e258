"""Sessions of a mentorship: finding a time, booking it, and what becomes of it."""
