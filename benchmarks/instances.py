"""Seeded matching instances: realistic pools with real competition, and adversarial ones.

A realistic pool is clustered the way a cross-border programme is: a few large languages and a
long tail, a handful of zones, skewed specialties, mentors whom everybody wants, and fewer
mentors than mentees where the need is greatest. Each mentee keeps the best candidates of those
who share a language, so neighbours compete for the same mentors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GROUPS = 4


@dataclass(frozen=True)
class Instance:
    """The arguments of ``assign``; ``mentor_score`` is the mentors' own view of each edge.

    ``groups`` are four of mentees, as by the income of their countries.
    """

    name: str
    mentee: NDArray[np.int32]
    mentor: NDArray[np.int32]
    score: NDArray[np.float32]
    n_mentees: int
    capacity: NDArray[np.int32]
    mentor_score: NDArray[np.float32]
    groups: NDArray[np.int32]

    @property
    def edges(self) -> int:
        return int(self.score.size)


def realistic(
    n_mentees: int,
    n_mentors: int,
    per_mentee: int,
    *,
    seed: int = 1,
    pool: int = 400,
    edges: int | None = None,
) -> Instance:
    """A clustered pool in which each mentee keeps their ``per_mentee`` best candidates.

    Parameters
    ----------
    n_mentees, n_mentors
        Sizes of both sides.
    per_mentee
        Candidates kept for each mentee; people of small languages have fewer.
    seed
        Seeds everything; the same arguments give the same bytes.
    pool
        Mentors of the same language drawn as candidates before the best are kept (without
        repetition; all of them where the language has fewer).
    edges
        Cut the instance to so many edges at random, if it has more.
    """
    rng = np.random.default_rng(seed)
    languages, zones, specialties, topics = 14, 8, 30, 12

    def skewed(kinds: int, exponent: float, size: int) -> NDArray[np.int64]:
        weight = 1.0 / np.arange(1, kinds + 1) ** exponent
        return rng.choice(kinds, size=size, p=weight / weight.sum())

    mentee_language = skewed(languages, 1.0, n_mentees)
    # Mentors sit in fewer languages than mentees do, so that small languages are short of them.
    mentor_language = skewed(languages, 1.3, n_mentors)
    mentee_zone = rng.integers(0, zones, n_mentees)
    mentor_zone = skewed(zones, 0.8, n_mentors)
    mentee_specialty = skewed(specialties, 0.9, n_mentees)
    mentor_specialty = skewed(specialties, 0.7, n_mentors)
    mentee_topics = rng.random((n_mentees, topics), dtype=np.float32)
    mentor_topics = rng.random((n_mentors, topics), dtype=np.float32)
    mentee_topics /= np.linalg.norm(mentee_topics, axis=1, keepdims=True)
    mentor_topics /= np.linalg.norm(mentor_topics, axis=1, keepdims=True)
    standing = rng.beta(2.0, 5.0, n_mentors)
    capacity = rng.choice([1, 2, 2, 2, 3, 5], size=n_mentors).astype(np.int32)

    by_language = [np.flatnonzero(mentor_language == kind) for kind in range(languages)]
    rows: list[NDArray[np.int32]] = []
    columns: list[NDArray[np.int32]] = []
    scores: list[NDArray[np.float32]] = []
    backs: list[NDArray[np.float32]] = []
    for kind in range(languages):
        members = np.flatnonzero(mentee_language == kind)
        open_mentors = by_language[kind]
        if not len(open_mentors):
            continue
        width = min(pool, len(open_mentors))
        keep = min(per_mentee, width)
        for start in range(0, len(members), 256):
            block = members[start : start + 256]
            if width == len(open_mentors):
                candidates = np.broadcast_to(open_mentors, (len(block), width))
            else:
                # A random run of a shuffled ring: distinct candidates at the cost of one offset.
                ring = rng.permutation(open_mentors)
                offset = rng.integers(0, len(ring), len(block))
                candidates = ring[(offset[:, None] + np.arange(width)) % len(ring)]
            affinity = np.einsum("bt,bkt->bk", mentee_topics[block], mentor_topics[candidates])
            apart = np.abs(mentee_zone[block][:, None] - mentor_zone[candidates])
            apart = np.minimum(apart, zones - apart)
            same = mentee_specialty[block][:, None] == mentor_specialty[candidates]
            value = (
                0.40 * affinity + 0.25 * same + 0.15 * (1 - apart / (zones / 2)) + 0.20 * standing[candidates]
            )
            value = np.clip(value + rng.normal(0.0, 0.02, value.shape), 0.01, 1.0)
            best = np.argpartition(-value, keep - 1, axis=1)[:, :keep]
            picked = np.take_along_axis(value, best, axis=1).ravel().astype(np.float32)
            rows.append(np.repeat(block, keep).astype(np.int32))
            columns.append(np.take_along_axis(candidates, best, axis=1).ravel().astype(np.int32))
            scores.append(picked)
            own = np.clip(picked + rng.normal(0.0, 0.1, picked.shape), 0.01, 1.0)
            backs.append(own.astype(np.float32))
    mentee = np.concatenate(rows)
    shuffle = rng.permutation(mentee.size)[:edges]
    # Small languages are spoken where incomes are lower, though not by everybody.
    poorer = mentee_language / languages + np.random.default_rng(seed).normal(0.0, 0.2, n_mentees)
    return Instance(
        f"realistic {n_mentees:,} x {n_mentors:,}",
        mentee[shuffle],
        np.concatenate(columns)[shuffle],
        np.concatenate(scores)[shuffle],
        n_mentees,
        capacity,
        np.concatenate(backs)[shuffle],
        np.clip(poorer * GROUPS, 0, GROUPS - 1).astype(np.int32),
    )


def _instance(
    name: str, mentee: object, mentor: object, score: object, n_mentees: int, capacity: object
) -> Instance:
    scores = np.asarray(score, np.float32)
    return Instance(
        name,
        np.asarray(mentee, np.int32),
        np.asarray(mentor, np.int32),
        scores,
        n_mentees,
        np.asarray(capacity, np.int32),
        scores,
        (np.arange(n_mentees) * GROUPS // max(n_mentees, 1)).astype(np.int32),
    )


def adversarial(size: int, *, seed: int = 1) -> dict[str, Instance]:
    """Pools that are hard for one method or another, with about ``size`` mentees each.

    Parameters
    ----------
    size
        At least 20. Edges grow with it by no more than 50 a mentee.
    """
    rng = np.random.default_rng(seed)
    n, m, k = size, max(size * 2 // 5, 4), min(48, size // 4)
    few = max(size // 200, 3)
    row = np.repeat(np.arange(n), k)
    column = np.concatenate(
        [rng.choice(m, k, replace=False) if k <= m else np.arange(k) % m for _ in range(n)]
    )
    two = rng.integers(1, 4, m)
    liking = (0.2 + 0.8 * rng.random(m)).astype(np.float32)
    step = np.arange(n)
    wide = np.repeat(step, few)
    popular = (rng.zipf(1.5, n * k) - 1) % m
    made = [
        _instance("all scores equal", row, column, np.ones(n * k), n, two),
        _instance("all scores equal and tiny", row, column, np.full(n * k, 1e-30), n, two),
        _instance("identical mentees", row, column, liking[column], n, two),
        _instance(
            "identical people, everybody admissible to a few mentors",
            wide,
            np.tile(np.arange(few), n),
            np.full(n * few, 0.7),
            n,
            np.full(few, 3),
        ),
        _instance(
            "twenty mentees for each place",
            wide,
            np.tile(np.arange(few), n),
            1.0 - rng.random(n * few),
            n,
            np.full(few, max(n // 20 // few, 1)),
        ),
        _instance("near-ties of 1e-7", row, column, 0.5 + 1e-7 * rng.integers(0, 3, n * k), n, two),
        _instance("two levels far apart", row, column, np.where(rng.random(n * k) < 0.5, 1.0, 1e-6), n, two),
        # Mentee i knows mentors i - 1 and i and slightly prefers the first, who is taken unless the
        # last of the line moves: one augmenting path through everybody.
        _instance(
            "a long alternating path",
            np.concatenate((step, step[1:])),
            np.concatenate((step, step[1:] - 1)),
            np.concatenate((np.full(n, 0.5), np.full(n - 1, 0.5 + 1e-6))),
            n,
            np.ones(n),
        ),
        _instance(
            "a long path with one place too few",
            np.concatenate((step[:-1], step[1:])),
            np.concatenate((step[:-1], step[1:] - 1)),
            0.5 + 0.4 * np.concatenate((np.cos(step[:-1] / 9), np.sin(step[1:] / 7))),
            n,
            np.ones(n - 1),
        ),
        _instance(
            "one hub whom all want",
            np.concatenate((step, row)),
            np.concatenate((np.zeros(n), 1 + column)),
            np.concatenate((np.full(n, 1.0), 0.4 + 0.3 * rng.random(n * k))),
            n,
            np.concatenate(([n // 10], two)),
        ),
        _instance("a single mentor", step, np.zeros(n), 0.3 + 0.7 * rng.random(n), n, [n // 3]),
        _instance("places for all", row, column, 1.0 - rng.random(n * k), n, np.full(m, 2**31 - 1)),
        _instance(
            "half of the mentors closed",
            row,
            column,
            1.0 - rng.random(n * k),
            n,
            np.where(np.arange(m) % 2, two, 0),
        ),
        _instance(
            "each edge three times", np.tile(row, 3), np.tile(column, 3), 1.0 - rng.random(3 * n * k), n, two
        ),
        _instance(
            "disconnected pools",
            row,
            (row // max(n // 10, 1) * max(m // 10, 1) + column % max(m // 10, 1)) % m,
            1.0 - rng.random(n * k),
            n,
            two,
        ),
        _instance(
            "more mentors than mentees",
            np.arange(n * k) // k,
            rng.integers(0, 3 * n, n * k),
            1.0 - rng.random(n * k),
            n,
            np.ones(3 * n),
        ),
        _instance(
            "a few popular mentors, most of them known to few", row, popular, 1.0 - rng.random(n * k), n, two
        ),
        # Costs i * j make each assignment but one expensive (Machol and Wien, Operations Research
        # 1976): the classic trap for augmenting-path methods.
        _instance(
            "products",
            np.repeat(np.arange(min(n, 150)), min(n, 150)),
            np.tile(np.arange(min(n, 150)), min(n, 150)),
            1.0 - np.outer(np.arange(min(n, 150)), np.arange(min(n, 150))).ravel() / (min(n, 150) ** 2),
            min(n, 150),
            np.ones(min(n, 150)),
        ),
    ]
    return {instance.name: instance for instance in made}
