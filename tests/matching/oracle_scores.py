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


def needs(profile):
    return profile.topics_sought, profile.specialties, profile.wants_to_grow


def gifts(profile):
    return profile.topics_offered, profile.specialties, profile.strengths


def topics(sought, offered):
    near = {slug for theirs in offered[1] for slug in related_specialties(theirs)}
    specialties = [HALF * (s in offered[1]) + HALF * (s in near) for s in sought[1]]
    parts = [
        (50, sought[0], tag_share(sought[0], offered[0])),
        (35, sought[1], sum(specialties, Fraction()) / max(1, len(specialties))),
        (15, sought[2], tag_share(sought[2], offered[2])),
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
    reached = [n for n, level in enumerate(steps) if oracle.talks(one, level) & oracle.talks(other, level)]
    best = max(reached, default=0)
    level = Fraction(best, len(steps) - 1) if len(steps) > 1 else Fraction(1)
    return Fraction(3, 5) * level + Fraction(2, 5) * Fraction(min(max(shared - 1, 0), 2), 2)


def overlap(one, other, snapshot):
    settings = snapshot.settings
    least = oracle.least_common_minutes(one, other, snapshot.taken_at, settings.weeks)
    return min(Fraction(1), max(Fraction(0), Fraction(least - settings.min_overlap_minutes, 180)))


def wishes(one, other, say):
    views = []
    for wisher, partner in ((one, other), (other, one)):
        stated = met = 0
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
            (avoids(wisher), not oracle.unwanted(wisher, partner, wisher.negative_wishes.if_possible)),
        ):
            stated += bool(said)
            met += bool(said and fulfilled)
        views.append(Fraction(met, stated) if stated else HALF)
    known = one.country == other.country or one.country in other.country_experience
    return Fraction(2, 5) * known + Fraction(3, 5) * joint(*views, say)


def avoids(profile):
    wishes = profile.negative_wishes.if_possible
    return wishes.countries or wishes.employers or (wishes.own_employer and profile.employer)


def cross_border(one, other, say):
    if one.country != other.country:
        return Fraction(1)
    return joint(*(HALF * (p.preferences.cross_border == "no_preference") for p in (one, other)), say)


def joint(mentee, mentor, say):
    return (1 - say) * mentee + say * mentor


def waiting(entry, snapshot):
    waited = snapshot.taken_at - entry.waiting_since
    share = Fraction(waited.days * 86400 + waited.seconds, snapshot.settings.waiting_days * 86400)
    return min(Fraction(1), max(Fraction(0), share))


def values(mentee, mentor, snapshot):
    """Return each criterion's value from 0 to 1, all but the goals text's."""
    one, other = mentee.profile, mentor.profile
    say = Fraction(snapshot.settings.mentor_say, 1_000_000)

    def both(share, mine, theirs):
        return joint(share(mine, theirs), share(theirs, mine), say)

    return {
        "topics": both(topics, needs(one), gifts(other)),
        "research": both(tag_share, one.research_interests, other.research_interests),
        "career": career(one, other),
        "languages": languages(one, other, snapshot.settings.language_floor),
        "overlap": overlap(one, other, snapshot),
        "values": both(tag_share, one.values, other.values),
        "wishes": wishes(one, other, say),
        "cross_border": cross_border(one, other, say),
        "waiting": waiting(mentee, snapshot),
    }
