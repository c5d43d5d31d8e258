"""What the API function loads before its first request, seen in a fresh process."""

import json
import subprocess
import sys

import pytest

from tests.architecture.imports import ROOT

PACKAGES = {
    "aws_lambda_powertools", "botocore", "certifi", "chalice", "dateutil", "jmespath", "pynamodb", "six",
    "typing_extensions", "urllib3",
}  # fmt: skip
"""What a cold start pays for, of packages. Numpy, pydantic, boto3, jwt, Babel and the readers of files are loaded by
the handler, or with the first request, that needs them; a package that comes to this list costs every cold start."""

FILES = {"routes", "review_routes", "export_routes", "jobs", "errors", "uploads"}
"""What a cold start pays for, of a capability: what it registers, and the refusals that its routes declare."""


def loaded(statement: str) -> set[str]:
    """Return the modules that a fresh process has loaded after a statement."""
    script = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    run = subprocess.run(  # noqa: S603 - this interpreter, our own script
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(run.stdout))


def is_file(module: str) -> bool:
    return (ROOT / (module.replace(".", "/") + ".py")).is_file()


@pytest.fixture(scope="module")
def after_app() -> set[str]:
    return loaded("import app")


def test_importing_the_app_loads_no_other_package(after_app: set[str]) -> None:
    before = loaded("")
    packages = {name.partition(".")[0] for name in after_app - before} - sys.stdlib_module_names
    assert packages - {"app", "chalicelib"} == PACKAGES


def test_importing_the_app_loads_of_a_capability_only_what_it_registers(after_app: set[str]) -> None:
    files = {name for name in after_app if name.partition(".")[0] == "chalicelib" and is_file(name)}
    of_capabilities = {name for name in files if name.split(".")[1] not in ("kernel", "platform")}
    assert len(of_capabilities) > 20
    assert {name for name in of_capabilities if name.rpartition(".")[2] not in FILES} == set()


def test_importing_the_app_leaves_the_description_of_the_api_for_later(after_app: set[str]) -> None:
    assert "chalicelib.platform.web.endpoint" in after_app
    assert {
        name for name in after_app if name.endswith((".openapi", ".refusals", ".shapes", ".sentences"))
    } == set()


def test_the_probe_sees_what_is_loaded() -> None:
    assert "numpy" in loaded("import numpy")
