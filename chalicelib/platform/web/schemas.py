"""The service's own answers on the wire."""

from typing import Self

from chalicelib.platform.web.shapes import Answer


class HealthView(Answer):
    status: str
    version: str

    @classmethod
    def of(cls, version: str) -> Self:
        return cls(status="ok", version=version)
