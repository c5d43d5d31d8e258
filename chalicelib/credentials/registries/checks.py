"""Checks at the source: who asked which register about a credential, when, and what it said.

A check is two rows that are written once and never changed: that it was asked, and what came of it.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.credentials.registries.manual import ManualCheck
from chalicelib.credentials.registries.model import Answer, Means

MOST_SHOWN = 50


@dataclass(frozen=True)
class Check:
    """One check of a credential.

    Attributes
    ----------
    revision
        The claim's wording that was asked about.
    authority_id
        Whose register; None where a person looked and named an address.
    manual
        What the person wrote who looked.
    answer
        None until it has come.
    """

    id: str
    credential_id: str
    revision: int
    means: Means
    asked_by: str
    asked_at: datetime
    authority_id: str | None = None
    manual: ManualCheck | None = None
    answered_at: datetime | None = None
    answer: Answer | None = None
