"""Work done at once: its reads travel together and are each its own."""

import threading
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from chalicelib.platform.together import Key, Rows, Together, read


class Store:
    """Answers keys by themselves, but for those named "lost"; keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[Key]] = []
        self.lock = threading.Lock()

    def ask(self, keys: Sequence[Key]) -> Rows:
        with self.lock:
            self.asked.append(list(keys))
        if any(pk == "lost" for _, pk, _ in keys):
            raise LookupError("lost")
        return {key: {"pk": key[1], "sk": key[2]} for key in keys}


@given(
    pieces=st.lists(st.lists(st.lists(st.integers(0, 5), max_size=3), max_size=4), max_size=12),
    threads=st.integers(1, 8),
)
@hypothesis_settings(max_examples=40, deadline=None)
def test_each_gets_what_it_asked_for(pieces: list[list[list[int]]], threads: int) -> None:
    store = Store()

    def act(piece: tuple[int, list[list[int]]]) -> int:
        number, reads = piece
        for wanted in reads:
            keys = [("table", str(one), str(number % 3)) for one in wanted]
            rows = read(store.ask, keys)
            assert [rows[key]["pk"] for key in keys] == [str(one) for one in wanted]
        return number

    done = {
        item[0]: future.result() for item, future in Together(list(enumerate(pieces)), act, threads=threads)
    }
    assert done == {number: number for number in range(len(pieces))}
    asked = sum(len(reads) for reads in pieces)
    assert len(store.asked) <= asked
    if pieces and threads >= len(pieces):
        # All of them begin before any is answered: there are as many requests as the longest piece has reads.
        assert len(store.asked) == max(len(reads) for reads in pieces)


def test_what_cannot_be_read_fails_for_all_who_wait_and_for_nobody_after() -> None:
    shared = Store()

    def act(pk: str) -> str:
        try:
            read(shared.ask, [("table", pk, "0")])
        except LookupError:
            pass
        else:
            raise AssertionError("it was asked for with what is lost")
        return read(shared.ask, [("table", "here", pk)])["table", "here", pk]["sk"]

    done = [future.result() for _, future in Together(["lost", "a", "b"], act, threads=3)]
    assert sorted(done) == ["a", "b", "lost"]
    assert len(shared.asked) == 2


def test_a_piece_that_fails_keeps_no_other_from_its_end() -> None:
    shared = Store()

    def act(number: int) -> int:
        if number % 2:
            raise ValueError(number)
        read(shared.ask, [("table", str(number), "0")])
        return number

    found = dict(Together(list(range(9)), act, threads=4))
    assert sorted(one.result() for one in found.values() if one.exception() is None) == [0, 2, 4, 6, 8]
    assert {type(one.exception()) for number, one in found.items() if number % 2} == {ValueError}


def test_alone_a_read_goes_at_once() -> None:
    shared = Store()
    assert read(shared.ask, [("table", "a", "0")]) == {("table", "a", "0"): {"pk": "a", "sk": "0"}}
    with pytest.raises(LookupError):
        read(shared.ask, [("table", "lost", "0")])
