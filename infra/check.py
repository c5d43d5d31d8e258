"""Refuses a package that must not be deployed. Each finding is one line that says what to do.

What is looked at is the artefact itself, never the checkout: the emulator, too, sees only the artefact, but a
test machine has more installed than Lambda has.
"""

import hashlib
import json
import platform
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from importlib.metadata import Distribution, PathDistribution, version
from itertools import groupby
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra import gateway, template
from infra.package import BUILD, ROOT, Package

# AWS allows 250 MB, layers included; the rest is room for what later issues bring.
UNPACKED_LIMIT = 200 * 1024 * 1024

# CloudFormation takes 1,000,000 bytes, as sent and as its macros leave it: SAM adds roles' and events' resources, and
# Fn::ForEach the alarms.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-troubleshoot-processed-template.html,
# read 2026-11-22.
TEMPLATE_LIMIT = 900_000

TEST_TOOLS = frozenset({
    "cfn-lint", "coverage", "hypothesis", "httpx", "moto", "mypy", "ortools", "pre-commit", "pytest",
    "pytest-socket", "responses", "ruff", "schemathesis", "types-pyyaml",
})  # fmt: skip

# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html: Python 3.11 runs on Amazon Linux 2, glibc 2.26.
GLIBC = (2, 26)
# What Lambda evaluates a dependency's marker with.
MARKERS = {
    "implementation_name": "cpython", "os_name": "posix", "platform_machine": "x86_64",
    "platform_python_implementation": "CPython", "platform_system": "Linux", "python_full_version": "3.11.0",
    "python_version": "3.11", "sys_platform": "linux",
}  # fmt: skip


def report(package: Package, say: Callable[[str], None] = print) -> int:
    """Look at everything, say every finding, and return the exit status."""
    with tempfile.TemporaryDirectory() as scratch:
        code, layer = unpack(package, Path(scratch))
        size = _size(code) + _size(layer)
        written = package.template_file.stat().st_size
        findings = [
            *overlay_findings(package),
            *size_findings(size),
            *template_findings(written),
            *test_tool_findings(layer),
            *missing_findings(layer, requirements()),
            *wheel_findings(layer),
            *import_findings(code, layer, handlers(package.template)),
            *lint_findings(package.template_file, template.DATA),
        ]
        built = package.template
    resources = gateway.resources(built["Resources"]["RestAPI"]["Properties"]["DefinitionBody"])
    for finding in findings:
        say(f"package check: {finding}")
    say(
        f"package check: {len(handlers(built))} handlers, {size / 1024 / 1024:.0f} MB unpacked, "
        f"a template of {written / 1000:.0f} kB, {resources} API resources, "
        + (f"{len(findings)} findings" if findings else "nothing found")
    )
    return 1 if findings else 0


def unpack(package: Package, where: Path) -> tuple[Path, Path]:
    """Unpack code and layer as Lambda does; return the two directories that it puts on sys.path."""
    code, layer = where / "code", where / "layer"
    for archive, directory in ((package.code, code), (package.layer, layer)):
        with zipfile.ZipFile(archive) as content:
            content.extractall(directory)
    return code, layer / "python" / "lib" / "python3.11" / "site-packages"


def handlers(built: dict[str, Any]) -> list[str]:
    """Return the handler of every function in a packaged template."""
    return sorted(
        one["Properties"]["Handler"]
        for one in built["Resources"].values()
        if isinstance(one, dict) and one["Type"] == "AWS::Serverless::Function"
    )


def requirements() -> list[Requirement]:
    """Return the lines of requirements.txt."""
    lines = (line.partition("#")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines())
    return [Requirement(line) for line in lines if line]


def overlay_findings(package: Package) -> Iterator[str]:
    """Find what the overlay adds to and the application does not have."""
    for name in package.unknown:
        yield f"infra/overlay.yaml names {name}, which app.py does not register: register it or take it out"


def size_findings(size: int) -> Iterator[str]:
    """Find a package that comes too near to AWS's limit."""
    if size > UNPACKED_LIMIT:
        yield f"code and layer unpack to {size / 1024 / 1024:.0f} MB, more than the 200 MB that we allow"


def template_findings(size: int) -> Iterator[str]:
    """Find a template that comes too near to CloudFormation's limit."""
    if size > TEMPLATE_LIMIT:
        yield f"the template has {size:,} bytes, more than the {TEMPLATE_LIMIT:,} that we allow (infra/gateway.py)"


def test_tool_findings(layer: Path) -> Iterator[str]:
    """Find tools that only development needs."""
    for name in sorted(_distributions(layer).keys() & TEST_TOOLS):
        yield f"{name} ships: move it from requirements.txt to requirements-dev.txt"


def missing_findings(layer: Path, wanted: list[Requirement]) -> Iterator[str]:
    """Find dependencies, also of dependencies, that are not in the layer in a version that fits.

    Chalice leaves out a package that has no wheel for Lambda, and exits 0.
    """
    present = _distributions(layer)
    seen: set[tuple[str, frozenset[str]]] = set()
    queue = [(one, "requirements.txt") for one in wanted]
    while queue:
        requirement, asker = queue.pop()
        name = canonicalize_name(requirement.name)
        if (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        found = present.get(name)
        if found is None:
            yield f"{name}, which {asker} asks for, is not in the layer: pin a version with a wheel for glibc 2.26"
            continue
        if not requirement.specifier.contains(found.version, prereleases=True):
            yield f"{name} {found.version} is in the layer, but {asker} asks for {requirement.specifier}"
        for line in found.requires or []:
            dependency = Requirement(line)
            if dependency.marker is None or any(
                dependency.marker.evaluate({**MARKERS, "extra": extra})
                for extra in (requirement.extras or {""})
            ):
                queue.append((dependency, name))


def wheel_findings(layer: Path) -> Iterator[str]:
    """Find wheels whose compiled parts Lambda's glibc or processor cannot load."""
    for name, distribution in sorted(_distributions(layer).items()):
        tags = [
            line[5:]
            for line in (distribution.read_text("WHEEL") or "").splitlines()
            if line.startswith("Tag: ")
        ]
        if tags and not any(_loads_on_lambda(tag) for tag in tags):
            yield f"{name} is built for {', '.join(tags)}, which Lambda's Python 3.11 on x86_64 cannot load"


def _loads_on_lambda(tag: str) -> bool:
    _, _, where = tag.split("-")
    if where == "any" or where in ("manylinux1_x86_64", "manylinux2010_x86_64", "manylinux2014_x86_64"):
        return True
    parts = where.split("_")
    if parts[0] == "manylinux" and where.endswith("x86_64"):
        return (int(parts[1]), int(parts[2])) <= GLIBC
    return where == "linux_x86_64"


_IMPORTER = """
import importlib, json, sys
sys.path[:0] = json.loads(sys.argv[1])
module = importlib.import_module(sys.argv[2])
for name in sys.argv[3:]:
    if not callable(getattr(module, name)):
        sys.exit(name + " is not callable")
"""


def import_findings(code: Path, layer: Path, names: list[str]) -> Iterator[str]:
    """Find handlers that do not import from the artefact alone, each module in a fresh isolated interpreter (-I -S).

    The compiled parts are for Linux on x86_64 with CPython 3.11; elsewhere this cannot be tried, and the check
    says so instead of passing.
    """
    here = (sys.implementation.name, sys.version_info[:2], platform.system(), platform.machine())
    if here != ("cpython", (3, 11), "Linux", "x86_64"):
        yield f"the handlers' imports can be tried on Linux x86_64 with CPython 3.11 only, not on {here}"
        return
    for module, of_it in groupby(sorted(names), key=lambda name: name.rpartition(".")[0]):
        yield from _import_finding(code, layer, module, [name.rpartition(".")[2] for name in of_it])


def _import_finding(code: Path, layer: Path, module: str, names: list[str]) -> Iterator[str]:
    command = [sys.executable, "-I", "-S", "-W", "error::ImportWarning", "-c", _IMPORTER,
               json.dumps([str(code), str(layer)]), module, *names]  # fmt: skip
    # The environment of a function that has no settings yet: reading one at import fails here.
    environment = {"PATH": "/usr/bin:/bin", "AWS_REGION": "eu-west-1", "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(command, cwd=code, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        last = (ran.stderr.strip().splitlines() or ["no message"])[-1]
        yield f"handler {module}.{', '.join(names)} does not import from the package alone: {last}"


def lint_findings(*files: Path) -> Iterator[str]:
    """Find what cfn-lint calls an error, in all files by one start of it, and also that it could not run.

    It takes long for templates like ours: what it had nothing against it is not asked about again.
    """
    lint = str(Path(sys.executable).with_name("cfn-lint"))
    digest = hashlib.sha256(version("cfn-lint").encode())
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    passed = BUILD / "linted" / digest.hexdigest()
    if passed.exists():
        return
    command = [lint, "--format", "parseable", "--non-zero-exit-code", "error", *map(str, files)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode == 0:
        passed.parent.mkdir(parents=True, exist_ok=True)
        passed.touch()
    else:
        lines = (ran.stdout + ran.stderr).strip().splitlines()
        errors = [line for line in lines if ":E" in line]
        yield from (f"cfn-lint: {line}" for line in errors or lines or ["failed without a word"])


def _distributions(layer: Path) -> dict[str, Distribution]:
    found = (PathDistribution(path) for path in layer.glob("*.dist-info"))
    return {str(canonicalize_name(one.metadata["Name"])): one for one in found}


def _size(directory: Path) -> int:
    # The two paths given are the code and the layer's site-packages, which is all that the layer holds.
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
