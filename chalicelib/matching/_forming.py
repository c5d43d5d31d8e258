"""How circles are formed."""

from __future__ import annotations

from datetime import datetime

from chalicelib.matching.formation import CircleSettings, Formation, Leading, Seeking, StandingCircle


def formed(
    seeking: tuple[Seeking, ...],
    leading: tuple[Leading, ...],
    settings: CircleSettings,
    now: datetime,
    standing: tuple[StandingCircle, ...],
) -> Formation:
    """Form circles; `formation.form` says of what."""
    raise NotImplementedError
