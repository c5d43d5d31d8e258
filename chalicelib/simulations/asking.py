"""What a participant asks for, found by comparing their words with the phrases of a case: precision first.

A wrong answer teaches something wrong; none only waits for the moderator, who sees what comes close. So a message is
answered by the transcript only where nothing in it is left unexplained:

1. Words are compared without case, accents and hyphens; words that say nothing by themselves ("could I see the …
   please") are left out, in the six languages of the service. Endings may differ ("vomit", "vomiting"), and one letter
   of a long word, where that is no other word of the case.
2. A phrase is heard when all its words are in the message, or, of three words and more, those that carry three
   quarters of its weight: a word weighs the less the more topics have it (its inverse document frequency).
3. Of topics heard in the same words the one that explains more of them is meant ("chest x-ray", not "chest"); two that
   explain the same words make it doubtful, and the moderator decides.
4. It is left to the moderator if it says no or not, if more words stay unexplained than `_SPARE` allows, or one that
   another topic is asked for with. A step of management, which may end the case, takes a message that is explained
   whole, and no "if", "before" or "should".

`tests/simulations/data/asked_*.json` measures it on phrasings that the cases' authors did not write down.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from chalicelib.kernel.texts import without_accents
from chalicelib.simulations.cases import CaseDocument, Topic, TopicKind

MOST_TOPICS = 6
"""So many a message may ask for at once: a usual list of blood tests."""
MOST_SUGGESTED = 3
MOST_WORDS = 40
"""Of a message that says more is no routine request, and is not looked through."""
_CLOSE = 0.34
_HEARD = 0.75
_SPARE = (0, 0, 1, 1, 2)
"""How many words may stay unexplained where so many are explained; two beyond."""

_WORD = re.compile(r"[^\W_]+")
# "X-ray", "U&E", "0.9" and "don't" are one word; "l'ECG" is two.
_JOINED = re.compile(r"(?<=\w)[-&./](?=\w)|(?<=n)[’'](?=t\b)")

# Requests, articles, pronouns, auxiliaries; short and common, in en, fr, es, pt, sw, ar.
_SILENT = frozenset(
    """
    a an the this that these those it its he him his she her hers they them their i me my we us our you your yourself
    is are was were be been am do does did doing have has had having can could may might will would shall let lets
    please pls thanks thank hello hi dear ok okay ah oh yes and or also plus with of for to in on at from by about into
    as any some all there here now then today still currently quick quickly urgent urgently stat first next just so
    want like need wish check checked checking see look looking show give get gets getting take takes taking do order
    ordered request requests requesting ask asking tell know find send run perform repeat arrange obtain measure what
    which who how when where patient patients mr mrs ms doctor nurse sir madam mother lady gentleman result results
    id ive im ill whats hows theres lets more anything something ever much many does start begin commence administer
    than usual usually exactly really very
    le la les un une des du de d l et ou au aux en dans sur avec pour par ce cette ces il elle ils elles je j vous nous
    on me moi mon ma mes son sa ses votre vos leur leurs est sont etait a ont avez ai as suis etes peut peux pouvez
    pourrais pourriez puis voudrais voudrait veux faire fait faites demander demande svp plait s il si qu que quel
    quelle quels quelles comment quand y t bonjour merci patient patiente voir verifier donner donnez montrez dites
    prendre n c m ve ll re
    el los las uno unos unas del al y o con por para en su sus mi mis usted ustedes se le lo es son esta estan tiene
    tienen puedo puede podria quiero quisiera hacer hago pedir solicitar favor gracias hola paciente cual cuales como
    cuando ver revisar
    os um uma uns umas do da dos das no na nos nas e com seu sua seus suas voce o eu posso pode poderia quero queria
    gostaria fazer peco pedir solicito favor obrigado obrigada ola doente paciente qual quais como quando tem tinha
    na ya wa za la kwa ni je naomba tafadhali nataka ningependa kuona kufanya fanya angalia mgonjwa yake wake yako wako
    ana una kuna gani nini lini asante habari
    في من على هل ما هو هي عن إلى او أو و هذا هذه لو سمحت أريد اريد أرجو ارجو المريض المريضة عند لديك لديه لديها
    """.split()  # noqa: SIM905 - a table of words
)
_DENIES = frozenset(
    """
    no not dont didnt doesnt wont cant cannot without never neither nor avoid stop hold cancel against instead rather
    pas sans jamais ni arreter arretez sin nunca tampoco evitar nao sem jamais hapana bila usifanye لا بدون ليس
    """.split()  # noqa: SIM905
)
_DEFERS = frozenset(
    """
    if whether before after unless until once should why because since while later consider considering think maybe
    perhaps risk risks side avant apres quand pourquoi faudrait devrais si antes despues deberia porque depois devo
    deveria kabla baada kama kwanini قبل بعد لماذا إذا
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Heard:
    """What a message asks for.

    Attributes
    ----------
    topics
        What the transcript may answer, in the order asked for; empty where the moderator is to.
    suggested
        What comes close, the closest first, for the moderator.
    """

    topics: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Match:
    topic: Topic
    used: frozenset[int]
    weight: float
    share: float


_Said = dict[str, dict[str, frozenset[int]]]
"""The words of a message with their places, by their first letter."""


def heard(document: CaseDocument, text: str) -> Heard:
    """Return what a message asks for of a case."""
    raw = _spelled(text)
    words = [one for one in raw if one not in _SILENT]
    if len(words) > MOST_WORDS:
        return Heard()
    matches = _matches(document, words)
    suggested = tuple(
        one.topic.key for one in sorted(matches, key=lambda one: -one.share) if one.share >= _CLOSE
    )
    suggested = tuple(dict.fromkeys(suggested))[:MOST_SUGGESTED]
    found = _meant([one for one in matches if one.share >= _HEARD])
    if not found or len(found) > MOST_TOPICS or _DENIES & set(raw) or not _explained(document, found, words):
        return Heard((), suggested)
    if any(one.topic.kind is TopicKind.MANAGEMENT for one in found) and _DEFERS & set(raw):
        return Heard((), suggested)
    in_order = sorted(found, key=lambda one: min(one.used))
    return Heard(tuple(one.topic.key for one in in_order), suggested)


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a phrase that say something by themselves."""
    return tuple(dict.fromkeys(one for one in _spelled(text) if one not in _SILENT))


def _spelled(text: str) -> list[str]:
    plain = _JOINED.sub("", without_accents(text).casefold().replace("œ", "oe"))
    # The article of Arabic is written with its word.
    return [one[2:] if one.startswith("ال") and len(one) > 4 else one for one in _WORD.findall(plain)]


@lru_cache(maxsize=8)
def _weights(phrases: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, float]:
    """Return how much each word of a case's phrases weighs."""
    topics: dict[str, set[str]] = {}
    for topic, texts in phrases:
        for text in texts:
            for word in words_of(text):
                topics.setdefault(word, set()).add(topic)
    n = len(phrases)
    return {word: 1 + math.log(n / len(having)) for word, having in topics.items()}


def _matches(document: CaseDocument, words: Sequence[str]) -> list[_Match]:
    """Return of each topic the phrase that is heard best, where any word of one is."""
    weights = _weights(tuple((one.key, one.phrases) for one in document.topics))
    said: _Said = {}
    # Two words that somebody else writes as one: "x ray", "follow up".
    for one, places in [
        *((one, frozenset({n})) for n, one in enumerate(words)),
        *((a + b, frozenset({n, n + 1})) for n, (a, b) in enumerate(pairwise(words))),
    ]:
        said.setdefault(one[0], {}).setdefault(one, places)
    found = []
    for topic in document.topics:
        tried = [_match(topic, words_of(phrase), said, weights) for phrase in topic.phrases]
        best = max(
            (one for one in tried if one.used),
            key=lambda one: (one.share >= _HEARD, one.weight),
            default=None,
        )
        if best is not None:
            # "Arterial blood gas" is both "arterial gas" and "blood gas".
            also = (one.used for one in tried if one.share >= _HEARD)
            found.append(replace(best, used=best.used.union(*also)))
    return found


def _match(
    topic: Topic,
    phrase: Sequence[str],
    said: _Said,
    weights: dict[str, float],
) -> _Match:
    used: set[int] = set()
    weight = 0.0
    lacking = 0
    for word in phrase:
        # However it ends or is misspelt, a word begins with the same letter.
        near = said.get(word[0], {})
        at = near.get(word) or next(
            (places for one, places in near.items() if _alike(one, word, weights)), None
        )
        if at is None:
            lacking += 1
        else:
            used |= at
            weight += weights[word]
    share = weight / sum(weights[word] for word in phrase)
    if lacking and (len(phrase) < 3 or lacking > 1):
        share = min(share, _HEARD - 0.01)
    return _Match(topic, frozenset(used), weight, share)


def _alike(said: str, word: str, known: dict[str, float]) -> bool:
    """Tell whether a word of a message is one of a phrase with another ending, or with one letter wrong."""
    shorter, longer = sorted((said, word), key=len)
    if len(shorter) >= 4 and longer.startswith(shorter):
        return len(longer) - len(shorter) <= 4
    common = next((n for n, (a, b) in enumerate(zip(said, word, strict=False)) if a != b), len(shorter))
    if common >= 5 and len(shorter) - common <= 2 and len(longer) - common <= 3:
        return True
    return said not in known and len(shorter) >= 5 and said[0] == word[0] and _one_off(said, word)


def _one_off(one: str, other: str) -> bool:
    """Tell whether two words differ by one letter: another, one more, or two that changed places."""
    if abs(len(one) - len(other)) > 1:
        return False
    n = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, others = one[n:], other[n:]
    return (
        rest[1:] == others[1:]
        or rest == others[1:]
        or rest[1:] == others
        or (rest[:2] == others[:2][::-1] and rest[2:] == others[2:])
    )


def _meant(matches: Sequence[_Match]) -> list[_Match]:
    """Return which topics are meant; none where two explain the same words."""
    found: list[_Match] = []
    taken: set[int] = set()
    for one in sorted(matches, key=lambda one: (-len(one.used), -one.weight)):
        if any(one.used == other.used for other in found):
            return []
        if not one.used <= taken:
            found.append(one)
            taken |= one.used
    return found


def _explained(document: CaseDocument, found: Sequence[_Match], words: Sequence[str]) -> bool:
    used = frozenset[int]().union(*(one.used for one in found))
    own = {word for one in found for phrase in one.topic.phrases for word in words_of(phrase)}
    left = [word for n, word in enumerate(words) if n not in used and word not in own | _DEFERS]
    if any(one.topic.kind is TopicKind.MANAGEMENT for one in found):
        return not left
    others = set(_others(document, found))
    return len(left) <= _SPARE[min(len(used), len(_SPARE) - 1)] and not others & set(left)


def _others(document: CaseDocument, found: Sequence[_Match]) -> Iterator[str]:
    """Yield the words that topics are asked for with which are not meant."""
    meant = {one.topic.key for one in found}
    for topic in document.topics:
        if topic.key not in meant:
            for phrase in topic.phrases:
                yield from words_of(phrase)
