"""The calendar that a person subscribes to: their sessions, at an address that nobody can guess."""
