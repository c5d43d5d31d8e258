"""The time that mentors give, what they pledge of it, and the thanks for it."""
