"""How alike two written names are: a score in whole hundredths, with the words that were set against each other.

Made for the reviewer's eye: the same person is written in many ways, and different persons alike. So the score is shown
with its reasons and decides nothing. Short forms of given names (Bob for Robert) are not known here.

The order of the words does not count, nor which of the two names comes first. Words are paired so that the whole is as
alike as can be, each pair by the first of these that holds:

1. the same letters: 100
2. spellings of the same sounds, as transliteration and old orthographies vary (`ue` and `u`, `kh` and `h`): 95
3. the same consonants, where a script leaves the vowels out (92) or in words with three or more (88)
4. an initial and a word that begins with it: 80
5. letters alike by Jaro and Winkler, from 0.8 on: up to 85

Words count by what they tell: particles a quarter, initials half. A word without a partner counts against the score;
half as much where two other words found theirs, since registers leave out second names.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations

from chalicelib.credentials.registries.model import Answer, Asked, Comparison, Entry, How, Outcome, Pair
from chalicelib.credentials.registries.similarity import jaro_winkler
from chalicelib.credentials.registries.words import Word, words

SAME, ALIKE, BARE, CONSONANTS, INITIAL, CLOSE = 100, 95, 92, 88, 80, 85
_COUNTS_AS_FOUND = 80


@dataclass(frozen=True)
class _Sum:
    """What a pairing comes to. The greatest is the best, by points first, so that the score of the best is one."""

    points: int = 0
    weight: int = 0
    found: int = 0

    def key(self) -> tuple[int, int, int]:
        return self.points, self.weight, self.found


def found(asked: Asked, entry: Entry) -> Answer:
    """Return the answer of a register that has the entry, its names compared with the claim's."""
    return Answer(Outcome.FOUND, entry, best(asked.name, entry.names), as_of=entry.as_of)


def best(ours: str, theirs: Iterable[str]) -> Comparison | None:
    """Compare a name with each that a register has for somebody, and return the comparison with the highest score."""
    compared = [compare(ours, one) for one in theirs]
    return max(compared, key=lambda one: one.score, default=None)


def compare(ours: str, theirs: str) -> Comparison:
    """Compare two names.

    Examples
    --------
    >>> compare("Dr Ana Müller-Costa", "COSTA MUELLER ANA").score
    98
    """
    mine, yours = words(ours), words(theirs)
    left, right = _joined(mine, yours), _joined(yours, mine)
    total, matched = _paired(left, right)
    everything = sum(word.weight for word in (*left, *right))
    alone = everything - total.weight
    # Doubled, so that half a weight is a whole number.
    against = 2 * total.weight + (alone if total.found >= 2 else 2 * alone)
    score = 2 * total.points // against if against else 0
    return Comparison(score, ours, theirs, _shown(left, right, matched))


def _joined(own: tuple[Word, ...], others: Sequence[Word]) -> tuple[Word, ...]:
    """Return words with those joined that the other name writes as one: `Anne Marie` beside `Annemarie`, `Abd al
    Rahman` beside `Abdelrahman`."""
    whole = {word: _bones(word.text) for word in sorted(others) if word not in own and len(word.text) > 2}
    left = list(own)
    for size in (3, 2) if whole else ():
        for parts in permutations(own, size):
            joint = Word("".join(part.text for part in parts), any(part.is_bare for part in parts))
            bones = _bones(joint.text)
            found = next(
                (
                    word
                    for word, its in whole.items()
                    if word.text == joint.text or (its == bones and len(its) > 2)
                ),
                None,
            )
            if found is not None and all(left.count(part) >= parts.count(part) for part in parts):
                for part in parts:
                    left.remove(part)
                left.append(joint)
                del whole[found]
    return tuple(sorted(left))


def _paired(left: Sequence[Word], right: Sequence[Word]) -> tuple[_Sum, tuple[tuple[int, int], ...]]:
    """Pair words so that the sum is greatest: over all pairings, remembered by which words on the right are taken."""
    points_of = [[_alike(one, other)[0] for other in right] for one in left]

    @cache
    def from_(at: int, taken: int) -> tuple[_Sum, tuple[tuple[int, int], ...]]:
        if at == len(left):
            return _Sum(), ()
        best_sum, best_pairs = from_(at + 1, taken)
        for place, word in enumerate(right):
            points = 0 if taken >> place & 1 else points_of[at][place]
            if not points:
                continue
            rest, pairs = from_(at + 1, taken | 1 << place)
            weight = left[at].weight + word.weight
            is_found = points >= _COUNTS_AS_FOUND and weight == 8
            total = _Sum(rest.points + points * weight, rest.weight + weight, rest.found + is_found)
            if total.key() > best_sum.key():
                best_sum, best_pairs = total, ((at, place), *pairs)
        return best_sum, best_pairs

    return from_(0, 0)


def _shown(
    left: Sequence[Word], right: Sequence[Word], matched: Sequence[tuple[int, int]]
) -> tuple[Pair, ...]:
    pairs = [Pair(left[a].text, right[b].text, _alike(left[a], right[b])[1]) for a, b in matched]
    mine, yours = {a for a, _ in matched}, {b for _, b in matched}
    pairs += [Pair(word.text, None, How.ALONE) for at, word in enumerate(left) if at not in mine]
    pairs += [Pair(None, word.text, How.ALONE) for at, word in enumerate(right) if at not in yours]
    return tuple(pairs)


def _alike(one: Word, other: Word) -> tuple[int, How]:
    """Return how alike two words are in hundredths, and why; the same both ways."""
    a, b = one.text, other.text
    if a == b:
        return SAME, How.SAME
    if len(a) == 1 or len(b) == 1:
        return (INITIAL, How.INITIAL) if a[0] == b[0] else (0, How.ALONE)
    if one.is_bare or other.is_bare:
        bones, others = _bones(a), _bones(b)
        if bones == others and bones:
            return (BARE if len(bones) > 1 else INITIAL), How.SAME_CONSONANTS
        return _close(bones, others)
    if _sounds(a) == _sounds(b):
        return ALIKE, How.SPELT_ALIKE
    bones = _bones(a)
    if len(bones) >= 3 and bones == _bones(b):
        return CONSONANTS, How.SAME_CONSONANTS
    return _close(a, b)


def _close(a: str, b: str) -> tuple[int, How]:
    points = int((jaro_winkler(a, b) * 5 - 4) * CLOSE) if a and b else 0
    return (points, How.CLOSE) if points > 0 else (0, How.ALONE)


# In this order: longer ones first.
_SOUNDS = (
    ("tsch", "c"), ("sch", "s"), ("shch", "s"), ("tch", "c"), ("ch", "c"), ("sh", "s"), ("sz", "s"), ("cz", "c"),
    ("zh", "z"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("dj", "j"), ("ck", "k"), ("ks", "x"),
    ("q", "k"), ("tz", "z"), ("ts", "z"), ("ou", "u"), ("oo", "u"), ("oy", "u"), ("ue", "u"), ("oe", "o"), ("aa", "a"),
    ("ae", "a"), ("ee", "i"), ("ie", "i"), ("ei", "i"), ("ey", "i"), ("ii", "i"), ("iy", "i"), ("ij", "i"), ("yi", "i"),
    ("ya", "ia"), ("ja", "ia"), ("yu", "iu"), ("ju", "iu"), ("y", "i"), ("w", "v"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiouwy]")


def _sounds(text: str) -> str:
    """Return one spelling for what transliterations and orthographies write differently."""
    for written, spelt in _SOUNDS:
        text = text.replace(written, spelt)
    return _DOUBLED.sub(r"\1", text)


_BONES = (
    ("kh", "k"), ("gh", "g"), ("sh", "s"), ("ch", "s"), ("th", "t"), ("dh", "d"), ("ph", "f"), ("ck", "k"), ("q", "k"),
    ("c", "k"), ("x", "ks"), ("z", "s"), ("v", "b"), ("p", "b"), ("j", "g"),
)  # fmt: skip


def _bones(text: str) -> str:
    """Return the consonants, those together that scripts without vowels do not tell apart."""
    for written, kept in _BONES:
        text = text.replace(written, kept)
    bare = _VOWELS.sub("", _DOUBLED.sub(r"\1", text))
    # A later h is silent in one spelling and written in the next: Sarah, Jonathan, Fatimah.
    return bare[:1] + bare[1:].replace("h", "")
