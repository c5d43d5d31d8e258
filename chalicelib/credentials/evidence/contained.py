"""An inspection in a process of its own: what a file does to a library, it does there.

`inspect` counts what it reads, but the libraries beneath it may be fooled where nobody has looked yet. The child has so
much memory and processor time and no more, nothing of the parent's environment and so none of its rights to AWS, and
takes its libraries with it when it ends.
"""

import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict
from typing import Any

from chalicelib.credentials.evidence.findings import Content, EvidenceType, Facts, Finding, Reason
from chalicelib.credentials.evidence.inspection import inspect

SECONDS = 20
"""Processor time and, half as long again, time by the clock."""
MEMORY = 768 * 1024 * 1024
"""Address space in bytes; give the function that calls this 1,024 MB or more."""

_OUT_OF_MEMORY = 12


def inspect_contained(
    content: bytes, declared: EvidenceType, *, seconds: int = SECONDS, memory: int = MEMORY
) -> Finding:
    """Return what `inspect` finds; a file that takes more time or memory than it may is `too_complex`.

    Raises
    ------
    RuntimeError
        If the child could not do its work for a reason that is not the file's: the caller's work is to be repeated.
    """
    command = [sys.executable, "-P", "-m", __name__, declared.value, str(seconds), str(memory)]
    environment = {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "LC_ALL": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
    }
    try:
        run = subprocess.run(  # noqa: S603 - this interpreter and this module; the file goes in as bytes
            command, input=content, env=environment, capture_output=True, timeout=1.5 * seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return Finding(Reason.TOO_COMPLEX)
    if run.returncode == _OUT_OF_MEMORY or run.returncode < 0:
        # Ended by a signal: its processor time was used up, or a library fell over.
        return Finding(Reason.TOO_COMPLEX)
    if run.returncode:
        raise RuntimeError(f"the inspection ended with {run.returncode}")
    return _read(json.loads(run.stdout))


def _read(told: dict[str, Any]) -> Finding:
    return Finding(
        None if told["reason"] is None else Reason(told["reason"]),
        None if told["content"] is None else Content(told["content"]),
        Facts(**told["facts"]),
    )


def _main(declared: str, seconds: str, memory: str) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        finding = inspect(sys.stdin.buffer.read(), EvidenceType(declared))
    except MemoryError:
        return _OUT_OF_MEMORY
    json.dump(asdict(finding), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
