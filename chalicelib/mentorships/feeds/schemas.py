"""Calendar feeds on the wire."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.kernel.clock import text_of
from chalicelib.mentorships.feeds.service import FeedState
from chalicelib.platform.web.shapes import Answer, Instant


class CalendarFeedView(Answer):
    created_at: Annotated[Instant | None, Field(description="Null where there is none")]
    path: Annotated[
        str | None,
        Field(description="On this API; null unless it was made just now, since the token in it is not kept"),
    ]
    url: Annotated[
        str | None,
        Field(description="The same from anywhere; null where the installation has no address of its own"),
    ]

    @classmethod
    def of(cls, state: FeedState) -> Self:
        return cls(created_at=text_of(state.created_at), path=state.path, url=state.url)
