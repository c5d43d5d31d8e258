"""Something else that is done at the very instant at which all is read and nothing is written yet."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.platform import tables


def cross(monkeypatch: pytest.MonkeyPatch, *acts: Callable[[], object], what: str = "") -> None:
    """Have each of some acts be done once, each before a transaction of its own is sent.

    Parameters
    ----------
    what
        Only before transactions in which this stands: the beginning of a key, or an id.
    """
    plain, waiting = tables.transact, list(acts)

    def crossed(writes: Any, token: str, **how: Any) -> None:
        if waiting and any(what in str(one.request()) for one in writes):
            waiting.pop(0)()
        plain(writes, token, **how)

    monkeypatch.setattr(tables, "transact", crossed)
