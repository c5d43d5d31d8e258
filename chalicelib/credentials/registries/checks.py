"""Checks at the source: who asked which register about a credential, when, and what it said.

A check is two rows that are written once and never changed: that it was asked, and what came of it.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.credentials.registries.manual import ManualCheck
from chalicelib.credentials.registries.model import Answer, Means, Outcome

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

    @property
    def says(self) -> bool:
        """Whether the register has said anything of the number: one that was down has not."""
        return self.answer is not None and self.answer.outcome is not Outcome.UNAVAILABLE


@dataclass(frozen=True)
class CheckSeen:
    """A check beside the claim of now; `revision` is the claim's."""

    check: Check
    revision: int

    @property
    def is_current(self) -> bool:
        """Whether it looked at the wording of now. What was said of an earlier one is no check of this."""
        return self.check.revision == self.revision


def are_outdated(checks: tuple[CheckSeen, ...]) -> bool:
    """Tell whether all that registers have said is of earlier wordings."""
    told = [one.is_current for one in checks if one.check.says]
    return bool(told) and not any(told)
