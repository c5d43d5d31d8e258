"""What in a text may identify a patient: by rules of ours, in the six languages of the service.

Rules find what has a form: dates, numbers, addresses, and names that a title or a word such as "named" gives away. They
do not find a name that stands by itself; that is what a person who reads it is for.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.kernel.errors import FieldError


class Trace(StrEnum):
    """What was found. AGE: above 89, which few people reach (HIPAA's Safe Harbor, 45 CFR 164.514(b)(2)(i)(C))."""

    DATE = "date"
    EMAIL = "email"
    PHONE = "phone"
    NUMBER = "number"
    NAME = "name"
    LINK = "link"
    AGE = "age"


@dataclass(frozen=True)
class Finding:
    """Where something identifying stands: from `start` up to `end`, in characters.

    Attributes
    ----------
    is_certain
        Whether it must be taken out before others read it; else a person judges it.
    """

    trace: Trace
    start: int
    end: int
    is_certain: bool = True


_MONTHS = (
    "jan(?:uary|vier|eiro|uari)?|enero|feb(?:ruary|rero|ruari)?|f[ée]v(?:rier|ereiro)?|mar(?:ch|s|zo|ço|chi)?|"
    "apr(?:il|ili)?|avr(?:il)?|abr(?:il)?|may|mai|mayo|maio|mei|jun(?:e|i|io|ho)?|juin|jul(?:y|ai|io|ho)?|juil(?:let)?|"
    "aug(?:ust)?|ao[ûu]t|agosto|agosti|sep(?:t(?:ember|embre|iembre|emba)?)?|set(?:embro)?|oct(?:ober|obre|ubre)?|"
    "out(?:ubro)?|oktoba|nov(?:ember|embre|iembre|embro|emba)?|dec(?:ember)?|d[ée]c(?:embre)?|dic(?:iembre)?|"
    "dez(?:embro)?|des(?:emba)?|يناير|فبراير|مارس|أبريل|ابريل|مايو|يونيو|يوليو|أغسطس|اغسطس|سبتمبر|أكتوبر|اكتوبر|نوفمبر|ديسمبر"
)
_CAPITAL = r"[^\W\d_a-zà-öø-ÿ][\w’'-]+"
_TITLES = (
    r"Mr|Mrs|Ms|Miss|Mister|Master|Dr|Doctor|Prof|Professor|Sister|Nurse|MM?|Mme|Mlle|Monsieur|Madame|Mademoiselle|"
    r"Docteur|Sr|Sra|Srta|Señor|Señora|Señorita|Don|Doña|Dra|Doctora|Senhor|Senhora|Dona|Doutor|Doutora|"
    r"Bw|Bwana|Bi|Bibi|Ndugu|Daktari|Mzee|Mama|Baba"
)
_PARTICLE = r"(?:(?:de|da|do|dos|das|la|van|von|bin|binti|bint|ole|arap|al|el|abu|ben)[\s-]+){0,2}"
"""What stands before a family name in small letters."""
_NAMED = rf"{_PARTICLE}{_CAPITAL}(?:\s+{_PARTICLE}{_CAPITAL}){{0,2}}"
_PATIENT = r"patiente?|paciente|mgonjwa|malade|utente"
_NO_NAME = r"Health|Education|Safety|Care|Reported|Global|Activated|Generated|Cent(?:re|er)ed|Information|Questionnaire"
_BORN = (
    r"d\.?\s?o\.?\s?b\.?|date\s+of\s+birth|born|birth\s?date|n[ée]e?\s+(?:en|le)|date\s+de\s+naissance|nacid[oa]|"
    r"fecha\s+de\s+nacimiento|nascid[oa]|data\s+de\s+nascimento|alizaliwa|amezaliwa|"
    r"tarehe\s+ya\s+kuzaliwa|ولدت?|مواليد|تاريخ\s+(?:الميلاد|الولادة)"
)
_PHONE_OF = (
    r"phone|t[ée]l|t[ée]l[ée]phone|mobile|cell|whatsapp|tel[ée]fono|telefone|celular|m[óo]vil|simu"
    "|هاتف|جوال|تلفون"
)
_CALLED = (
    r"named|name\s+is|name\s*:|called|nomm[ée]e?|s['’]appelle|nom\s*:|se\s+llama|llamad[oa]|nombre\s*:|chama-se|"
    r"chamad[oa]|nome\s*:|anaitwa|aitwaye|jina\s*:|jina\s+lake\s+ni|patient\s*:|paciente\s*:|mgonjwa\s*:"
)
_RECORD = (
    r"MRN|UPI|NHIF|NHS|SSN|NIN|ID(?:\s+card)?|IP\s*no|OP\s*no|file|record|chart|hospital|folder|passport|dossier|passeport|"
    r"expediente|historia|pasaporte|processo|prontu[aá]rio|passaporte|faili|kitambulisho|ملف|رقم|جواز"
)
_ARABIC = r"السيدة|السيد|الدكتورة|الدكتور|الأستاذ|الأستاذة|اسمها|اسمه|تدعى|يدعى"
_FLAGS = re.IGNORECASE

_CERTAIN: tuple[tuple[Trace, re.Pattern[str]], ...] = (
    (Trace.EMAIL, re.compile(r"(?<![\w.+-])[\w.+-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    (Trace.LINK, re.compile(r"(?:https?://|www\.)\S+", _FLAGS)),
    # 3.5.2024, 03/05/24, 2024-05-03; not a blood pressure, which has two parts, nor a version or a ratio.
    (Trace.DATE, re.compile(r"(?<![\d./-])(?:\d{1,2}([./-])\d{1,2}\1\d{4}|\d{4}([./-])\d{1,2}\2\d{1,2})(?![\d/-])")),
    (
        Trace.DATE,
        re.compile(
            rf"(?<!\w)\d{{1,2}}(?:st|nd|rd|th|er|º)?\.?\s+(?:of\s+|de\s+|ya\s+)?(?:{_MONTHS})(?!\w)\.?", _FLAGS
        ),
    ),
    (Trace.DATE, re.compile(rf"(?<!\w)(?:{_MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\w)", _FLAGS)),
    # A month with its year is more than a year, which alone may stay (45 CFR 164.514(b)(2)(i)(C)).
    (Trace.DATE, re.compile(rf"(?<!\w)(?:{_MONTHS})\.?,?\s+(?:of\s+|de\s+|wa\s+)?(?:19|20)\d\d(?!\d)", _FLAGS)),
    (
        Trace.DATE,
        re.compile(
            rf"(?<!\w)(?:{_BORN})\W{{0,3}}(?:(?:on|le|el|em|tarehe|في)\s+)?"
            r"(?P<at>\d{1,2}([./-])\d{1,2}\2\d{2,4})(?!\d)",
            _FLAGS,
        ),
    ),
    (
        Trace.PHONE,
        re.compile(
            rf"(?<!\w)(?:{_PHONE_OF})\W{{0,3}}(?:n[o°º.]{{0,2}}\W{{0,2}})?"
            r"(?P<at>\d(?:[\s().-]{0,2}\d){6,13})(?!\d)",
            _FLAGS,
        ),
    ),
    (Trace.PHONE, re.compile(r"(?<![\w+])(?:\+|00)\d(?:[\s().-]{0,2}\d){6,13}(?!\d)")),
    (Trace.PHONE, re.compile(r"(?<![\w.,])0\d(?:[\s().-]?\d){7,9}(?![\d.,]*\d)")),
    (
        Trace.NUMBER,
        re.compile(
            rf"(?<!\w)(?:{_RECORD})\W{{0,3}}(?:n[o°º]?\W{{0,3}}|number\W{{0,2}}|num[ée]ro\W{{0,2}}|#)?"
            r"[A-Z]{0,4}[-/]?\d[\d/-]{2,}",
            _FLAGS,
        ),
    ),
    (Trace.NUMBER, re.compile(r"(?<![\w.,])\d{8,}(?![\d.,]*\d)")),
    (Trace.NUMBER, re.compile(r"(?<!\w)(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{2,4}[/-]\d{4,}(?:[/-]\d+)*(?!\w)")),
    (Trace.NUMBER, re.compile(r"(?<!\w)(?:IP|OP|OPD|IPD|HN|PT)[/-]\d{2,}(?:[/-]\d+)*(?!\w)")),
    (Trace.NAME, re.compile(rf"(?<!\w)(?:{_TITLES})\.?\s+{_NAMED}")),
    (Trace.NAME, re.compile(rf"(?<!\w)(?i:mrs|mme|mlle|srta)\.?\s+{_PARTICLE}\w{{2,}}")),
    (Trace.NAME, re.compile(rf"(?<!\w)(?i:{_CALLED})\s+{_NAMED}")),
    # Two capitals after the word: of a single one, as in "Patient A" or "Patient presents", a person judges.
    (
        Trace.NAME,
        re.compile(
            rf"(?<!\w)(?i:{_PATIENT})(?:\s+(?i:name|nom|nombre|nome))?"
            rf"\s+(?!{_NO_NAME})(?P<at>{_CAPITAL}\s+{_PARTICLE}(?!{_NO_NAME}){_CAPITAL})"
        ),
    ),
    (Trace.NAME, re.compile(rf"(?<!\w)(?:{_ARABIC})\s+\w{{2,}}")),
    (Trace.NAME, re.compile(r"(?<!\w)(?:اسم\s+(?:المريضة|المريض|الطفلة|الطفل))\W{0,3}\w{2,}")),
    (
        Trace.AGE,
        re.compile(
            r"(?<![\w.])(?:9\d|1[0-2]\d)\s*-?\s*(?:(?:years?|yrs?)(?:\s*-?\s*old)?|y/?o|ans|años|anos|سنة|عامًا|عاما)(?!\w)"
            r"|(?<!\w)(?:aged|âgée?\s+de|edad\s+de|idade\s+de|umri\s+wa\s+miaka|miaka)\s+(?:9\d|1[0-2]\d)(?!\w)",
            _FLAGS,
        ),
    ),
)  # fmt: skip
# A platelet count has six digits, and an Apgar score reads like a day: for a person to judge.
_POSSIBLE: tuple[tuple[Trace, re.Pattern[str]], ...] = (
    (Trace.NAME, re.compile(r"(?<!\w)(?i:anaitwa|aitwaye|se\s+llama|s['’]appelle|chama-se)\s+\w{2,}")),
    (Trace.NUMBER, re.compile(r"(?<![\w.,])\d{6,7}(?![\d.,]*\d)")),
    (Trace.DATE, re.compile(r"(?<![\d./-])\d{1,2}([./-])\d{1,2}\1\d{2}(?![\d./-])")),
)


def findings(text: str) -> tuple[Finding, ...]:
    """Return what in a text may identify somebody, in its order; where rules meet, the longer one counts."""
    plain = _plain(text)
    found = [*_matches(plain, _CERTAIN, is_certain=True), *_matches(plain, _POSSIBLE, is_certain=False)]
    kept: list[Finding] = []
    for one in sorted(found, key=lambda each: (each.start - each.end, not each.is_certain, each.start)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda each: each.start))


Traces = dict[str, tuple[Finding, ...]]
"""What was found, by the pointer of the text that it is in."""


def traces_of(texts: Iterable[tuple[str, str]]) -> Traces:
    """Return what in some texts may identify somebody, of those in which there is anything; each with its pointer."""
    found = {pointer: findings(text) for pointer, text in texts}
    return {pointer: some for pointer, some in found.items() if some}


def to_take_out(traces: Traces) -> tuple[FieldError, ...]:
    """Return what surely identifies somebody: where it stands, and not what, as an answer is kept and a patient's name
    is not."""
    return tuple(
        FieldError(pointer, f"Take out the {one.trace} at characters {one.start + 1} to {one.end}.")
        for pointer, some in traces.items()
        for one in some
        if one.is_certain
    )


def _matches(
    text: str, rules: tuple[tuple[Trace, re.Pattern[str]], ...], *, is_certain: bool
) -> Iterator[Finding]:
    for trace, pattern in rules:
        for match in pattern.finditer(text):
            # What stands before it only tells what it is.
            start, end = match.span("at" if "at" in pattern.groupindex else 0)
            yield Finding(trace, start, end, is_certain)


def _plain(text: str) -> str:
    """Return a text with the digits of all scripts as ASCII's and one blank for each kind of blank, sign for sign."""
    return "".join(
        " "
        if char in "\u00a0\u202f\u2007\u2009"
        else "-"
        if char in "‐‑‒–—"
        else str(unicodedata.decimal(char))
        if char.isdecimal()
        else char
        for char in text
    )
