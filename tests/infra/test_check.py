"""The package check finds what it is for: each finding is provoked."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from infra import check, package

REQUIREMENTS = [Requirement("numpy==2.2.6"), Requirement("aws-lambda-powertools[tracer]==3.37.0")]


def wheel(layer: Path, name: str, version: str, *requires: str, tag: str = "py3-none-any") -> None:
    info = layer / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {one}" for one in requires)]
    (info / "METADATA").write_text("Metadata-Version: 2.1\n" + "\n".join(lines) + "\n")
    (info / "WHEEL").write_text(f"Wheel-Version: 1.0\nTag: {tag}\n")


def test_what_chalice_left_out_is_found(tmp_path: Path) -> None:
    asks = ('aws-xray-sdk<3 ; extra == "tracer"', "jmespath<2", 'colorama ; sys_platform == "win32"')
    wheel(tmp_path, "aws_lambda_powertools", "3.37.0", *asks)
    found = list(check.missing_findings(tmp_path, REQUIREMENTS))
    assert [line.partition(",")[0] for line in sorted(found)] == ["aws-xray-sdk", "jmespath", "numpy"]
    assert "aws-lambda-powertools asks for" in sorted(found)[0]


def test_a_version_other_than_the_pinned_one_is_found(tmp_path: Path) -> None:
    wheel(tmp_path, "numpy", "2.3.0")
    (found,) = check.missing_findings(tmp_path, REQUIREMENTS[:1])
    assert found == "numpy 2.3.0 is in the layer, but requirements.txt asks for ==2.2.6"


@pytest.mark.parametrize("tool", ["pytest", "moto", "hypothesis", "mypy", "ruff", "cfn_lint"])
def test_a_test_tool_in_the_layer_is_found(tmp_path: Path, tool: str) -> None:
    wheel(tmp_path, tool, "1.0")
    (found,) = check.test_tool_findings(tmp_path)
    assert "requirements-dev.txt" in found


@pytest.mark.parametrize(
    ("tag", "loads"),
    [
        ("py3-none-any", True),
        ("cp311-cp311-manylinux2014_x86_64", True),
        ("cp311-cp311-manylinux_2_17_x86_64", True),
        ("cp311-cp311-manylinux_2_26_x86_64", True),
        ("cp311-cp311-manylinux_2_28_x86_64", False),
        ("cp311-cp311-manylinux2014_aarch64", False),
        ("cp311-cp311-macosx_11_0_arm64", False),
    ],
)
def test_wheels_that_lambda_cannot_load_are_found(tmp_path: Path, tag: str, loads: bool) -> None:
    wheel(tmp_path, "some", "1.0", tag=tag)
    assert (list(check.wheel_findings(tmp_path)) == []) is loads


def test_too_large_a_package_is_found() -> None:
    assert list(check.size_findings(200 * 1024 * 1024)) == []
    (found,) = check.size_findings(200 * 1024 * 1024 + 1)
    assert "200 MB" in found


def test_too_large_a_template_is_found() -> None:
    assert list(check.template_findings(900_000)) == []
    (found,) = check.template_findings(900_001)
    assert "900,001 bytes" in found


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import hypothesis\ndef handler(event, context): ...", "No module named 'hypothesis'"),
        ("import os\nNAME = os.environ['TABLE_PREFIX']\ndef handler(event, context): ...", "TABLE_PREFIX"),
        ("handler = 3", "handler is not callable"),
        ("def another(event, context): ...", "has no attribute 'handler'"),
    ],
)
def test_a_handler_that_only_works_here_is_found(tmp_path: Path, source: str, said: str) -> None:
    code, layer = tmp_path / "code", tmp_path / "layer"
    code.mkdir()
    layer.mkdir()
    (code / "jobs.py").write_text(source)
    (found,) = check.import_findings(code, layer, ["jobs.handler"])
    assert said in found
    (code / "fine.py").write_text("def handler(event, context): ...")
    assert list(check.import_findings(code, layer, ["fine.handler"])) == []


def test_another_machine_says_that_it_cannot_tell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    (found,) = check.import_findings(tmp_path, tmp_path, ["jobs.handler"])
    assert "Linux x86_64" in found


def test_a_template_with_an_error_is_found_until_it_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(check, "BUILD", tmp_path)
    file = tmp_path / "template.yaml"
    for wrong in (True, True, False, False, True):
        properties = "Properties: {X: 1}" if wrong else "Properties: {DelaySeconds: 1}"
        file.write_text(f"Resources: {{A: {{Type: AWS::SQS::Queue, {properties}}}}}\n")
        assert any("E3002" in line for line in check.lint_findings(file)) is wrong


def test_an_unknown_function_in_the_overlay_is_found(tmp_path: Path) -> None:
    (tmp_path / "sam.yaml").write_text("Resources: {Gone: {Properties: {}}}\n")
    (found,) = check.overlay_findings(package.Package("prod", tmp_path))
    assert "names Gone" in found


def test_the_package_itself_passes() -> None:
    said: list[str] = []
    assert check.report(package.build("prod"), said.append) == 0, said


def test_every_handler_is_tried(tmp_path: Path) -> None:
    built: dict[str, Any] = package.build("prod").template
    names = check.handlers(built)
    assert "app.app" in names
    assert len(names) == len(set(names)) == len(json.loads(package.CONFIG.read_text())["lambda_functions"])
    with zipfile.ZipFile(package.build("prod").code) as content:
        shipped = set(content.namelist())
    for name in names:
        assert name.rpartition(".")[0].replace(".", "/") + ".py" in shipped
    # What must stay at home.
    assert not any(one.startswith(("infra/", "tests/", "build/", ".venv")) for one in shipped)
