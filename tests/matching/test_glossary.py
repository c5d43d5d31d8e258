import doctest

import pytest

from chalicelib.matching.engine import glossary, vectors, words


def concepts(text, among=None):
    known = among or glossary.packaged()
    return [known.concepts[n].name for unit in known.units(text) for n in unit.concepts]


def small(*lines):
    return glossary.Glossary(lines, {"function": ["of", "de", "la", "wa"], "want": ["want", "quiero"]})


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(words).failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "heart failure",
        "insuffisance cardiaque",
        "la insuficiencia cardíaca",
        "insuficiência cardíaca",
        "kushindwa kwa moyo",
        "قصور القلب",
        "وقصور القلب",
        "сердечная недостаточность",
        "心力衰竭",
    ],
)
def test_one_concept_in_many_languages(text):
    assert concepts(text) == ["heartfailure"]


def test_forms_are_whole_words_beginnings_or_phrases():
    known = small("eye [a]: eye, oftalm*", "cancer [a]: cancer*", "cervix [a]: col uterus, cancer col uterus")
    assert concepts("Eye oftalmología eyewitness", known) == ["eye", "eye"]
    assert concepts("cancer uterus col", known) == ["cancer"]
    assert concepts("le col de la uterus", known) == ["cervix"]


def test_the_longest_phrase_counts_and_is_read_once():
    known = small("birth [a]: low birth", "preterm [a]: low birth weight", "weight [a]: weight")
    assert concepts("low birth weight", known) == ["preterm"]
    assert concepts("low birth, weight", known) == ["preterm"]
    assert concepts("low birth of weights", known) == ["birth"]


def test_function_words_may_stand_in_a_phrase_and_others_may_not():
    known = small("cervix [a]: mlango kizazi")
    assert concepts("mlango wa kizazi", known) == ["cervix"]
    assert concepts("mlango mkubwa kizazi", known) == []


def test_a_word_of_two_concepts_names_both():
    assert concepts("art", small("hiv [a]: art", "culture [b]: art")) == ["hiv", "culture"]


def test_arabic_words_are_known_with_what_is_written_together_with_them():
    known = small("medicines [a]: أدوية", "nursing [a]: تمريض*", "clinic [a]: عيادة")
    assert concepts("والأدوية بالأدوية للادويه", known) == ["medicines"] * 3
    assert concepts("والتمريضية", known) == ["nursing"]
    assert concepts("عيادتنا العيادات", known) == ["clinic", "clinic"]


def test_swahili_verbs_are_known_with_person_tense_and_object():
    known = small("teaching [a]: fundisha")
    assert concepts("ninafundisha nimefundisha kuwafundisha", known) == ["teaching"] * 3


def test_chinese_is_cut_at_known_words():
    known = small("heart [a]: 心脏", "research [a]: 研究")
    assert concepts("我在研究心脏病", known) == ["research", "heart"]


def test_words_that_say_nothing_of_a_topic_are_told_apart():
    (want, surgery) = small("surgery [a]: surgery").units("Want surgery")
    assert (want.telling, want.concepts) == (False, ())
    assert surgery.telling


@pytest.mark.parametrize(
    "line", ["surgery: surgery", "surgery []", "Surgery [a]: surgery", "surgery [a]: , x", "x [a]: of"]
)
def test_a_line_of_another_form_is_refused(line):
    with pytest.raises(ValueError, match=r"not a concept|a form without letters"):
        small(line)


def test_common_words_of_another_form_are_refused():
    with pytest.raises(ValueError, match="not a list of words"):
        glossary.read("", "function the of")


def test_every_form_of_the_packaged_glossary_names_its_concept():
    known = glossary.packaged()
    lines = (glossary.DATA / "glossary.txt").read_text(encoding="utf-8").splitlines()
    lost = []
    for line in lines:
        if line and not line.startswith("#"):
            name = line.partition(" [")[0]
            lost += [
                (name, form)
                for form in line.partition(": ")[2].split(", ")
                if name not in concepts(form.replace("*", ""), known)
            ]
    assert not lost


def test_no_concept_is_named_twice():
    names = [one.name for one in glossary.packaged().concepts]
    assert len(names) == len(set(names)) > 300


def test_every_concept_has_a_vector():
    known = vectors.packaged()
    missing = [
        one.name for one in glossary.packaged().concepts if known.exact(vectors.of_concept(one.name)) is None
    ]
    assert not missing
