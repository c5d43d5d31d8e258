"""What the API function loads before its first request, seen in a fresh process."""

import json
import subprocess
import sys

import pytest

from tests.architecture.imports import ROOT

LATER = (
    "numpy", "openpyxl", "babel", "jinja2", "jwt", "cryptography", "boto3", "anyascii", "pypdf", "simplejpeg",
)  # fmt: skip
"""Loaded by the one handler, or on the first request, that needs it."""


def loaded(statement: str) -> set[str]:
    """Return the modules that a fresh process has loaded after a statement."""
    script = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    run = subprocess.run(  # noqa: S603 - this interpreter, our own script
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(run.stdout))


@pytest.fixture(scope="module")
def after_app() -> set[str]:
    return loaded("import app")


@pytest.mark.parametrize("package", LATER)
def test_importing_the_app_leaves_for_later_what_few_need(after_app: set[str], package: str) -> None:
    assert "chalicelib" in after_app
    assert package not in after_app


def test_importing_the_app_loads_no_shapes_and_no_examples(after_app: set[str]) -> None:
    ours = {name for name in after_app if name.startswith("chalicelib.")}
    assert {
        name for name in ours if name.endswith((".schemas", ".examples", ".openapi", ".refusals"))
    } == set()


def test_the_probe_sees_what_is_loaded() -> None:
    assert "numpy" in loaded("import numpy")
