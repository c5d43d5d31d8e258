"""The local front, where no emulator is needed."""

import socket

import pytest

from infra.local import front


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (BrokenPipeError("gone"), ""),
        (ConnectionResetError("gone"), ""),
        (ValueError("ours"), "ValueError: ours"),
    ],
)
def test_a_client_that_goes_away_is_no_traceback_and_all_else_is(
    wrong: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(*_: object) -> None:
        raise wrong

    server = front._Server(("127.0.0.1", 0), answer)  # type: ignore[arg-type] - called as a handler's class is
    ours, theirs = socket.socketpair()
    with server, theirs:
        server.process_request_thread(ours, ("127.0.0.1", 1))
    told = capsys.readouterr().err
    assert said in told
    assert bool(told) == bool(said)
