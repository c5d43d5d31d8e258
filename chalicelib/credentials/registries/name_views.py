"""How two names compare, on the wire."""

from typing import Annotated

from pydantic import Field

from chalicelib.credentials.registries.model import How
from chalicelib.platform.web.shapes import Answer


class NamePairView(Answer):
    ours: str | None
    theirs: str | None
    how: How


class NameComparisonView(Answer):
    """How the claim's name compares with another, in Latin letters; it decides nothing."""

    score: Annotated[int, Field(ge=0, le=100)]
    ours: str
    theirs: str
    pairs: tuple[NamePairView, ...]
