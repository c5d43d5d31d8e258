"""What is deployed has its byte code with it, which Lambda has no place to write to."""

import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from infra import package


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    made = tmp_path / "code.zip"
    with zipfile.ZipFile(made, "w") as content:
        content.writestr("part/__init__.py", "")
        content.writestr("part/some.py", "VALUE = 1")
        content.writestr("part/__pycache__/some.cpython-311.pyc", b"of another time")
        content.writestr("part/template.py", "{{ no Python }}")
        content.writestr("part/tests/some.py", "VALUE = 1")
        content.writestr("part/list.json", "[]")
    return made


def compiled(module: PurePosixPath) -> str:
    return str(module.parent / "__pycache__" / f"{module.stem}.cpython-311.pyc")


def test_byte_code_stands_beside_what_is_loaded(archive: Path) -> None:
    package.add_byte_code(archive)
    with zipfile.ZipFile(archive) as content:
        names = content.namelist()
    assert len(names) == len(set(names))
    assert sorted(name for name in names if name.endswith(".pyc")) == [
        "part/__pycache__/__init__.cpython-311.pyc",
        "part/__pycache__/some.cpython-311.pyc",
    ]


def test_it_is_loaded_instead_of_the_source(archive: Path, tmp_path: Path) -> None:
    package.add_byte_code(archive)
    with zipfile.ZipFile(archive) as content:
        content.extractall(tmp_path / "there")
    (tmp_path / "there/part/some.py").write_text("VALUE = 2")
    run = subprocess.run(
        [sys.executable, "-B", "-c", "from part import some; print(some.VALUE)"],
        env={"PYTHONPATH": str(tmp_path / "there")}, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert run.stdout.strip() == "1"


def test_the_same_sources_make_the_same_archive(archive: Path) -> None:
    package.add_byte_code(archive)
    once = archive.read_bytes()
    package.add_byte_code(archive)
    assert archive.read_bytes() == once


def test_all_that_a_cold_start_loads_is_compiled() -> None:
    built = package.build("prod")
    with zipfile.ZipFile(built.code) as content:
        names = set(content.namelist())
    ours = {PurePosixPath(name) for name in names if name.endswith(".py")}
    assert len(ours) > 200
    assert {compiled(one) for one in ours} - names == set()
    with zipfile.ZipFile(built.layer) as content:
        names = set(content.namelist())
    layer = PurePosixPath("python/lib/python3.11/site-packages")
    loaded = ("pynamodb", "botocore", "pydantic", "aws_lambda_powertools", "boto3", "jwt", "urllib3")
    assert {compiled(layer / one / "__init__.py") for one in loaded} - names == set()
