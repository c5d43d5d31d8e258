"""Where uploaded rosters arrive."""

UPLOADS = "uploads/rosters/"
"""What their keys begin with, followed by programme and import."""
