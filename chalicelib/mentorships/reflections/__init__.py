"""Reflections of the two people of a mentorship."""
