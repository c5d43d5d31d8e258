"""Which mentorships need help, why, and who is told."""
