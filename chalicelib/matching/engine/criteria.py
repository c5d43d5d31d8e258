"""The criteria, each as a value from 0 to one million for every pair of a pool.

Two kinds. A `MatrixCriterion` is a matrix product over a block of mentees and all mentors; its features are whole
numbers small enough for float32 to add exactly, so blocks, threads and machines change nothing. An edge criterion
is read from tables for given pairs. `docs/matching.md` has the formulas and says which numbers are our judgement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine import text
from chalicelib.matching.model import MILLION, share_out
from chalicelib.people import codes
from chalicelib.people.model import Profile, normalised_tag

Values = NDArray[np.int64]
Rows = NDArray[np.intp]

BLOCK: Final = 128
"""Mentees in a block: its arrays for 4,000 mentors stay in the processor's cache."""

# Shares of the criterion "topics" among what the mentee states of the three.
TOPIC_SHARE: Final = 50
SPECIALTY_SHARE: Final = 35
GROWTH_SHARE: Final = 15

# Likeness of goals below the first counts nothing, from the second on everything. Set on texts of our own; of the blind
# set's pairs, 85 % of those with different aims and 6 % of those with one are below the first.
GOALS_FLOOR: Final = text.COSINE_ONE * 15 // 100
GOALS_FULL: Final = text.COSINE_ONE * 60 // 100

_FEATURE_CHUNK: Final = 1024
_PAIR_CHUNK: Final = 4096
_TAG_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_FIELD_WORD: Final = re.compile(r"[a-z]{4,}")
# Words of specialties' names that say nothing of the field.
_NO_FIELD: Final = frozenset(
    {"medicine", "medical", "nursing", "surgery", "health", "clinical", "therapy", "care"}
)
_STOP_WORDS: Final = frozenset(
    {"and", "the", "for", "with", "des", "les", "aux", "pour", "avec", "las", "los", "del", "para", "com"}
    | {"und", "der", "die"}
)


class MatrixCriterion(Protocol):
    """A criterion that is worked out for a block of mentees with all mentors at once."""

    def block(self, rows: Rows) -> NDArray[np.float32]:
        """Return float32[B, M]: whole numbers, which `scaled` turns into millionths."""
        ...

    def of_pairs(self, mentee: Rows, mentor: Rows) -> NDArray[np.float32]:
        """Return float32[E]: what `block` gives for some pairs, where they are few of all."""
        ...

    def scaled(self, raw: NDArray[np.float32]) -> Values:
        """Return int64[E] in millionths of what `block` or `of_pairs` gave for some pairs."""
        ...


@dataclass(frozen=True)
class Search:
    """What one side looks for and the other has, person by person.

    Attributes
    ----------
    sought
        Of each who looks: weight by feature, whole numbers.
    offered
        Of each who is looked at: the features they have.
    """

    sought: Sequence[Mapping[str, int]]
    offered: Sequence[Iterable[str]]


class Coverage:
    """How much of what each side looks for the other has, as weights over named features.

    Parameters
    ----------
    mentees
        Mentees look at mentors.
    mentors
        Mentors look at mentees. The weights of any pair's two people add up to at most one million.
    """

    def __init__(self, mentees: Search, mentors: Search) -> None:
        left = [
            _apart(">", sought) | _apart("<", dict.fromkeys(offered, 1))
            for sought, offered in zip(mentees.sought, mentors.offered, strict=True)
        ]
        right = [
            _apart(">", dict.fromkeys(offered, 1)) | _apart("<", sought)
            for sought, offered in zip(mentors.sought, mentees.offered, strict=True)
        ]
        holders: dict[str, list[tuple[int, int]]] = {}
        for mentor, one in enumerate(right):
            for name, weight in one.items():
                holders.setdefault(name, []).append((mentor, weight))
        common = sorted({name for one in left for name in one} & holders.keys())
        index = {name: n for n, name in enumerate(common)}
        self._n_mentors = len(right)
        self._holder_start, self._holders, self._holder_weight = _ragged([holders[name] for name in common])
        self._start, self._feature, self._weight = _ragged(
            [sorted((index[name], weight) for name, weight in one.items() if name in index) for one in left]
        )

    def block(self, rows: Rows) -> NDArray[np.float32]:
        raw = np.zeros((len(rows), self._n_mentors), dtype=np.float32)
        at, owner = _spread(self._start, rows)
        active, column = np.unique(self._feature[at], return_inverse=True)
        for first in range(0, len(active), _FEATURE_CHUNK):
            some = active[first : first + _FEATURE_CHUNK]
            here = (column >= first) & (column < first + len(some))
            sought = np.zeros((len(rows), len(some)), dtype=np.float32)
            sought[owner[here], column[here] - first] = self._weight[at[here]]
            offered = np.zeros((len(some), self._n_mentors), dtype=np.float32)
            holder, feature = _spread(self._holder_start, some)
            offered[feature, self._holders[holder]] = self._holder_weight[holder]
            raw += sought @ offered
        return raw

    def of_pairs(self, mentee: Rows, mentor: Rows) -> NDArray[np.float32]:
        found = np.empty(len(mentee), dtype=np.float32)
        order = np.argsort(mentee, kind="stable")
        rows, first = np.unique(mentee[order], return_index=True)
        starts = [*first.tolist(), len(order)]
        for n in range(0, len(rows), BLOCK):
            block = rows[n : n + BLOCK]
            at = order[starts[n] : starts[min(n + BLOCK, len(rows))]]
            found[at] = self.block(block)[np.searchsorted(block, mentee[at]), mentor[at]]
        return found

    def scaled(self, raw: NDArray[np.float32]) -> Values:
        return raw.astype(np.int64)


def _apart(direction: str, weights: Mapping[str, int]) -> dict[str, int]:
    """Keep what mentees look for and what mentors look for from meeting."""
    return {direction + name: weight for name, weight in weights.items() if weight}


def _ragged(lists: Sequence[Sequence[tuple[int, int]]]) -> tuple[Rows, Rows, NDArray[np.float32]]:
    """Return where each list starts (one entry more than lists), and numbers and weights of all end to end."""
    start = np.zeros(len(lists) + 1, dtype=np.intp)
    np.cumsum([len(one) for one in lists], out=start[1:])
    numbers = np.asarray([n for one in lists for n, _ in one], dtype=np.intp)
    return start, numbers, np.asarray([weight for one in lists for _, weight in one], dtype=np.float32)


def _spread(start: Rows, chosen: Rows) -> tuple[Rows, Rows]:
    """Return the positions of all entries of the chosen lists, and for each which of `chosen` it belongs to."""
    length = start[chosen + 1] - start[chosen]
    owner = np.repeat(np.arange(len(chosen)), length)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
    return start[chosen][owner] + offset, owner


def tag_features(tags: Iterable[str]) -> set[str]:
    """Return what an offered list of tags has: the tags, and their words."""
    names: set[str] = set()
    for tag in map(normalised_tag, tags):
        names.add(f"tag:{tag}")
        names.update(f"word:{word}" for word in tag_words(tag))
    return names


@lru_cache(maxsize=65_536)
def tag_words(tag: str) -> tuple[str, ...]:
    """Return the telling words of a tag, each once."""
    return tuple(dict.fromkeys(w for w in _TAG_WORD.findall(tag.casefold()) if w not in _STOP_WORDS))


def sought_tags(tags: Sequence[str], whole: int) -> dict[str, int]:
    """Share `whole` among the tags evenly: half of each tag's share for the very tag, half for its words.

    An equal tag so earns its whole share, a related one ("grant writing" with "grant applications") the part of
    the half that its common words have.
    """
    weights: dict[str, int] = {}
    if not (tags and whole):
        return weights
    for tag, share in zip(map(normalised_tag, tags), share_out(whole, [1] * len(tags)), strict=True):
        found = tag_words(tag)
        names = [f"tag:{tag}", *(f"word:{word}" for word in found)]
        parts = [len(found), *([1] * len(found))] if found else [1]
        for name, part in zip(names, share_out(share, parts), strict=True):
            weights[name] = weights.get(name, 0) + part
    return weights


@cache
def related_specialties(slug: str) -> frozenset[str]:
    """Return the specialties whose names share a word of their field, the same one among them.

    Examples
    --------
    >>> "paediatric-cardiology" in related_specialties("cardiology")
    True
    >>> "internal-medicine" in related_specialties("nuclear-medicine")
    False
    """
    own = _field_words(slug)
    return frozenset({slug} | {other.slug for other in codes.specialties() if own & _field_words(other.slug)})


def _field_words(slug: str) -> set[str]:
    return set(_FIELD_WORD.findall(slug)) - _NO_FIELD


def topics(mentees: Sequence[Profile], mentors: Sequence[Profile], mentor_say: int) -> Coverage:
    """Topics sought and offered, specialties, and what the mentee wants to grow against the mentor's strengths.

    Mentors look at it the other way round: who seeks what they offer, works in their field, wants their strengths.
    """
    needs = [_Field(p.topics_sought, p.specialties, p.wants_to_grow) for p in mentees]
    gifts = [_Field(p.topics_offered, p.specialties, p.strengths) for p in mentors]
    return Coverage(
        Search([one.sought(MILLION - mentor_say) for one in needs], [one.offered() for one in gifts]),
        Search([one.sought(mentor_say) for one in gifts], [one.offered() for one in needs]),
    )


@dataclass(frozen=True)
class _Field:
    """What somebody works on, or wants to: free tags, specialties, and strengths or their lack."""

    topics: Sequence[str]
    specialties: Sequence[str]
    growth: Sequence[str]

    def sought(self, whole: int) -> dict[str, int]:
        """Share `whole` among what is stated."""
        stated = (
            (TOPIC_SHARE, self.topics),
            (SPECIALTY_SHARE, self.specialties),
            (GROWTH_SHARE, self.growth),
        )
        shares = [share if items else 0 for share, items in stated]
        wholes = share_out(whole, shares) if any(shares) else [0, 0, 0]
        return (
            _prefixed("topic", sought_tags(self.topics, wholes[0]))
            | _sought_specialties(self.specialties, wholes[1])
            | _prefixed("growth", sought_tags(self.growth, wholes[2]))
        )

    def offered(self) -> set[str]:
        return (
            {f"topic/{name}" for name in tag_features(self.topics)}
            | {f"specialty:{slug}" for slug in self.specialties}
            | {f"field:{near}" for slug in self.specialties for near in related_specialties(slug)}
            | {f"growth/{name}" for name in tag_features(self.growth)}
        )


def _sought_specialties(slugs: Sequence[str], whole: int) -> dict[str, int]:
    """Share `whole` evenly: half of a share for the specialty itself, half for one of a related field."""
    weights: dict[str, int] = {}
    for slug, share in zip(slugs, share_out(whole, [1] * len(slugs)) if slugs else [], strict=True):
        weights[f"specialty:{slug}"], weights[f"field:{slug}"] = share_out(share, [1, 1])
    return weights


def _prefixed(prefix: str, weights: Mapping[str, int]) -> dict[str, int]:
    return {f"{prefix}/{name}": weight for name, weight in weights.items()}


def tags(mentees: Sequence[Sequence[str]], mentors: Sequence[Sequence[str]], mentor_say: int) -> Coverage:
    """How much of each one's tags the other has too (research interests, values)."""
    return Coverage(
        Search(
            [sought_tags(one, MILLION - mentor_say) for one in mentees],
            [tag_features(one) for one in mentors],
        ),
        Search([sought_tags(one, mentor_say) for one in mentors], [tag_features(one) for one in mentees]),
    )


class Goals:
    """Likeness of the two goals texts, whatever languages they are written in."""

    def __init__(
        self, mentees: Sequence[str], mentors: Sequence[str], encoder: text.TextEncoder | None = None
    ) -> None:
        vectors = (encoder or text.packaged()).encode([*mentees, *mentors])
        self._mentees = vectors[: len(mentees)]
        self._mentors = np.ascontiguousarray(vectors[len(mentees) :].T, dtype=np.float32)

    def block(self, rows: Rows) -> NDArray[np.float32]:
        return self._mentees[rows].astype(np.float32) @ self._mentors

    def of_pairs(self, mentee: Rows, mentor: Rows) -> NDArray[np.float32]:
        found = np.empty(len(mentee), dtype=np.float32)
        for first in range(0, len(mentee), _PAIR_CHUNK):
            part = slice(first, first + _PAIR_CHUNK)
            left, right = self._mentees[mentee[part]], self._mentors.T[mentor[part]]
            # Exact in any order: see text.LENGTH.
            found[part] = np.einsum("ed,ed->e", left.astype(np.float32), right)
        return found

    def scaled(self, raw: NDArray[np.float32]) -> Values:
        above = np.clip(raw.astype(np.int64), GOALS_FLOOR, GOALS_FULL) - GOALS_FLOOR
        return above * MILLION // (GOALS_FULL - GOALS_FLOOR)
