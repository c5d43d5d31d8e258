"""Modules loaded with the first request that needs them."""

import gc
import subprocess
import sys

import pytest

from chalicelib.kernel.later import later, load
from tests.architecture.imports import ROOT


def test_a_module_is_loaded_by_the_first_use_of_a_name_of_it() -> None:
    script = (
        "import sys; from chalicelib.kernel.later import later; ids = later('chalicelib.kernel.ids'); "
        "print('chalicelib.kernel.ids' in sys.modules); ids.is_id; print('chalicelib.kernel.ids' in sys.modules)"
    )
    run = subprocess.run(  # noqa: S603 - this interpreter, our own script
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.split() == ["False", "True"]


def test_what_stands_for_a_module_has_the_names_that_it_has_now(monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.kernel import ids

    stand_in = later("chalicelib.kernel.ids")
    assert stand_in.is_id is ids.is_id
    monkeypatch.setattr(ids, "is_id", len)
    assert stand_in.is_id is len
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = stand_in.nothing_of_the_kind


@pytest.mark.parametrize("collects", [True, False])
def test_the_garbage_collector_is_left_as_it_was(collects: bool) -> None:
    (gc.enable if collects else gc.disable)()
    try:
        with pytest.raises(ModuleNotFoundError):
            load("chalicelib.kernel.nowhere")
        assert gc.isenabled() is collects
    finally:
        gc.enable()
