"""What counts in a programme, as it is kept, and how far its mentors were looked at under it."""

import json
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.credentials.counting import Place, Requirement, Rule, WhatCounts
from chalicelib.credentials.kinds import Kind
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.errors import RecountMoved
from chalicelib.programmes.model import Recount

_VOUCHED = '{"vouched":true}'


class RecountRow(tables.Row):
    """How far a programme has got with looking at its mentors under what counts now."""

    class Meta:
        capability = "programmes"

    programme_version = NumberAttribute()
    changed_by = UnicodeAttribute()
    changed_at = UnicodeAttribute()
    position = UnicodeAttribute(null=True)
    mentors = NumberAttribute()
    counting = NumberAttribute()
    finished_at = UnicodeAttribute(null=True)


def recount_key(programme_id: str) -> tuple[type[RecountRow], str, str]:
    """Return the key of how far what counts was applied for `tables.get_many`."""
    return RecountRow, f"PROGRAMME#{programme_id}", "RECOUNT"


def recount_of(row: RecountRow) -> Recount:
    return Recount(
        row.pk.removeprefix("PROGRAMME#"), int(row.programme_version), row.changed_by,
        from_text(row.changed_at), row.position, int(row.mentors), int(row.counting),
        instant_of(row.finished_at), int(row.version),
    )  # fmt: skip


def begin_recount(recount: Recount, now: datetime) -> Write:
    """Return the write of a new one, over whatever stands there: the programme's own version lets one through."""
    return tables.put_entry(_row(recount, now))


def put_recount(recount: Recount, now: datetime) -> Write:
    """Return the write of how far it has come, while it is the one of the rules in force."""
    same: Any = RecountRow.programme_version == recount.programme_version
    return tables.put(_row(recount, now), condition=same, conflict=RecountMoved("Read it again."))


def _row(recount: Recount, now: datetime) -> RecountRow:
    row_class, pk, sk = recount_key(recount.programme_id)
    return row_class(
        pk, sk, programme_version=recount.programme_version, changed_by=recount.changed_by,
        changed_at=to_text(recount.changed_at), position=recount.position, mentors=recount.mentors,
        counting=recount.counting, finished_at=text_of(recount.finished_at),
        **tables.stamps(to_text(now), to_text(recount.changed_at), recount.version),
    )  # fmt: skip


def what_counts_text(rules: WhatCounts | None) -> str | None:
    """Write what counts in one way for each rule, so that two texts that differ are two rules."""
    if rules is None:
        return None
    if rules.vouched:
        return _VOUCHED
    told = [
        {
            "professions": sorted(rule.professions),
            "requirements": [
                {
                    "kinds": sorted(need.kinds), "place": need.place.value,
                    "right_to_practise": need.right_to_practise,
                }
                for need in rule.requirements
            ],
        }
        for rule in rules.rules
    ]  # fmt: skip
    return json.dumps(told, separators=(",", ":"))


def what_counts_of(text: str) -> WhatCounts:
    if text == _VOUCHED:
        return WhatCounts((), vouched=True)
    return WhatCounts(
        tuple(
            Rule(
                tuple(
                    Requirement(
                        frozenset(Kind(kind) for kind in need["kinds"]), Place(need["place"]), need["right_to_practise"]
                    )
                    for need in rule["requirements"]
                ),
                frozenset(rule["professions"]),
            )
            for rule in json.loads(text)
        )
    )  # fmt: skip
