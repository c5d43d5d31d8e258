"""Portfolios: what somebody takes along of their mentorships, signed, for whoever they show it to."""
