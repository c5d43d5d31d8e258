"""Where registers' files arrive."""

UPLOADS = "uploads/registers/"
"""What their keys begin with, followed by organisation and upload."""
