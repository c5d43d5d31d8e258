"""Builds what is deployed: `chalice package` with the overlay, kept until one of its inputs changes.

    python -m infra.package STAGE             build into build/package/STAGE
    python -m infra.package STAGE --check     build, then refuse what must not be deployed (infra/check.py)

AWS and the local emulator get the same files from here.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import json
import marshal
import os
import shutil
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from infra import gateway, template

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build"
CONFIG = ROOT / ".chalice" / "config.json"
LOCAL = "local"

# Directories that no function loads a module of: most are what Chalice's command line brings along.
_NOT_COMPILED = frozenset({
    "_distutils_hack", "blessed", "distutils", "f2py", "pip", "pkg_resources", "setuptools", "tests", "wcwidth",
    "wheel",
})  # fmt: skip
# PEP 552: found by the source's hash, which is not looked at again. Times of files do not outlive an archive.
_UNCHECKED = (1).to_bytes(4, "little")


class PackagingFailed(Exception):
    """The package could not be built; the message says what to do."""


@dataclass(frozen=True)
class Package:
    """The files of one built package."""

    stage: str
    directory: Path

    @property
    def code(self) -> Path:
        return self.directory / "deployment.zip"

    @property
    def layer(self) -> Path:
        return self.directory / "layer-deployment.zip"

    @property
    def template_file(self) -> Path:
        return self.directory / "template.json"

    @property
    def template(self) -> dict[str, Any]:
        built: dict[str, Any] = json.loads(self.template_file.read_text(encoding="utf-8"))
        return built

    @property
    def unknown(self) -> list[str]:
        """What the overlay adds to although the application does not have it; left out of the template."""
        return unknown_functions(template.load(self.directory / "sam.yaml"))


def stages() -> list[str]:
    """Return the stages that .chalice/config.json knows."""
    return list(json.loads(CONFIG.read_text())["stages"])


def build(stage: str, say: Callable[[str], None] = lambda _: None) -> Package:
    """Build the package of a stage, or return the one at hand if nothing that goes into it changed.

    Raises
    ------
    PackagingFailed
        If Chalice fails, or leaves a dependency out (it exits 0 then).
    """
    if stage not in stages():
        raise PackagingFailed(
            f"there is no stage {stage!r} in .chalice/config.json, which has {', '.join(stages())}"
        )
    package = Package(stage, BUILD / "package" / stage)
    with _alone():
        digest = _digest(stage)
        mark = package.directory / "inputs.sha256"
        if mark.exists() and mark.read_text() == digest and package.layer.exists():
            say("package: unchanged")
            return package
        mark.unlink(missing_ok=True)
        say("package: chalice package (the first time it fetches the layer's wheels)")
        _chalice(stage, package.directory)
        if stage != LOCAL:
            # The emulator's workers write their own; Lambda's cannot, and would compile it all at every cold start.
            add_byte_code(package.code)
            _compile_layer(package.layer)
        built = template.load(package.directory / "sam.yaml")
        unknown = unknown_functions(built)
        if unknown:
            # A checkout in the middle of its work still runs; the check refuses to ship it.
            say(
                f"package: infra/overlay.yaml names functions that app.py does not register: {', '.join(unknown)}"
            )
        whole = with_machine(with_short_api(without(built, unknown)))
        package.template_file.write_text(written(whole))
        mark.write_text(digest)
    return package


def add_byte_code(archive: Path) -> None:
    """Put the byte code of an archive's modules beside them, instead of any that the checkout happened to have."""
    with zipfile.ZipFile(archive) as content:
        kept = [(one, content.read(one)) for one in content.infolist() if not one.filename.endswith(".pyc")]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
        for one, data in kept:
            content.writestr(one, data)
        for one, source in kept:
            path = PurePosixPath(one.filename)
            if path.suffix != ".py" or not _NOT_COMPILED.isdisjoint(path.parts):
                continue
            try:
                with warnings.catch_warnings(action="ignore"):
                    code = compile(source, one.filename, "exec", dont_inherit=True, optimize=0)
            except SyntaxError:
                continue  # a template, or of another Python
            head = importlib.util.MAGIC_NUMBER + _UNCHECKED + importlib.util.source_hash(source)
            name = f"{path.stem}.{sys.implementation.cache_tag}.pyc"
            # Of 1980, as ZipInfo has it: the same sources make the same archive.
            entry = zipfile.ZipInfo(str(path.parent / "__pycache__" / name))
            entry.external_attr = 0o644 << 16
            content.writestr(entry, head + marshal.dumps(code), zipfile.ZIP_DEFLATED)


def _compile_layer(layer: Path) -> None:
    """Put byte code into a layer, or take it as it was made of the same layer before: that takes ten seconds."""
    maker = hashlib.sha256(
        sys.version.encode() + Path(__file__).read_bytes() + layer.read_bytes()
    ).hexdigest()
    kept = BUILD / "package" / f"layer-{maker[:24]}.zip"
    if not kept.exists():
        add_byte_code(layer)
        for old in kept.parent.glob("layer-*.zip"):
            old.unlink()
        shutil.copyfile(layer, half := kept.with_suffix(".half"))
        half.rename(kept)
    shutil.copyfile(kept, layer)


def written(built: dict[str, Any]) -> str:
    """Return a template as it is sent: CloudFormation takes a megabyte at most, spaces included."""
    return json.dumps(built, separators=(",", ":"), sort_keys=True)


def with_short_api(built: dict[str, Any]) -> dict[str, Any]:
    """Return the template with its API's routes in few bytes."""
    api = built["Resources"]["RestAPI"]["Properties"]
    return _with_properties(built, "RestAPI", DefinitionBody=gateway.shortened(api["DefinitionBody"]))


def with_machine(built: dict[str, Any]) -> dict[str, Any]:
    """Return the template with the definition of its state machine."""
    return _with_properties(built, "MatchMachine", Definition=template.load(template.MACHINE))


def _with_properties(built: dict[str, Any], name: str, **properties: Any) -> dict[str, Any]:
    one = built["Resources"][name]
    changed = {**one, "Properties": {**one["Properties"], **properties}}
    return {**built, "Resources": {**built["Resources"], name: changed}}


def unknown_functions(built: dict[str, Any]) -> list[str]:
    """Return what the overlay adds to and Chalice did not make: such a resource has no type."""
    return [name for name, one in built["Resources"].items() if isinstance(one, dict) and "Type" not in one]


def without(built: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Return the template without the named resources and without the alarms made for them."""
    resources = {}
    for name, one in built["Resources"].items():
        if name.startswith("Fn::ForEach::"):
            variable, collection, body = one
            one = [variable, [item for item in collection if item not in names], body]
        if name not in names:
            resources[name] = one
    return {**built, "Resources": resources}


def sources() -> list[Path]:
    """Return every file that ends up in the code or steers how it is packaged."""
    inside = [
        path
        for path in (ROOT / "chalicelib").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    ]
    return sorted(
        [
            *inside,
            ROOT / "app.py",
            ROOT / "requirements.txt",
            template.OVERLAY,
            template.MACHINE,
            *(ROOT / ".chalice").glob("*.json"),
        ]
    )


def _digest(stage: str) -> str:
    total = hashlib.sha256(f"{stage} {sys.version}".encode())
    for maker in (__file__, gateway.__file__):
        total.update(Path(maker).read_bytes())
    for path in sources():
        total.update(str(path.relative_to(ROOT)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _chalice(stage: str, directory: Path) -> None:
    command = [sys.executable, "-c", "from chalice.cli import main; main()", "package", "--stage", stage,
               "--merge-template", str(template.OVERLAY), str(directory)]  # fmt: skip
    # A region is needed by Chalice but does not end up in the template; credentials must not matter at all.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    environment |= {"AWS_DEFAULT_REGION": "eu-west-1", "STAGE": stage}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    said = ran.stdout + ran.stderr
    if ran.returncode != 0 or "Could not install dependencies" in said:
        raise PackagingFailed(f"chalice package failed or left a dependency out:\n{said}")


@contextmanager
def _alone() -> Iterator[None]:
    """Chalice keeps its cache in one place: two builds at once would mix."""
    BUILD.mkdir(exist_ok=True)
    with open(BUILD / "package.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stage")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    try:
        package = build(given.stage, print)
    except PackagingFailed as error:
        print(error, file=sys.stderr)
        return 1
    print(f"package: {package.directory.relative_to(ROOT)}")
    if given.check:
        from infra import check

        return check.report(package)
    return 0


if __name__ == "__main__":
    sys.exit(main())
