"""Goals texts by an embedding service, behind the port of `engine.text`.

A service does not answer the same bits twice, so a run that used it could only be repeated with its vectors kept in the
snapshot. Until they are, no run is given this encoder: `docs/adr/0010-goals-text.md`.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine.text import whole_numbers


class Service(Protocol):
    """What answers vectors, such as `platform.embeddings.Embeddings`."""

    def vectors(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector for each text, all of one length."""
        ...


class EmbeddedTexts:
    """A `TextEncoder` that asks a service."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def encode(self, texts: Sequence[str]) -> NDArray[np.int16]:
        """Return int16[texts, the service's dimensions], vectors at most `LENGTH` long."""
        if not texts:
            return np.zeros((0, 0), dtype=np.int16)
        return whole_numbers(np.array(self._service.vectors(texts), dtype=np.float64))
