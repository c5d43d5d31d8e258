"""The criteria once more, as docs/matching.md words them: one pair at a time, in fractions."""

from fractions import Fraction

from chalicelib.matching.engine.criteria import related_specialties, tag_words
from chalicelib.people import codes
from tests.matching import oracle

STAGES = {"student": 0, "early": 1, "mid": 2, "senior": 3, "retired": 3}
FIT = {0: Fraction(2, 5), 1: Fraction(1), 2: Fraction(1), 3: Fraction(4, 5)}
HALF = Fraction(1, 2)


def tag_share(tags, offered):
    """Mean over the sought tags: half for the tag itself, half for the part of its words that is offered."""
    words = {word for tag in offered for word in tag_words(tag)}
    shares = []
    for tag in tags:
        own = tag_words(tag)
        of_words = Fraction(sum(word in words for word in own), len(own)) if own else None
        same = Fraction(tag in offered)
        shares.append(same if of_words is None else HALF * same + HALF * of_words)
    return sum(shares, Fraction()) / len(tags) if tags else Fraction()


def topics(one, other):
    near = {slug for theirs in other.specialties for slug in related_specialties(theirs)}
    specialties = [HALF * (s in other.specialties) + HALF * (s in near) for s in one.specialties]
    parts = [
        (50, one.topics_sought, tag_share(one.topics_sought, other.topics_offered)),
        (35, one.specialties, sum(specialties, Fraction()) / max(1, len(specialties))),
        (15, one.wants_to_grow, tag_share(one.wants_to_grow, other.strengths)),
    ]
    whole = sum(share for share, stated, _ in parts if stated)
    return (
        sum(Fraction(share, whole) * value for share, stated, value in parts if stated)
        if whole
        else Fraction()
    )


def profession(profile):
    return profile.intended_profession if profile.profession == "student" else profile.profession


def career(one, other):
    a, b = profession(one), profession(other)
    known = [codes.profession(code) if code else None for code in (a, b)]
    if a and a == b:
        same = Fraction(1)
    elif all(known) and known[0].group == known[1].group:
        same = Fraction(3, 5)
    else:
        same = Fraction(1, 5)
    stages = ["student" if p.profession == "student" else p.career_stage for p in (one, other)]
    if all(stages):
        ahead = STAGES[stages[1]] - STAGES[stages[0]]
        fit = FIT[ahead] if ahead >= 0 else Fraction()
    else:
        fit = HALF
    return (same + fit) / 2


def languages(one, other, floor):
    steps = oracle.CEFR[oracle.CEFR.index(floor) :]
    shared = len(oracle.spoken(one, floor) & oracle.spoken(other, floor))
    best = max(n for n, level in enumerate(steps) if oracle.spoken(one, level) & oracle.spoken(other, level))
    level = Fraction(best, len(steps) - 1) if len(steps) > 1 else Fraction(1)
    return Fraction(3, 5) * level + Fraction(2, 5) * Fraction(min(shared - 1, 2), 2)


def overlap(one, other, snapshot):
    settings = snapshot.settings
    least = oracle.least_common_minutes(one, other, snapshot.taken_at, settings.weeks)
    return min(Fraction(1), Fraction(least - settings.min_overlap_minutes, 180))


def wishes(one, other):
    stated = met = 0
    for wisher, partner in ((one, other), (other, one)):
        lived = {partner.country, *partner.country_experience}
        gender = partner.gender if partner.sensitive_consent else None
        stage = "student" if partner.profession == "student" else partner.career_stage
        wish = wisher.preferences
        for said, fulfilled in (
            (wisher.countries_of_interest, bool(lived & set(wisher.countries_of_interest))),
            (wish.countries, partner.country in wish.countries),
            (wish.genders, gender in wish.genders),
            (wish.career_stages, stage in wish.career_stages),
            (wish.same_profession, profession(wisher) == profession(partner)),
        ):
            stated += bool(said)
            met += bool(said and fulfilled)
    known = one.country == other.country or one.country in other.country_experience
    share = Fraction(met, stated) if stated else HALF
    return Fraction(2, 5) * known + Fraction(3, 5) * share


def cross_border(one, other):
    if one.country != other.country:
        return Fraction(1)
    cares = any(p.preferences.cross_border != "no_preference" for p in (one, other))
    return Fraction(0) if cares else HALF


def waiting(entry, snapshot):
    waited = snapshot.taken_at - entry.waiting_since
    share = Fraction(waited.days * 86400 + waited.seconds, snapshot.settings.waiting_days * 86400)
    return min(Fraction(1), max(Fraction(0), share))


def values(mentee, mentor, snapshot):
    """Return each criterion's value from 0 to 1, all but the goals text's."""
    one, other = mentee.profile, mentor.profile
    return {
        "topics": topics(one, other),
        "research": tag_share(one.research_interests, other.research_interests),
        "career": career(one, other),
        "languages": languages(one, other, snapshot.settings.language_floor),
        "overlap": overlap(one, other, snapshot),
        "values": tag_share(one.values, other.values),
        "wishes": wishes(one, other),
        "cross_border": cross_border(one, other),
        "waiting": waiting(mentee, snapshot),
    }
