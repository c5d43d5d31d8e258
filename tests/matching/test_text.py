import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.matching.embedding import EmbeddedTexts
from chalicelib.matching.engine import glossary, pairwise, text, vectors
from chalicelib.matching.model import MILLION

CARDIOLOGY = {
    "en": "I want to learn research in cardiology and treat heart failure",
    "fr": "Je veux apprendre la recherche en cardiologie et traiter l'insuffisance cardiaque",
    "es": "Quiero aprender investigación en cardiología y tratar la insuficiencia cardíaca",
    "pt": "Quero aprender pesquisa em cardiologia e tratar a insuficiência cardíaca",
    "sw": "Nataka kujifunza utafiti wa magonjwa ya moyo na kutibu kushindwa kwa moyo",
    "ar": "أريد أن أتعلم البحث في أمراض القلب وعلاج قصور القلب",
    "hi": "मैं हृदय रोग में अनुसंधान सीखना चाहता हूँ",
    "zh": "我想学习心脏病学研究和心力衰竭的治疗",
}
PSYCHIATRY = {
    "en": "Mental health services for adolescents in rural districts, psychiatry training",
    "fr": "Services de santé mentale pour adolescents, formation en psychiatrie",
    "es": "Servicios de salud mental para adolescentes, formación en psiquiatría",
    "pt": "Serviços de saúde mental para adolescentes, formação em psiquiatria",
    "sw": "Huduma za afya ya akili kwa vijana vijijini, mafunzo ya magonjwa ya akili",
    "ar": "خدمات الصحة النفسية للمراهقين في الأرياف والتدريب في الطب النفسي",
    "hi": "ग्रामीण किशोरों के लिए मानसिक स्वास्थ्य सेवाएं",
    "zh": "农村青少年的精神卫生服务和精神科培训",
}


@pytest.fixture(autouse=True, scope="module")
def read_once():
    # Reading the packaged files takes longer than hypothesis gives an example.
    text.encode(["ready"])


def likeness(one, other, among=()):
    encoded = text.encode([one, other, *among]).astype(np.int64)
    return int(encoded[0] @ encoded[1]) / text.COSINE_ONE


@given(st.lists(st.text(max_size=60), max_size=6))
def test_no_vector_is_longer_than_its_length_so_products_are_exact_in_float32(texts):
    encoded = text.encode(texts)
    assert encoded.shape == (len(texts), text.packaged().dimensions)
    wide = encoded.astype(np.int64)
    assert (np.square(wide).sum(axis=1) <= text.COSINE_ONE).all()
    single = encoded.astype(np.float32)
    assert ((single @ single.T).astype(np.int64) == wide @ wide.T).all()
    for one, vector in zip(texts, wide, strict=True):
        assert glossary.packaged().units(one) or not vector.any()


WORDS = st.sampled_from(
    [
        *CARDIOLOGY.values(), *PSYCHIATRY.values(), "primary health care", "care", "health", "learn how to lead",
        "lead a research group", "Forschung leiten", "xylqorvant", "",
    ]
)  # fmt: skip


@given(st.lists(st.one_of(WORDS, st.text(max_size=30)), max_size=9), st.data())
def test_a_pool_that_is_encoded_in_parts_is_encoded_as_in_one(texts, data):
    cut = sorted(data.draw(st.lists(st.integers(0, len(texts)), max_size=3)))
    parts = [texts[a:b] for a, b in zip([0, *cut], [*cut, len(texts)], strict=True)]
    encoder = text.packaged()
    whole = encoder.frequencies([])
    for one in parts:
        whole += encoder.frequencies(one)
    found = np.vstack([encoder.encode(one, whole) for one in parts])
    assert (found == encoder.encode(texts)).all()


def test_a_word_that_tells_nothing_in_one_part_tells_nothing_in_another():
    """In a phrase that is known "health" is part of what is said, unless the pool has it alone somewhere."""
    encoder, texts = text.packaged(), ["global health", "health"]
    whole = encoder.frequencies(texts[:1]) + encoder.frequencies(texts[1:])
    assert (encoder.encode(texts[:1], whole) == encoder.encode(texts)[:1]).all()
    assert (encoder.encode(texts[:1]) != encoder.encode(texts)[:1]).any()


@given(st.lists(st.text(max_size=40), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_texts_changes_no_vector(texts, rng):
    order = list(range(len(texts)))
    rng.shuffle(order)
    assert (text.encode([texts[n] for n in order]) == text.encode(texts)[order]).all()


def test_more_texts_than_are_worked_on_at_a_time_are_encoded_alike():
    texts = [*CARDIOLOGY.values()] * 100
    encoded = text.encode(texts)
    assert (encoded[: len(CARDIOLOGY)] == encoded[-len(CARDIOLOGY) :]).all()


def test_a_text_is_as_like_itself_as_can_be_and_an_empty_one_like_nothing():
    assert likeness(CARDIOLOGY["en"], CARDIOLOGY["en"]) == pytest.approx(1, abs=0.01)
    assert likeness(CARDIOLOGY["en"], " 12, 13! ") == 0
    assert text.encode([]).shape == (0, text.packaged().dimensions)


@pytest.mark.parametrize("one", CARDIOLOGY)
@pytest.mark.parametrize("other", CARDIOLOGY)
def test_goals_of_one_field_meet_in_any_two_languages(one, other):
    alike = likeness(CARDIOLOGY[one], CARDIOLOGY[other])
    assert alike > 0.5
    assert likeness(CARDIOLOGY[one], PSYCHIATRY[other]) < 0.25


def test_two_texts_are_nearly_as_alike_in_a_pool_of_two_as_among_thousands():
    others = [f"{PSYCHIATRY[one]}; {CARDIOLOGY[other]}" for one in PSYCHIATRY for other in CARDIOLOGY] * 40
    for one, other in (("fr", "ar"), ("en", "sw")):
        alone = likeness(CARDIOLOGY[one], CARDIOLOGY[other])
        assert likeness(CARDIOLOGY[one], CARDIOLOGY[other], others) == pytest.approx(alone, abs=0.15)


def test_concepts_of_one_area_are_a_little_alike():
    nets, malaria, grants = "bed nets against mosquitoes", "le paludisme", "kuandika maombi ya ruzuku"
    assert likeness(nets, malaria) > 0.3 > likeness(nets, grants)


def test_names_that_no_dictionary_knows_meet_by_their_letters():
    assert likeness("Kwashibuqueue Xylqorvant", "about xylqorvants") > 0.05
    assert abs(likeness("Kwashibuqueue", "Xylqorvant")) < 0.05


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("心臓病学の研究を学びたい", "心臓病学を研究しています"),
        ("การวิจัยโรคหัวใจ", "วิจัยโรคหัวใจและปอด"),
        ("የልብ ሕክምና ምርምር", "የልብ ሕክምና"),
    ],
)
def test_scripts_without_a_glossary_are_read(one, other):
    assert likeness(one, other, ["something else", "autre chose"]) > 0.25


def test_blocks_have_their_shares_of_the_length():
    (vector,) = text.encode(["cardiology wonderfully"]).astype(np.float64)
    size = text.packaged().dimensions
    squares = np.square(vector) / text.COSINE_ONE
    letters = squares[size - 128 :].sum()
    assert squares[:512].sum() == pytest.approx(text.CONCEPT_SHARE / 100, abs=0.01)
    assert squares[512 : size - 128].sum() == pytest.approx(text.SENSE_SHARE / 100, abs=0.02)
    assert letters == pytest.approx(text.LETTER_SHARE / 100, abs=0.01)
    (unknown,) = text.encode(["xylqorvant"]).astype(np.float64)
    assert np.square(unknown[size - 128 :]).sum() / text.COSINE_ONE == pytest.approx(1, abs=0.01)


def test_a_concept_weighs_by_how_rare_it_is_and_its_fields_with_it():
    known = glossary.Glossary(["own one [sight]: eye", "own two [sight tool]: lens"], {"function": []})
    encoder = text.OfflineEncoder(known, vectors.packaged())
    (vector, _) = encoder.encode(["eye eye lens", "eye"]).astype(np.float64)
    eye = round((1 + math.log(2)) * 16) * round(math.log(1002 / 22) * 256)
    lens = 16 * round(math.log(1002 / 21) * 256)
    wanted = np.array([5 * eye, 5 * lens, 5 * (eye + lens), 3 * lens], dtype=float)
    # These concepts have no vectors: the parts of 65 and 10 are shared out.
    wanted *= text.LENGTH * math.sqrt(65 / 75) / np.linalg.norm(wanted)
    assert vector[:4] == pytest.approx(wanted, abs=1.01)


def test_more_concepts_than_dimensions_are_refused():
    letters = "abcdefghij"
    lines = [f"{a}{b}{c} [x]: {a}{b}{c}" for a in letters for b in letters for c in letters]
    with pytest.raises(ValueError, match="more concepts"):
        text.OfflineEncoder(glossary.Glossary(lines, {"function": []}), vectors.packaged())


def test_goals_count_from_the_floor_and_fully_from_the_upper_mark():
    class Fixed:
        def encode(self, texts):
            angle = {
                "a": 0.0,
                "b": math.acos(0.05),
                "c": math.acos(6_400_000 / text.COSINE_ONE),
                "d": math.acos(0.7),
            }
            rows = [(math.cos(angle[one]), math.sin(angle[one])) for one in texts]
            return text.whole_numbers(np.array(rows))

    for worth in (MILLION, 150_001):
        points = pairwise.Goals.of_texts(["a"], ["a", "b", "c", "d"], worth, Fixed()).block(np.array([0]))[0]
        assert points == pytest.approx([worth, 0, worth / 2, worth], abs=worth / 500)
        assert (points[0], points[3]) == (worth, worth)


def test_a_word_is_found_by_itself_or_by_a_beginning_that_is_nearly_all_of_it():
    keys = np.array(sorted(vectors.key(one) for one in ("nurse", "surgeon")), dtype=np.uint32)
    known = vectors.WordVectors(
        keys,
        np.array([[0, 1], [1, 1]], dtype=np.uint8),
        np.array([10, 20], dtype=np.uint8),
        np.arange(2 * 256 * 2).reshape(2, 256, 2).astype(np.int8),
    )
    row = known.exact("surgeon")
    assert row is not None
    assert known.row("surgeons") == row
    assert known.row("surgeonfishes") is None
    assert known.row("nur") is None
    assert known.rarity(row) == (10, 20)[row]
    assert known.vectors(np.array([1])).tolist() == [[2, 3, 2, 3]]


def test_the_packaged_vectors_are_in_order_and_of_one_length():
    known = vectors.packaged()
    with np.load(vectors.DATA / "words.npz") as kept:
        assert (np.diff(kept["keys"].astype(np.int64)) > 0).all()
        count = len(kept["keys"])
    length = np.linalg.norm(known.vectors(np.arange(0, count, 50)).astype(float), axis=1)
    assert np.median(length) == pytest.approx(127, abs=15)
    assert known.dimensions == 128


def test_another_encoders_vectors_take_the_form_of_the_port():
    class Service:
        def vectors(self, texts):
            return [[0.6, -0.8], [0.0, 0.0], [3.0, 4.0]][: len(texts)]

    encoded = EmbeddedTexts(Service()).encode(["a", "", "b"])
    assert encoded.dtype == np.int16
    assert encoded.tolist() == [[2457, -3276], [0, 0], [2457, 3276]]
    assert EmbeddedTexts(Service()).encode([]).shape[0] == 0


@given(st.lists(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3), min_size=1, max_size=5))
def test_no_vector_of_another_encoder_is_too_long(rows):
    encoded = text.whole_numbers(np.array(rows)).astype(np.int64)
    assert (np.square(encoded).sum(axis=1) <= text.COSINE_ONE).all()
