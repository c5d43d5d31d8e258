"""Activities of people, their claims, schemes of organisations, and statements.

Rooms above record activities and feedback in their own transactions; none of these looks at who asks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.credits import assessing, model, rules, store, wording
from chalicelib.credits.assessing import Entry, Line, Statement
from chalicelib.credits.errors import ActivityMoved
from chalicelib.credits.feedback.service import SeenFeedback as SeenFeedback
from chalicelib.credits.feedback.service import ask_for_feedback as ask_for_feedback
from chalicelib.credits.feedback.service import feedback_keys as feedback_keys
from chalicelib.credits.feedback.service import give_feedback as give_feedback
from chalicelib.credits.feedback.service import given_feedback_key as given_feedback_key
from chalicelib.credits.feedback.service import read_feedback as read_feedback
from chalicelib.credits.model import Activity, Rule, Scheme, Source
from chalicelib.kernel import delimited
from chalicelib.kernel.call import Call, written
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.kernel.tries import again
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write

_AHEAD = timedelta(hours=14)
"""How far the first clock of the world is ahead of UTC."""
_CSV = (
    "day", "time_zone", "title", "part", "source", "source_id", "educational_seconds", "presented_seconds",
    "non_educational_seconds", "scheme", "credits", "reasons", "rule_from", "note",
)  # fmt: skip


@dataclass(frozen=True)
class RuleDraft:
    """What a coordinator gives of a rule.

    Attributes
    ----------
    scheme_id
        None for a new scheme, which is then called `name`.
    like
        A scheme that the installation knows: what `fields` leaves out is as that one's rule of the day has it.
    fields
        Of `Rule`, by name.
    """

    scheme_id: str | None
    name: str | None
    like: str | None
    valid_from: date
    fields: dict[str, Any]


@dataclass(frozen=True)
class SeenStatement:
    """A statement as its person reads it, with the names of its schemes."""

    statement: Statement
    names: dict[str, str]
    locale: str


# What rooms above write.


def recorded(call: Call, activities: Sequence[Activity]) -> list[Write]:
    """Return the writes of what people took part in or taught: one a source and person.

    Written twice it is the same row, and no write where nothing changed. Where the room above has corrected it, the row
    has what is given now, and its claim stays.
    """
    rows = tables.get_many([store.activity_key(one.person_id, one.source) for one in activities])
    writes = []
    for given, row in zip(activities, rows, strict=True):
        known = store.activity_of(row) if row is not None else None
        changed = replace(given, claim=known.claim, version=known.version) if known else given
        # Who was there for no second took no part; who was corrected to none stays, with nothing to count.
        if changed != known and (known or given.attended):
            writes.append(store.put_activity(changed, call.now))
    return writes


def feedback_given(call: Call, person_id: str, source: Source) -> Write:
    """Return the write that somebody gave feedback on something, before or after it was recorded."""
    return store.put_feedback(person_id, source, call.now)


# What a person reads and claims.


def my_activities(call: Call, page: PageRequest) -> Page[Entry]:
    """Return what the actor took part in or taught, the latest first, with whether its feedback was given."""
    found = store.activities(call.actor_id, page)
    wanted = [by for one in found.items for by in one.feedback_by]
    rows = tables.get_many([store.feedback_key(call.actor_id, by) for by in wanted])
    given = {by: store.given_at(row) for by, row in zip(wanted, rows, strict=True)}
    entries = (Entry(one, _is_given(one, (given[by] for by in one.feedback_by))) for one in found.items)
    return Page(tuple(entries), found.next)


def claim(call: Call, source: Source, scheme_id: str) -> Entry:
    """Count an activity of the actor under a scheme, once and for good; again under the same, it is as it was.

    Raises
    ------
    NotFound
    Invalid
        For a scheme that is not there, or of an organisation that did not hold it.
    CreditClaimed, NoRuleOfDay
    """
    return again(
        lambda: _claim(call, source, scheme_id), ActivityMoved,
        busy="This activity is being changed. Send the request again.",
    )  # fmt: skip


def _claim(call: Call, source: Source, scheme_id: str) -> Entry:
    known = rules.known().get(scheme_id)
    row, *scheme_rows = tables.get_many(
        [store.activity_key(call.actor_id, source), *([] if known else [store.scheme_key(scheme_id)])]
    )
    if row is None:
        raise NotFound
    activity = store.activity_of(row)
    scheme = known or next((store.scheme_of(one) for one in scheme_rows if one is not None), None)
    if scheme is None or not scheme.takes(activity):
        named = ", ".join(rules.known())
        raise Invalid.field("/scheme", f"Give {named}, or a scheme of the organisation that held it.")
    changed = model.claimed(activity, scheme, call.now)
    feedback = _feedback_of(activity)
    if changed == activity:
        return commit(call, [], Entry(activity, feedback))
    writes = [
        store.put_activity(changed, call.now),
        store.claim_audit(
            call.actor_id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action="claim",
            before=f"{source.kind}#{source.id}", after=scheme_id,
        ),
    ]  # fmt: skip
    return commit(call, writes, Entry(written(changed), feedback))


def _feedback_of(activity: Activity) -> bool:
    rows = tables.get_many([store.feedback_key(activity.person_id, one) for one in activity.feedback_by])
    return _is_given(activity, (store.given_at(row) for row in rows))


def year_of(text: str) -> int:
    """Read a year of four digits; raises `NotFound`, as there is no statement of anything else."""
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise NotFound
    return int(text)


def my_statement(call: Call, year: int, scheme_id: str | None) -> SeenStatement:
    """Return what the actor's activities of a year come to, under one scheme or all of them.

    Raises
    ------
    Invalid
        For a scheme that is neither known here nor one under which they have claimed anything.
    """
    lines, names, locale = _assessed(call)
    if scheme_id is not None and scheme_id not in names:
        known = ", ".join(sorted(names))
        raise Invalid.field("/scheme", f"Give one of {known}, or leave it out for all.")
    return SeenStatement(assessing.statement(call.actor_id, year, lines, scheme_id), names, locale)


def my_statements(call: Call) -> tuple[SeenStatement, ...]:
    """Return what the actor's activities come to, year by year."""
    lines, names, locale = _assessed(call)
    years = sorted({one.activity.day.year for one in lines})
    return tuple(
        SeenStatement(assessing.statement(call.actor_id, year, lines), names, locale) for year in years
    )


def statements_table(call: Call) -> str:
    """Return the same as a table for spreadsheets: a line an activity, with what it counts and why not more."""
    return delimited.written(
        _CSV, (_csv_row(line, one) for one in my_statements(call) for line in one.statement.lines)
    )


def _assessed(call: Call) -> tuple[tuple[Line, ...], dict[str, str], str]:
    """Return what all of the actor's activities come to, the names of the schemes, and the actor's locale."""
    # All years: a moment and a talk count once, also where one year ends in another's first session.
    entries = every_entry(call.actor_id)
    known = rules.known()
    wanted = sorted({one.activity.claim.scheme_id for one in entries if one.activity.claim} - set(known))
    person_row, *rows = tables.get_many(
        [people.person_key(call.actor_id), *(store.scheme_key(one) for one in wanted)]
    )
    schemes = {**known, **{one.id: one for one in (store.scheme_of(row) for row in rows if row is not None)}}
    lines = assessing.assess(entries, schemes)
    return lines, {one.id: one.name for one in schemes.values()}, people.locale_of(person_row)


def every_entry(person_id: str) -> tuple[Entry, ...]:
    """Return all that somebody took part in or taught, in the order in which it began, with whether its feedback was
    given."""
    kept = store.kept_of(person_id)
    return tuple(
        Entry(one, _is_given(one, (kept.feedback.get(by) for by in one.feedback_by)))
        for one in sorted(kept.activities, key=lambda activity: activity.order)
    )


def _is_given(activity: Activity, given: Iterable[datetime | None]) -> bool:
    """Tell whether feedback counts for an activity: what was said of a whole series before a session is none on it."""
    return any(at is not None and at >= activity.starts_at for at in given)


def _csv_row(line: Line, seen: SeenStatement) -> list[str | int]:
    activity, rule = line.activity, line.rule
    scheme_id = activity.claim.scheme_id if activity.claim else ""
    return [
        activity.day.isoformat(), activity.time_zone, activity.title, activity.part.value, activity.source.kind,
        activity.source.id, activity.educational_seconds, activity.presented_seconds,
        activity.non_educational_seconds, seen.names.get(scheme_id, scheme_id), _decimal(line.hundredths),
        " ".join(line.reasons), rule.valid_from.isoformat() if rule else "", wording.notice(seen.locale),
    ]  # fmt: skip


def _decimal(hundredths: int) -> str:
    """Write hundredths of a credit as a decimal number."""
    return f"{hundredths // 100}.{hundredths % 100:02}"


# Schemes.


def known_schemes() -> tuple[Scheme, ...]:
    """Return the schemes that the installation knows itself."""
    return tuple(rules.known().values())


def schemes_of(organisation_id: str, page: PageRequest) -> Page[Scheme]:
    """Return the schemes of an organisation, for whoever took part in what it held."""
    return store.schemes_of(organisation_id, page)


def add_rule(call: Call, organisation_id: str, draft: RuleDraft) -> Scheme:
    """Write a scheme of an organisation, or a further rule of it (its coordinators).

    Raises
    ------
    NotFound, RuleNotAhead, SchemeMoved
    Invalid
        For too many rules, or a scheme to be like that has no rule on that day.
    """
    keys = [store.scheme_key(draft.scheme_id)] if draft.scheme_id else []
    _, rows = organisations.coordinated(call, organisation_id, *keys)
    scheme = Scheme(call.new_id(), draft.name or "", (), organisation_id)
    for row in rows:
        if row is None or row.organisation_id != organisation_id:
            raise NotFound
        scheme = store.scheme_of(row)
    if len(scheme.rules) >= model.MOST_RULES:
        raise Invalid(f"A scheme takes {model.MOST_RULES} rules. Write another one.")
    base = rules.known()[draft.like].rule_of(draft.valid_from) if draft.like else Rule(draft.valid_from)
    if base is None:
        raise Invalid.field("/like", "It has no rule on the day from which yours is to hold.")
    own = {"valid_from": draft.valid_from, "valid_to": None, "source": "", "read_on": None}
    rule = replace(base, **{**own, **draft.fields})
    changed = model.with_rule(scheme, rule, (call.now + _AHEAD).date())
    writes = [
        store.put_scheme(changed, call.now),
        store.scheme_audit(
            scheme.id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action="add_rule",
            after=rule.valid_from.isoformat(),
        ),
    ]  # fmt: skip
    return commit(call, writes, written(changed))
