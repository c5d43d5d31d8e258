"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.credentials import export_examples as exports
from chalicelib.credentials.evidence import examples as evidence
from chalicelib.credentials.registries import examples as registries
from chalicelib.organisations.examples import ORGANISATION, ORGANISATION_NAME
from chalicelib.people.examples import CLAIRE, NADIA

_CREDENTIAL = "01M4ZTNJM01QX40DC05VFRS2A1"
_CLAIM: dict[str, Any] = {
    "kind": "licence",
    "authority_id": "ca-qc-cmq",
    "authority": "Collège des médecins du Québec",
    "number": "CMQ-19284",
    "name_on_document": "Claire M. Tremblay",
    "country": "CA",
    "issued_on": "2009-07-01",
    "expires_on": "2027-06-30",
    "organisation_id": ORGANISATION,
}
_SUBMITTED: dict[str, Any] = {
    "id": _CREDENTIAL,
    **_CLAIM,
    "authority_hint": None,
    "status": "submitted",
    "revision": 1,
    "submitted_at": "2026-10-15T13:05:20.000000Z",
    "decided_at": None,
    "valid_until": None,
    "counts": None,
    "reason": None,
    "reason_text": None,
    "missing": [],
    "missing_text": None,
}
_VERIFIED: dict[str, Any] = {
    **_SUBMITTED,
    "status": "verified",
    "decided_at": "2026-10-17T09:30:00.000000Z",
    "valid_until": "2027-06-30",
    "counts": {"revision": 1, "until": "2027-07-01T02:30:00.000000Z"},
}
BADGE: dict[str, Any] = {
    "kind": "licence",
    "authority": "Collège des médecins du Québec",
    "country": "CA",
    "organisation_id": ORGANISATION,
    "organisation": ORGANISATION_NAME,
    "verified_at": "2026-10-17T09:30:00.000000Z",
    "until": "2027-07-01T02:30:00.000000Z",
    "profession": "2212",
    "meaning": "Licence to practise: Canada (CA-QC, Specialist medical practitioners). "
    "Not a licence to practise: Kenya.",
}
_ASSESSMENT: dict[str, Any] = {
    "register_number": "CMQ19284",
    "register_url": None,
    "remarks": [],
    "standing": {
        "country": "CA",
        "worth": "licensed",
        "text": "Licence to practise, issued by Collège des médecins du Québec (Canada, of CA-QC only).",
        "text_fr": "Autorisation d’exercer, délivrée par Collège des médecins du Québec (Canada, pour CA-QC "
        "seulement).",
    },
    "recognised": [],
    "elsewhere": "In every other country: not a licence to practise.",
    "elsewhere_fr": "Dans tout autre pays\u00a0: ne vaut pas autorisation d’exercer.",
}
_ELSEWHERE: dict[str, Any] = {
    "code": "number_claimed_elsewhere",
    "text": "Another person claims the same number of this authority, in a case that you may not open. Ask the "
    "authority whose number it is.",
    "text_fr": "Une autre personne revendique le même numéro de cette autorité, dans un dossier que vous ne pouvez "
    "pas ouvrir. Demandez à l’autorité à qui est ce numéro.",
    "comparison": None,
    "claims": [],
}
_BY: dict[str, Any] = {
    "person_id": CLAIRE,
    "person_name": "Claire Tremblay",
    "profession": "2212",
    "assessment": _ASSESSMENT,
}
_AUTHORITY: dict[str, Any] = {
    "id": "gb-nmc",
    "name": "Nursing and Midwifery Council",
    "short_name": "NMC",
    "country": "GB",
    "subdivision": None,
    "professions": ["2221", "2222", "3221"],
    "kinds": ["registration"],
    "licenses": True,
    "register_url": "https://www.nmc.org.uk/registration/search-the-register/",
    "number": {
        "label": "An NMC PIN",
        "description": "2 digits, a letter, 4 digits and a letter",
        "example": "99Z9999Z",
        "check_digit": False,
        "confirmed": True,
    },
    "sources": [
        "http://www.nmc-uk.org/Employers-and-managers/Your-responsibilities/Checking-our-register/",
        "https://interop-nwengland.github.io/LTW-Genomics/StructureDefinition-EnglandPractitionerIdentifier.html",
    ],
    "read_on": "2026-11-22",
}
# Asked for on 16 October at 13:05:20, a day after it was submitted.
_TIMES: dict[str, Any] = {
    "due_at": "2026-10-29T13:05:20.000000Z",
    "stage": "first",
    "recheck_months": 24,
    "checklist": [
        {
            "code": "in_register",
            "asks": "Did you find this number and name in the authority's own register, or ask the authority?",
            "may_not_apply": False,
            "source": "",
        },
    ],
}
_FREE: dict[str, Any] = {
    **_SUBMITTED,
    **_BY,
    "decided_by": None,
    "waiting_seconds": 86_400,
    "claim": None,
    **_TIMES,
}
_HELD: dict[str, Any] = {
    **_FREE,
    "status": "in_review",
    "claim": {"by": NADIA, "until": "2026-10-16T13:35:20.000000Z"},
}
_CASE: dict[str, Any] = {
    **_HELD,
    "assessment": {**_ASSESSMENT, "remarks": [_ELSEWHERE]},
    "evidence": evidence.CASE_FILES,
    "checks": registries.ANSWERS["list_checks"]["items"],
}
_DECIDED: dict[str, Any] = {
    **_VERIFIED,
    **_BY,
    "decided_by": NADIA,
    "waiting_seconds": None,
    "claim": None,
    **_TIMES,
    "stage": None,
}
_QUEUED = (
    "id", "kind", "authority", "country", "organisation_id", "person_id", "person_name", "profession", "status",
    "submitted_at", "waiting_seconds", "due_at", "stage", "claim",
)  # fmt: skip
_WANTED: dict[str, Any] = {
    "missing": ["dates", "evidence"],
    "text": "The register shows a renewal in 2024. Please give its dates.",
}
_MORE: dict[str, Any] = {
    **_SUBMITTED,
    "status": "more_wanted",
    "missing": _WANTED["missing"],
    "missing_text": _WANTED["text"],
}
_REVOCATION: dict[str, Any] = {
    "reason": "withdrawn_by_authority",
    "text": "The Collège has taken the licence back on 12 October.",
}
_ROW: dict[str, Any] = {
    "seq": 1,
    "at": "2026-10-15T13:05:20.000000Z",
    "by": "owner",
    "action": "submit",
    "before": None,
    "after": "submitted",
    "previous": "0" * 64,
    "hash": "9c1f0f3ab7d1c0f6e6f8ad9f2e5a4b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6",
}
_REJECTION: dict[str, Any] = {
    "reason": "name_differs",
    "text": "The register has another second name. Please submit it as the register shows it.",
}

_EARLIER: dict[str, Any] = {
    **{key: value for key, value in _CLAIM.items() if key != "organisation_id"},
    "revision": 1,
    "authority_id": None,
    "number": "CMQ-19248",
    "person_name": "Claire Tremblay",
    "profession": "2212",
    "replaced_at": "2026-10-15T15:20:00.000000Z",
    "differences": [],
}
_PRESENT: dict[str, Any] = {
    **_EARLIER,
    "revision": 2,
    "number": _CLAIM["number"],
    "replaced_at": None,
    "differences": [{"field": "number", "before": "CMQ-19248", "after": _CLAIM["number"]}],
}
_POLICY: dict[str, Any] = {
    "two_persons": "by_country",
    "countries": ["CA"],
    "target_days": 14,
    "target_days_by_country": {"KE": 10},
    "recheck_months": {"licence": 24},
    "needs_evidence": ["degree", "licence"],
    "evidence_days": 90,
}
_BATCH: dict[str, Any] = {
    "id": "01M4ZTNJM01QX40DC05VFRS2B7",
    "kind": "review_again",
    "status": "running",
    "created_at": "2026-10-15T13:05:20.000000Z",
    "created_by": NADIA,
    "finished_at": None,
    "moved": 48,
    "left_alone": 2,
}
_PRACTITIONER: dict[str, Any] = {
    "resourceType": "Practitioner",
    "id": CLAIRE,
    "name": [{"text": "Claire Tremblay", "family": "Tremblay", "given": ["Claire"]}],
    "qualification": [
        {
            "id": _CREDENTIAL,
            "extension": [
                {
                    "url": "https://crossward.org/fhir/StructureDefinition/credential-status",
                    "valueCode": "verified",
                },
                {
                    "url": "https://crossward.org/fhir/StructureDefinition/credential-country",
                    "valueCoding": {"system": "urn:iso:std:iso:3166", "code": "CA"},
                },
            ],
            "code": {
                "coding": [
                    {
                        "system": "https://crossward.org/fhir/CodeSystem/credential-kind",
                        "code": "licence",
                        "display": "Licence to practise",
                    }
                ],
                "text": "Licence to practise",
            },
            "period": {"start": "2009-07-01", "end": "2027-06-30"},
            "issuer": {"type": "Organization", "display": "Collège des médecins du Québec"},
            "identifier": [
                {
                    "system": "urn:uuid:b3b46878-15ee-57f6-b9b9-88c355558dfa",
                    "value": "CMQ-19284",
                    "assigner": {"display": "Collège des médecins du Québec"},
                }
            ],
        }
    ],
}
PARAMETERS: dict[str, Any] = {
    "credential_id": _CREDENTIAL,
    "person_id": CLAIRE,
    "status": "submitted",
    "organisation_id": ORGANISATION,
    "country": "GB",
    "profession": "2221",
    "kind": "registration",
    "authority": "gb-nmc",
    "waiting_over": 48,
    "batch_id": _BATCH["id"],
    **evidence.PARAMETERS,
    **exports.PARAMETERS,
    **registries.PARAMETERS,
}
BODIES: dict[str, Any] = {
    "submit_credential": {**_CLAIM, "draft": False},
    "claim_next": {"organisation_id": ORGANISATION, "country": "CA", "profession": "2212"},
    "edit_credential": {key: value for key, value in _CLAIM.items() if key != "organisation_id"},
    "verify_credential": {"valid_until": "2027-06-30", "checklist": {"in_register": "yes"}, "revision": 1},
    "note_on_case": {"text": "Asked the Collège by telephone; they call back on Monday."},
    "change_policy": _POLICY,
    "review_again": {
        "reason": "The Collège tells of a breach of its register on 12 October.",
        "country": "CA",
        "authority": _CLAIM["authority"],
        "suspends": False,
    },
    "reassign": {"reason": "On leave from today.", "from_person": NADIA},
    "reject_credential": _REJECTION,
    "want_more": _WANTED,
    "revoke_credential": _REVOCATION,
    **evidence.BODIES,
    **exports.BODIES,
    **registries.BODIES,
}
ANSWERS: dict[str, Any] = {
    "read_practitioner": _PRACTITIONER,
    "list_authorities": {"items": [_AUTHORITY]},
    "submit_credential": _SUBMITTED,
    "list_my_credentials": [_VERIFIED],
    "read_my_credential": _VERIFIED,
    "edit_credential": {**_MORE, "revision": 2},
    "submit_again": {
        **_MORE,
        "revision": 2,
        "status": "submitted",
    },
    "read_my_trail": [_ROW],
    "count_review_queue": {
        "submitted": 12,
        "more_wanted": 3,
        "verified": 240,
        "rejected": 9,
        "revoked": 1,
        "withdrawn": 4,
        "longest_waiting_seconds": 518_400,
        "median_waiting_days": 2,
    },
    "list_claims": [{key: _HELD[key] for key in _QUEUED}],
    "claim_next": _CASE,
    "list_review_queue": [{key: _FREE[key] for key in _QUEUED}],
    "read_credential": _CASE,
    "read_trail": [{**_ROW, "actor": CLAIRE, "detail": {"revision": "1", "wording": _ROW["hash"]}}],
    "claim_case": _CASE,
    "note_on_case": _HELD,
    "list_records": [
        {
            "seq": 4,
            "kind": "note",
            "by": NADIA,
            "at": "2026-10-16T13:10:00.000000Z",
            "revision": None,
            "verdict": None,
            "text": "Asked the Collège by telephone; they call back on Monday.",
            "reason": None,
            "missing": [],
            "valid_until": None,
            "checklist": {},
        },
    ],
    "list_revisions": {"items": [_EARLIER, _PRESENT]},
    "read_policy": _POLICY,
    "change_policy": _POLICY,
    "review_again": _BATCH,
    "reassign": {**_BATCH, "kind": "reassign"},
    "read_batch": _BATCH,
    "list_overdue": [{key: _FREE[key] for key in _QUEUED}],
    "verify_credential": _DECIDED,
    "reject_credential": {
        **_DECIDED,
        "status": "rejected",
        "valid_until": None,
        "counts": None,
        "reason": _REJECTION["reason"],
        "reason_text": _REJECTION["text"],
    },
    "want_more": {**_FREE, **_MORE, "waiting_seconds": None},
    "revoke_credential": {
        **_DECIDED,
        "status": "revoked",
        "valid_until": None,
        "counts": None,
        "reason": _REVOCATION["reason"],
        "reason_text": _REVOCATION["text"],
    },
    **evidence.ANSWERS,
    **exports.ANSWERS,
    **registries.ANSWERS,
}
REFUSALS: dict[str, str] = {
    "credential-already-submitted": (
        "This kind, authority and number waits for its review already. Correct that one."
    ),
    "too-many-open-credentials": (
        "At most 10 credentials may wait for their review at a time. Withdraw one, or wait for a decision."
    ),
    "credential-already-decided": "It is verified, which this cannot change.",
    "credential-state": "Its state is “more wanted”, and “verify” is for what is “in review”.",
    "credential-expired": "The document expired while it waited: reject it as not current.",
    **evidence.REFUSALS,
    **exports.REFUSALS,
    **registries.REFUSALS,
}
