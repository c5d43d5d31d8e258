import doctest
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.matching.engine import text

CARDIOLOGY = {
    "en": "I want to learn research in cardiology and treat heart failure",
    "fr": "Je veux apprendre la recherche en cardiologie et traiter l'insuffisance cardiaque",
    "es": "Quiero aprender investigación en cardiología y tratar la insuficiencia cardíaca",
    "pt": "Quero aprender pesquisa em cardiologia e tratar a insuficiência cardíaca",
}
PSYCHIATRY = {
    "en": "Mental health services for adolescents in rural districts, psychiatry training",
    "fr": "Services de santé mentale pour adolescents, formation en psychiatrie",
    "es": "Servicios de salud mental para adolescentes, formación en psiquiatría",
    "pt": "Serviços de saúde mental para adolescentes, formação em psiquiatria",
}


def likeness(one, other, among=()):
    vectors = text.encode([one, other, *among]).astype(np.int64)
    return int(vectors[0] @ vectors[1]) / text.COSINE_ONE


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(text).failed == 0


@given(st.lists(st.text(max_size=60), max_size=6))
def test_no_vector_is_longer_than_its_length_so_products_are_exact_in_float32(texts):
    vectors = text.encode(texts)
    assert vectors.shape == (len(texts), text.DIMENSIONS)
    wide = vectors.astype(np.int64)
    assert (np.square(wide).sum(axis=1) <= text.COSINE_ONE).all()
    single = vectors.astype(np.float32)
    assert ((single @ single.T).astype(np.int64) == wide @ wide.T).all()
    for one, vector in zip(texts, wide, strict=True):
        assert vector.any() == bool(text.words(one))


@given(st.lists(st.text(max_size=40), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_texts_changes_no_vector(texts, rng):
    order = list(range(len(texts)))
    rng.shuffle(order)
    assert (text.encode([texts[n] for n in order]) == text.encode(texts)[order]).all()


def test_likeness_is_the_cosine_of_weights_as_documented():
    texts = ["sepsis sepsis care", "sepsis ward", "burns"]
    weights = []
    frequency = Counter(
        part for one in texts for part in {p for word in one.split() for p in text.features(word)}
    )
    for one in texts:
        counts = Counter(part for word in one.split() for part in text.features(word))
        weights.append(
            {
                part: (1 + math.log(n)) * (1 + math.log((1 + len(texts)) / (1 + frequency[part])))
                for part, n in counts.items()
            }
        )
    dot = sum(weight * weights[1].get(part, 0) for part, weight in weights[0].items())
    norms = [math.sqrt(sum(w * w for w in one.values())) for one in weights]
    assert likeness(*texts[:2], texts[2:]) == pytest.approx(dot / norms[0] / norms[1], abs=0.06)


@pytest.mark.parametrize("one", CARDIOLOGY)
@pytest.mark.parametrize("other", CARDIOLOGY)
def test_goals_of_one_field_meet_in_related_languages(one, other):
    every = [*CARDIOLOGY.values(), *PSYCHIATRY.values()]
    assert likeness(CARDIOLOGY[one], CARDIOLOGY[other], every) > likeness(
        CARDIOLOGY[one], PSYCHIATRY[other], every
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("心臓病学の研究を学びたい", "心臓病学を研究しています"),
        ("أبحاث القلب", "أتعلم أبحاث القلب والرئة"),
        ("हृदय रोग का अनुसंधान", "हृदय रोग में अनुसंधान करना"),
        ("การวิจัยโรคหัวใจ", "วิจัยโรคหัวใจและปอด"),
    ],
)
def test_scripts_of_all_kinds_are_read(one, other):
    assert likeness(one, other, ["something else", "autre chose"]) > 0.25


def test_unlike_texts_are_not_alike():
    rng = np.random.default_rng(1)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    texts = [" ".join("".join(rng.choice(letters, 7)) for _ in range(40)) for _ in range(60)]
    vectors = text.encode(texts).astype(np.int64)
    products = (vectors @ vectors.T)[~np.eye(60, dtype=bool)] / text.COSINE_ONE
    assert np.abs(products).mean() < 0.03
