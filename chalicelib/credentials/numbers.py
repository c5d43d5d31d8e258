"""The numbers of registers: their normal form, the characters they are made of, their format and check digit."""

import re
import unicodedata

from chalicelib.credentials.authorities import NumberFormat
from chalicelib.people import codes

_SIGNS = frozenset("./-_()#:,'&+*\"")
# Scripts with letters that cannot be told from Latin ones by eye, and the languages that are written in them. Where
# none of these has a legal status, such a letter in a number is a slip of the keyboard, or meant to deceive.
_LOOKALIKES = {
    "CYRILLIC": frozenset({"be", "bg", "bs", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk", "uz"}),
    "GREEK": frozenset({"el"}),
    "ARMENIAN": frozenset({"hy"}),
    "COPTIC": frozenset[str](),
    "CHEROKEE": frozenset[str](),
    "LISU": frozenset[str](),
}


def normalised(number: str) -> str:
    """Return the form in which numbers are compared, looked up and fingerprinted.

    Full-width and other compatibility forms become plain ones, digits of any script 0 to 9, letters capitals; spaces
    and dashes go. Slashes and points stay, since they part numbers that would else be others.

    Examples
    --------
    >>> normalised("a 10-423")
    'A10423'
    >>> normalised("٤٢/７")
    '42/7'
    """
    plain = unicodedata.normalize("NFKC", number)
    kept = (
        _plain(char)
        for char in plain
        if unicodedata.category(char) not in ("Pd", "Zs", "Zl", "Zp", "Cc", "Cf")
    )
    # Once more, as an accent that stood after a space now stands after a letter.
    return unicodedata.normalize("NFKC", "".join(kept).upper())


def luhn(digits: str) -> bool:
    """Return whether the last digit is the check digit of those before it (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def unreadable(number: str, country: str | None) -> str | None:
    """Return what is wrong with a number's characters, as a sentence, or None.

    Refused are what is not seen (a mark of direction can turn a number around), signs that numbers do not have, digits
    of two scripts, and letters that look like Latin ones but are not: beside Latin ones, or alone in a country where no
    language with a legal status is written in them.
    """
    scripts: dict[str, int] = {}  # each with the place of its first letter
    digits: set[str] = set()
    for place, char in enumerate(number, start=1):
        if unicodedata.category(char) in ("Cf", "Cc"):
            return f"Take out character {place}, {_called(char)}: it is not seen."
        for plain in unicodedata.normalize("NFKC", char):
            category = unicodedata.category(plain)
            if category[0] == "L":
                scripts.setdefault(_script(plain), place)
            elif category == "Nd":
                digits.add(_zero(plain))
            elif category[0] not in "MZ" and category != "Pd" and plain not in _SIGNS:
                return f"Take out character {place}, {_called(char)}: numbers have letters, digits and plain signs."
    if not scripts and not digits:
        return "Give the number as the document shows it: this has no letter and no digit."
    if len(digits) > 1:
        return "This mixes digits of two scripts: type all of them in one."
    odd = next((script for script in scripts if script in _LOOKALIKES), None)
    if odd is not None and ("LATIN" in scripts or (country is not None and not _writes(country, odd))):
        place = scripts[odd]
        return (
            f"Character {place} is a letter of the {odd.title()} script, {_called(number[place - 1])}, "
            "and may only look like a Latin one: type the number in one script."
        )
    return None


def misfit(number: str, form: NumberFormat) -> str | None:
    """Return how a number differs from its authority's format, as a sentence, or None.

    Examples
    --------
    >>> from chalicelib.credentials.authorities import authority
    >>> misfit("123456", authority("gb-gmc").number)
    'A GMC number has 7 digits; this has 6.'
    """
    plain = normalised(number)
    if not re.fullmatch(form.pattern, plain):
        return f"{form.label} has {form.description}; {_difference(plain, form)}."
    if form.check_prefix is not None and not luhn(form.check_prefix + plain):
        return f"{form.label} ends with a check digit, and this one is wrong: compare each digit with the document."
    return None


def _difference(plain: str, form: NumberFormat) -> str:
    if _shape(plain) == _shape(form.example):
        return f"this is written otherwise. It looks like {form.example}"
    only_digits = re.fullmatch(r"\d+ digits.*", form.description) and plain.isdecimal()
    return f"this has {len(plain)}" if only_digits else f"this has {_shape(plain)}"


def _shape(plain: str) -> str:
    digits = sum(char.isdecimal() for char in plain)
    letters = sum(char.isalpha() for char in plain)
    others = len(plain) - digits - letters
    counted = [(letters, "letter"), (digits, "digit"), (others, "sign")]
    parts = [f"{n} {word}{'s' if n != 1 else ''}" for n, word in counted if n]
    return " and ".join(parts) if len(parts) < 3 else f"{parts[0]}, {parts[1]} and {parts[2]}"


def _plain(char: str) -> str:
    return str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char


def _zero(char: str) -> str:
    return chr(ord(char) - unicodedata.decimal(char))


def _script(char: str) -> str:
    """Return the script of a letter, which is the first word of its name."""
    return unicodedata.name(char, "UNKNOWN").partition(" ")[0]


def _writes(country: str, script: str) -> bool:
    found = codes.country(country)
    known = found.languages if found else ()
    return any(one.status and one.tag.partition("-")[0] in _LOOKALIKES[script] for one in known)


def _called(char: str) -> str:
    name = unicodedata.name(char, "a control character")
    return f"U+{ord(char):04X} ({name.lower()})"
