"""The US National Provider Identifier registry (NPPES), version 2.1 of its public JSON API.

Never run against the live service: this is written from what is published of it, and nobody has yet seen it answer.

Sources, all read 2026-11-22: the registry's help (npiregistry.cms.hhs.gov/api-page: `version=2.1`, `number`, results of
up to 200); the shape of results as the rOpenSci client reads it (github.com/ropensci/npi, R/api.R, R/npi_search.R:
`result_count`, `results`, `Errors[].description`), and examples of answers in public repositories
(github.com/alexanderkarlis/npi, README); the words about a number out of service in github.com/ropensci/npi/issues/39;
the check digit: CMS, "Requirements for National Provider Identifier (NPI) and NPI Check Digit", as others quote it
(credentials/data/README.md).

What it tells: an NPI identifies who bills for care. It is no licence. The licences beside it are what the provider
wrote there, by state, and CMS does not check them; the state's board does.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from chalicelib.credentials import numbers
from chalicelib.credentials.registries.model import (
    MAX_LIST,
    NOT_UNDERSTOOD,
    NUMBER_MALFORMED,
    QUESTION_REFUSED,
    Answer,
    Asked,
    Entry,
    Fetch,
    Licence,
    RegisterUnavailable,
    State,
    not_found,
    shown,
    unavailable,
)
from chalicelib.credentials.registries.names import found

ADDRESS = "https://npiregistry.cms.hhs.gov/api/"
VERSION = "2.1"
PERSON, ORGANISATION = "NPI-1", "NPI-2"
_FORM = re.compile(r"[12]\d{9}", re.ASCII)
_ISSUER = "80840"  # of health cards in the US
_DEACTIVATED = re.compile(r"deactivated\s+NPI\s+(\d{10})", re.IGNORECASE | re.ASCII)
_STATES = {"A": State.CURRENT, "D": State.NOT_CURRENT}


@dataclass(frozen=True)
class NpiRegistry:
    """Looks numbers up one at a time; `fetch` asks the service."""

    fetch: Fetch

    def lookup(self, asked: Asked) -> Answer:
        """Return what the registry says of a number. One that cannot be an NPI is not asked for."""
        number = numbers.normalised(asked.number)
        if not is_npi(number):
            return not_found(reason=NUMBER_MALFORMED)
        try:
            content = self.fetch(address(number))
        except RegisterUnavailable as failure:
            return unavailable(failure.reason)
        return read(content, asked, number)


def is_npi(number: str) -> bool:
    """Tell whether a number has the form of an NPI: ten digits, the first 1 or 2, the last by Luhn's formula over
    80840 and the others."""
    return _FORM.fullmatch(number) is not None and numbers.luhn(_ISSUER + number)


def address(number: str) -> str:
    """Return where a number is looked up."""
    return f"{ADDRESS}?{urlencode({'version': VERSION, 'number': number})}"


def read(content: bytes, asked: Asked, number: str) -> Answer:
    """Read the registry's answer about one number. What is not of its published form is `unavailable`."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return unavailable(NOT_UNDERSTOOD)
    if not isinstance(document, dict):
        return unavailable(NOT_UNDERSTOOD)
    if "Errors" in document:
        return _refused(document["Errors"], asked, number)
    results, count = document.get("results"), document.get("result_count")
    if not isinstance(results, list) or not isinstance(count, int):
        return unavailable(NOT_UNDERSTOOD)
    if count == 0 and not results:
        return not_found()
    # The one that was asked for and no other: numbers come as text or as numbers.
    own = [one for one in results if isinstance(one, dict) and str(one.get("number")) == number]
    entry = _entry(own[0], number) if len(own) == 1 else None
    return found(asked, entry) if entry else unavailable(NOT_UNDERSTOOD)


def _refused(errors: Any, asked: Asked, number: str) -> Answer:
    """Read the errors: one of them is how the registry says that a number is no longer in service."""
    said = [shown(one.get("description")) for one in _mappings(errors)]
    for text in said:
        out_of_service = _DEACTIVATED.search(text)
        if out_of_service and out_of_service[1] == number:
            return found(asked, Entry(number, (), True, "deactivated", State.NOT_CURRENT))
    return unavailable(QUESTION_REFUSED)


def _entry(result: Mapping[str, Any], number: str) -> Entry | None:
    kind, basic = result.get("enumeration_type"), result.get("basic")
    if kind not in (PERSON, ORGANISATION) or not isinstance(basic, dict):
        return None
    is_person = kind == PERSON
    names = [_name(one, is_person) for one in (basic, *_mappings(result.get("other_names")))]
    status = shown(basic.get("status"))
    return Entry(
        number=number,
        names=tuple(dict.fromkeys(name for name in names if name))[:MAX_LIST],
        is_person=is_person,
        status=status or None,
        state=_STATES.get(status, State.UNKNOWN),
        licences=tuple(_licence(one) for one in _mappings(result.get("taxonomies")))[:MAX_LIST],
        as_of=_day(basic.get("last_updated")),
    )


def _name(part: Mapping[str, Any], is_person: bool) -> str:
    if not is_person:
        return shown(part.get("organization_name"))
    return " ".join(filter(None, (shown(part.get(f"{which}_name")) for which in ("first", "middle", "last"))))


def _licence(taxonomy: Mapping[str, Any]) -> Licence:
    return Licence(
        what=shown(taxonomy.get("desc")) or shown(taxonomy.get("code")),
        number=shown(taxonomy.get("license")) or None,
        of=shown(taxonomy.get("state")) or None,
        is_primary=taxonomy.get("primary") is True,
    )


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
