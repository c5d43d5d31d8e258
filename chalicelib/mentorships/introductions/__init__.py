"""Introductions: a mentor brings their mentee together with somebody else."""
