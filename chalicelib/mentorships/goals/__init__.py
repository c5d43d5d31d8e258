"""Goals of a mentorship: what is to be different, by when, how that is measured, and what became of it."""
