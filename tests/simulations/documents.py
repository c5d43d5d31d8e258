"""Simulated cases to test with: synthetic, of no real patient."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.simulations.cases import CaseDocument
from chalicelib.simulations.schemas import CaseDocumentShape

DATA = Path(__file__).parent / "data"
CASES = Path(__file__).parents[2] / "infra" / "local" / "cohort_data"


@cache
def _text(name: str) -> str:
    return (CASES / f"{name}.json").read_text(encoding="utf-8")


def raw(name: str = "ketoacidosis") -> Any:
    return json.loads(_text(name))


def document(name: str = "ketoacidosis") -> CaseDocument:
    return CaseDocumentShape.model_validate_json(_text(name), strict=True).to_model()
