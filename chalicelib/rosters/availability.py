"""Weekly availability as people write it: days and times in English or French.

    entry = days times ; days = day, ranges of days, or a word for several; times = ranges of times

`mon 17:00-19:00; sat 09:00-12:00`, `mon-fri 18h-20h`, `lundi et mercredi de 18h00 à 20h00`, `weekdays 6pm-8pm`.
"""

import re
from dataclasses import dataclass

from chalicelib.people.model import (
    DAY_MINUTES,
    SLOT_MINUTES,
    WEEKDAYS,
    Weekday,
    Window,
    minutes_text,
)
from chalicelib.rosters.cells import fold

MAX_WINDOWS = 42  # as a profile takes
_HOW = "write availability as days and times, for example mon 17:00-19:00; sat 09:00-12:00"

_NAMES: dict[Weekday, str] = {
    Weekday.MONDAY: "mon monday mondays lun lundi lundis",
    Weekday.TUESDAY: "tue tues tuesday tuesdays mar mardi mardis",
    Weekday.WEDNESDAY: "wed weds wednesday wednesdays mer mercredi mercredis",
    Weekday.THURSDAY: "thu thur thurs thursday thursdays jeu jeudi jeudis",
    Weekday.FRIDAY: "fri friday fridays ven vendredi vendredis",
    Weekday.SATURDAY: "sat saturday saturdays sam samedi samedis",
    Weekday.SUNDAY: "sun sunday sundays dim dimanche dimanches",
}
_DAYS: dict[str, tuple[Weekday, ...]] = {
    name: (day,) for day, names in _NAMES.items() for name in names.split()
}
_DAYS |= dict.fromkeys(("daily", "everyday", "quotidien"), WEEKDAYS)
_DAYS |= dict.fromkeys(("weekdays", "weekday", "semaine"), WEEKDAYS[:5])
_DAYS |= dict.fromkeys(("weekend", "weekends"), WEEKDAYS[5:])
_PHRASES = (
    ("every day", "daily"),
    ("tous les jours", "daily"),
    ("week-ends", "weekend"),
    ("week-end", "weekend"),
)
_TIMES = {"noon": 12 * 60, "midi": 12 * 60, "midnight": DAY_MINUTES, "minuit": DAY_MINUTES}
_TO = frozenset({"to", "till", "until", "a", "au", "jusqu'a"})
_FILLERS = frozenset({"and", "et", "from", "de", "du", "le", "les", "on", "at", "en", "between", "entre"})

_TOKEN = re.compile(
    r"(?P<time>\d{1,2}(?:\s?[:h.]\s?(?:\d{2})?)?(?:\s?(?P<half>[ap])\.?m\b\.?)?)(?![\d\w])"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)\.?"
    r"|(?P<dash>[-–—])"
    r"|(?P<mark>[\s,;|:&/+()]+)"
)


@dataclass(frozen=True)
class _Token:
    kind: str  # day, time, to
    days: tuple[Weekday, ...] = ()
    minutes: int = 0


def availability(text: str) -> tuple[Window, ...]:
    """Read weekly windows; an entry without days keeps those of the entry before.

    Raises
    ------
    ValueError
        With a sentence that says what to write.
    """
    windows: dict[Window, None] = {}
    days: dict[Weekday, None] = {}
    tokens = _tokens(text)
    at = 0
    timed = True
    while at < len(tokens):
        token = tokens[at]
        to_next = at + 2 < len(tokens) and tokens[at + 1].kind == "to" and tokens[at + 2].kind == token.kind
        if token.kind == "day":
            if timed:
                days, timed = {}, False
            days |= dict.fromkeys(_day_range(token, tokens[at + 2]) if to_next else token.days)
        elif token.kind == "time" and to_next and days:
            start, end = token.minutes % DAY_MINUTES, tokens[at + 2].minutes or DAY_MINUTES
            if end <= start:
                raise ValueError(
                    "a window ends after it starts; for a night write two: up to 24:00, and from 00:00 next day"
                )
            windows |= dict.fromkeys(Window(day, start, end) for day in days)
            timed = True
        else:
            raise ValueError(_HOW)
        at += 3 if to_next else 1
    if not timed or not windows:
        raise ValueError(_HOW)
    if len(windows) > MAX_WINDOWS:
        raise ValueError(f"at most {MAX_WINDOWS} windows a week")
    return tuple(windows)


def availability_text(windows: tuple[Window, ...]) -> str:
    """Write windows as `availability` reads them."""
    return "; ".join(f"{w.weekday} {minutes_text(w.start)}-{minutes_text(w.end)}" for w in windows)


def _day_range(first: _Token, last: _Token) -> tuple[Weekday, ...]:
    if len(first.days) != 1 or len(last.days) != 1:
        raise ValueError(_HOW)
    start, end = WEEKDAYS.index(first.days[0]), WEEKDAYS.index(last.days[0])
    return tuple(WEEKDAYS[n % 7] for n in range(start, end + 1 if end >= start else end + 8))


def _tokens(text: str) -> list[_Token]:
    lowered = text.casefold().replace("’", "'")
    for phrase, word in _PHRASES:
        lowered = lowered.replace(phrase, word)
    tokens: list[_Token] = []
    at = 0
    while at < len(lowered):
        match = _TOKEN.match(lowered, at)
        if match is None:
            raise ValueError(_HOW)
        at = match.end()
        if match["time"]:
            tokens.append(_Token("time", minutes=_minutes(match["time"], match["half"])))
        elif match["dash"]:
            tokens.append(_Token("to"))
        elif match["word"]:
            tokens += _word(match["word"])
    return tokens


def _word(word: str) -> list[_Token]:
    plain = "'".join(fold(part) for part in word.split("'"))
    if plain in _DAYS:
        return [_Token("day", days=_DAYS[plain])]
    if plain in _TIMES:
        return [_Token("time", minutes=_TIMES[plain])]
    if plain in _TO:
        return [_Token("to")]
    if plain in _FILLERS:
        return []
    raise ValueError(_HOW)


def _minutes(text: str, half: str | None) -> int:
    hours, *rest = (int(number) for number in re.findall(r"\d+", text))
    minutes = rest[0] if rest else 0
    if half:
        if not 1 <= hours <= 12:
            raise ValueError("a time with am or pm has an hour from 1 to 12")
        hours = hours % 12 + (12 if half == "p" else 0)
    total = hours * 60 + minutes
    if minutes > 59 or total > DAY_MINUTES:
        raise ValueError("a time lies between 00:00 and 24:00")
    if total % SLOT_MINUTES:
        raise ValueError("use quarters of an hour: :00, :15, :30 or :45")
    return total
