"""A person's verified qualifications as a FHIR R4 Practitioner (http://hl7.org/fhir/R4/practitioner.html).

Plain dictionaries in FHIR's JSON form; docs/fhir.md says what each element means and names our code systems and
extensions. Nothing of it says more than a reviewer has decided: `period` ends where our word ends, so that a reader
who does not know the extension for the status takes nothing for valid that has expired or was revoked.
"""

import csv
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from chalicelib.credentials.authorities import DATA
from chalicelib.credentials.claims import REGISTERED, Claim
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.model import Credential, Status
from chalicelib.credentials.numbers import misfit
from chalicelib.people.model import Person

MEDIA_TYPE = "application/fhir+json"

_BASE = "https://crossward.org/fhir"
KINDS = f"{_BASE}/CodeSystem/credential-kind"
"""The code system of `Kind`. HL7's table 0360, which R4 gives as an example, has degrees and professions (MD, RN): it
tells no licence from a certificate of good standing."""
STATUS = f"{_BASE}/StructureDefinition/credential-status"
COUNTRY = f"{_BASE}/StructureDefinition/credential-country"
COUNTRIES = "urn:iso:std:iso:3166"

SHOWN = frozenset({Status.VERIFIED, Status.EXPIRED, Status.REVOKED})
"""What is shown: what a reviewer's word stands on, or stood on. A case that is reviewed again is not, until it is
decided: its wording may have changed since it was verified."""

DISPLAY: Mapping[Kind, str] = {
    Kind.LICENCE: "Licence to practise",
    Kind.REGISTRATION: "Registration",
    Kind.DEGREE: "Degree",
    Kind.BOARD_CERTIFICATION: "Board or specialty certification",
    Kind.FELLOWSHIP: "Fellowship",
    Kind.GOOD_STANDING: "Certificate of good standing",
}


def practitioner(
    person: Person, credentials: Iterable[Credential], now: datetime, installation: str
) -> dict[str, Any]:
    """Return a person as a Practitioner with the qualifications that are shown at `now`, in the order given.

    There is no address in it, not even for the person themselves: the resource is made to be handed on, and the
    address is what one signs in with.

    Parameters
    ----------
    installation
        An URI that is this installation's own, as `identifier_system` takes it.
    """
    name = {
        "text": person.name.strip(),
        "family": person.family_name.strip(),
        "given": [person.given_name.strip()] if person.given_name.strip() else [],
    }
    resource = {
        "resourceType": "Practitioner",
        "id": person.id,
        "name": [{key: value for key, value in name.items() if value}],
        "qualification": [
            _qualification(one, now, installation) for one in credentials if is_shown(one, now)
        ],
    }
    # FHIR has no empty arrays and no empty objects.
    return {key: value for key, value in resource.items() if value not in ([], [{}])}


def is_shown(credential: Credential, now: datetime) -> bool:
    """Tell whether a credential stands in the wording that a reviewer's word was given on. What was revoked in another
    wording is to be given in the one that was verified."""
    decision = credential.decision
    about = decision.revision if decision is not None else None
    return credential.status_at(now) in SHOWN and about in (None, credential.revision)


def _qualification(credential: Credential, now: datetime, installation: str) -> dict[str, Any]:
    claim, status = credential.claim, credential.status_at(now)
    found: dict[str, Any] = {
        "id": credential.id,
        "extension": [
            {"url": STATUS, "valueCode": status.value},
            {"url": COUNTRY, "valueCoding": {"system": COUNTRIES, "code": claim.country}},
        ],
        "code": {
            "coding": [{"system": KINDS, "code": claim.kind.value, "display": DISPLAY[claim.kind]}],
            "text": DISPLAY[claim.kind],
        },
        "period": _period(credential),
        # Named, not referred to: no server has an Organization of ours to be read.
        "issuer": {"type": "Organization", "display": claim.authority},
    }
    if claim.number:
        found["identifier"] = [_identifier(claim, installation)]
    return found


def _period(credential: Credential) -> dict[str, str]:
    """Return from when the document holds, by its day of issue, to the last day for which a reviewer's word stands."""
    start, decision = credential.claim.issued_on, credential.decision
    if decision is None:
        raise ValueError("what is shown was decided")
    end = decision.valid_until or decision.at.date()
    # A document of today's date in Kiritimati may be revoked before that day begins in UTC.
    return {"start": start.isoformat(), "end": max(start, end).isoformat()}


def _identifier(claim: Claim, installation: str) -> dict[str, Any]:
    system = _national_system(claim)
    if system is not None:
        return {"system": system, "value": claim.register_number}
    return {
        "system": identifier_system(claim, installation),
        "value": claim.number,
        "assigner": {"display": claim.authority},
    }


def _national_system(claim: Claim) -> str | None:
    """Return the system under which the number is known beyond here: of the authority's own register alone, and only
    for a number of its form."""
    listed = claim.listed
    if listed is None or claim.kind not in REGISTERED:
        return None
    if listed.number is not None and misfit(claim.number, listed.number) is not None:
        return None
    return systems().get(listed.id)


def identifier_system(claim: Claim, installation: str) -> str:
    """Return a system of this installation for numbers that no sourced one is known for.

    It is a UUID made from the installation and the authority: the same authority has the same one at each read, and
    another installation, which may have got to another spelling or another authority, has another.

    Examples
    --------
    >>> from datetime import date
    >>> claim = Claim(Kind.DEGREE, "University of Nairobi", "7", "A", "KE", date(2020, 1, 1))
    >>> identifier_system(claim, "https://one.example")
    'urn:uuid:94115f6b-f1f2-5f34-8e34-aaa278412154'
    """
    authority = claim.authority_id or f"{claim.country}|{''.join(claim.authority.casefold().split())}"
    register = "register" if claim.kind in REGISTERED else claim.kind.value
    own = uuid.uuid5(uuid.NAMESPACE_URL, installation)
    return uuid.uuid5(own, f"{register}|{authority}").urn


@cache
def systems() -> Mapping[str, str]:
    """Return the identifier systems of authorities, by their ids, from `data/identifier_systems.csv`."""
    with (DATA / "identifier_systems.csv").open(encoding="utf-8", newline="") as source:
        return {row["authority_id"]: row["system"] for row in csv.DictReader(source)}
