"""What a coordinator has done to many cases at once, piece by piece: reviewed again, or handed to another reviewer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

PIECE = 25
"""Cases that one message works through; each has a transaction of its own."""


class BatchKind(StrEnum):
    """REVIEW_AGAIN puts verified cases back into the queue; REASSIGN hands on the live claims of one reviewer."""

    REVIEW_AGAIN = "review_again"
    REASSIGN = "reassign"


class BatchStatus(StrEnum):
    """STOPPED is one whose coordinator lost the role while it ran: what it had not come to stays as it is."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Order:
    """What is to be done, and to which cases.

    Attributes
    ----------
    person_id
        Of whom the cases are, or whose claims are handed on; None for anybody's.
    country, profession, authority
        Which cases are reviewed again, as the queue's filters; None asks for nothing.
    to_person
        Who gets the claims; None puts the cases back into the queue.
    suspends
        Whether what is reviewed again stops counting at once, and not only if it is rejected.
    reason
        For the reviewers: it stands in each case's records.
    """

    kind: BatchKind
    reason: str
    person_id: str | None = None
    country: str | None = None
    profession: str | None = None
    authority: str | None = None
    to_person: str | None = None
    suspends: bool = False


@dataclass(frozen=True)
class Batch:
    """An order under way: how many of the cases that fitted it has moved, and how many it has left alone.

    Attributes
    ----------
    cursor
        Where the next piece begins; None at the start.
    pieces
        How many pieces are done.
    """

    id: str
    organisation_id: str
    order: Order
    created_by: str
    created_at: datetime
    status: BatchStatus = BatchStatus.RUNNING
    left_alone: int = 0
    moved: int = 0
    pieces: int = 0
    cursor: str | None = None
    finished_at: datetime | None = None
    version: int | None = None
