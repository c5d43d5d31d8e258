"""What leaves for logs, metrics and traces."""

from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.platform import observability
from chalicelib.platform.observability import JobFailed, job, measured, traced


class Recorder:
    """A tracer that notes its subsegments."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.provider = SimpleNamespace(in_subsegment=self._subsegment)

    @contextmanager
    def _subsegment(self, name: str) -> Any:
        self.names.append(name)
        yield


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    found = Recorder()
    monkeypatch.setattr(observability, "_tracer", lambda: found)
    return found


def test_an_invocation_with_a_trace_shows_what_ran(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")
    monkeypatch.delenv("POWERTOOLS_TRACE_DISABLED")
    with traced("read_me"):
        pass
    assert recorder.names == ["read_me"]


def test_without_a_trace_nothing_is_loaded(recorder: Recorder) -> None:
    with traced("read_me"):
        pass
    assert recorder.names == []


def test_a_job_that_fails_is_logged_and_raised_by_class_alone(capsys: pytest.CaptureFixture[str]) -> None:
    @job("a_job")
    def handler(_event: object) -> None:
        raise ValueError("amina@example.org")

    with pytest.raises(JobFailed) as failure:
        handler({})
    assert str(failure.value) == "ValueError"
    assert failure.value.__suppress_context__
    written = capsys.readouterr().out
    assert "JobFailed" in written
    assert "amina" not in written
    assert handler.__name__ == "handler"


def test_what_a_step_took_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"), measured("step taken", step="block", number=3):
        held = bytearray(64 << 20)
    del held
    told = vars(caplog.records[-1])
    assert (told["message"], told["step"], told["number"]) == ("step taken", "block", 3)
    assert told["seconds"] >= 0
    assert told["processor_seconds"] >= 0
    assert told["megabytes"] > 64
