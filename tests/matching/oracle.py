"""The rules once more, as a plain reading of their words: one pair at a time, one minute at a time, no numpy."""

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from chalicelib.matching.model import Reason
from chalicelib.people import codes
from chalicelib.people.model import CARRIED, WEEKDAYS

CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")
WEEK = timedelta(days=7)


def mondays(taken_at, weeks):
    day = datetime(taken_at.year, taken_at.month, taken_at.day, tzinfo=UTC) + timedelta(days=1)
    while day.weekday() != 0:
        day += timedelta(days=1)
    return [day + n * WEEK for n in range(weeks)]


@cache
def zone_of(name):
    """The packaged zone: the machine's own file may be of another release (Morocco's is, where this was written)."""
    with (files("tzdata") / "zoneinfo" / name).open("rb") as source:
        return ZoneInfo.from_file(source)


@cache
def wall_clock(zone, start):
    """Return weekday and minute of the day that the zone's clock shows at each of a week's 10,080 minutes."""
    local = ((start + timedelta(minutes=n)).astimezone(zone_of(zone)) for n in range(7 * 24 * 60))
    return [(WEEKDAYS[at.weekday()], at.hour * 60 + at.minute) for at in local]


@cache
def free_minutes(zone, availability, start):
    days = {}
    for window in availability:
        days.setdefault(window.weekday, set()).update(range(window.start, window.end))
    nothing = set()
    return frozenset(
        n for n, (day, minute) in enumerate(wall_clock(zone, start)) if minute in days.get(day, nothing)
    )


def common_minutes(one, other, start):
    return free_minutes(one.time_zone, one.availability, start) & free_minutes(
        other.time_zone, other.availability, start
    )


def longest_stretch(minutes):
    longest = current = 0
    before = None
    for minute in sorted(minutes):
        current = current + 1 if before == minute - 1 else 1
        longest, before = max(longest, current), minute
    return longest


def least_common_minutes(one, other, taken_at, weeks=12):
    return min(len(common_minutes(one, other, start)) for start in mondays(taken_at, weeks))


def enough_time(one, other, taken_at, settings):
    return all(
        len(common) >= settings.min_overlap_minutes
        and longest_stretch(common) >= settings.min_stretch_minutes
        for start in mondays(taken_at, settings.weeks)
        for common in [common_minutes(one, other, start)]
    )


def spoken(profile, floor):
    """Languages without script or region, where the best level is at least the floor."""
    return {
        skill.language.split("-")[0]
        for skill in profile.languages
        if CEFR.index(skill.level) >= CEFR.index(floor)
    }


def talks(profile, floor):
    """Languages that somebody can talk in: their own, and close ones at a level that is lower by how far they are."""
    found = spoken(profile, floor)
    for skill in profile.languages:
        for other, distance in codes.close_languages(skill.language.split("-")[0]).items():
            lost = 0 if distance <= 4 else 1 if distance <= 10 else 2
            if CEFR.index(skill.level) - lost >= CEFR.index(floor):
                found.add(other)
    return found


def usable(profile):
    offered = set(profile.channels)
    return offered & CARRIED[profile.connection] if profile.connection else offered


def is_open_mentee(entry):
    return entry.enrolled and entry.active and entry.places_left > 0 and is_complete(entry.profile)


def is_open_mentor(entry, now):
    verified = entry.verified_until is not None and entry.verified_until > now
    return (
        entry.enrolled
        and entry.active
        and verified
        and entry.capacity_left > 0
        and is_complete(entry.profile)
    )


def is_complete(profile):
    return all(
        (profile.profession, profile.country, profile.languages, profile.time_zone, profile.availability,
         profile.channels)
    )  # fmt: skip


def public_rules(mentee, mentor, snapshot):
    """Return of each public rule whether a pair passes it."""
    one, other = mentee.profile, mentor.profile
    floor, off = snapshot.settings.language_floor, snapshot.settings.rules_off
    return {
        Reason.NO_SHARED_LANGUAGE: "language" in off or bool(talks(one, floor) & talks(other, floor)),
        Reason.NOT_ENOUGH_COMMON_TIME: "time" in off
        or enough_time(one, other, snapshot.taken_at, snapshot.settings),
        Reason.NO_SHARED_CHANNEL: "channel" in off or bool(usable(one) & usable(other)),
    }


def public_fit(mentee, mentor, snapshot):
    return all(public_rules(mentee, mentor, snapshot).values())


def private_fit(mentee, mentor, settings):
    one, other = mentee.profile, mentor.profile
    if any((p.mentee_id, p.mentor_id) == (mentee.person_id, mentor.person_id) for p in settings.forbidden):
        return False
    return accept_each_other(mentee, mentor) and wished_for(one, other, settings.rules_off)


def accept_each_other(mentee, mentor):
    if mentee.person_id == mentor.person_id:
        return False
    if mentor.person_id in mentee.blocked | mentee.declined:
        return False
    return mentee.person_id not in mentor.blocked | mentor.declined


def wished_for(one, other, off):
    for wisher, partner in ((one, other), (other, one)):
        if "binding_wishes" not in off:
            if unwanted(wisher, partner, wisher.negative_wishes):
                return False
            gender = partner.gender if partner.sensitive_consent else None
            wish = wisher.preferences
            if wish.genders and wish.genders_required and gender not in wish.genders:
                return False
        required = wisher.preferences.cross_border == "required"
        if "abroad" not in off and required and one.country == other.country:
            return False
    return True


def unwanted(wisher, partner, wishes):
    if partner.country in wishes.countries:
        return True
    if not partner.employer:
        return False
    own = wisher.employer.lower() if wishes.own_employer and wisher.employer else None
    return partner.employer.lower() in (*wishes.employers, own)


def admissible(snapshot):
    """Return the ids of all admissible pairs."""
    return {
        (mentee.person_id, mentor.person_id)
        for mentee in snapshot.mentees
        for mentor in snapshot.mentors
        if is_open_mentee(mentee)
        and is_open_mentor(mentor, snapshot.taken_at)
        and private_fit(mentee, mentor, snapshot.settings)
        and public_fit(mentee, mentor, snapshot)
    }
