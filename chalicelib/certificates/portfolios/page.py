"""A portfolio to read and to print: plain HTML without scripts or pictures, that reads well aloud and on paper."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from chalicelib.certificates.badge import hours_of
from chalicelib.certificates.portfolios import wording
from chalicelib.certificates.wording import span
from chalicelib.words.formats import Formats

_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ margin: 2rem auto; max-width: 44rem; padding: 0 1rem; font: 1.125rem/1.5 sans-serif; color: #1a1a1a;
  background: #fff; }}
dt {{ font-weight: bold; margin-top: .5rem; }}
dd {{ margin: 0; overflow-wrap: anywhere; white-space: pre-line; }}
a {{ color: #0b3d91; }}
h2 {{ border-top: .1rem solid #1a1a1a; padding-top: 1rem; }}
@media print {{ body {{ margin: 0; max-width: none; }} h2, h3, h4 {{ break-after: avoid; }} }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
<p>{note}</p>
</main>
</body>
</html>
"""
_PARTS = ("happened", "learned", "will_change", "adapted")


def written(content: Mapping[str, Any], issued_on: date, formats: Formats) -> str:
    """Write the page of a portfolio's content."""
    words = wording.labels(formats)
    lines = [
        *_facts(
            [
                (words["holder"], content["holder"]),
                (words["issuer"], content["issuer"]),
                (words["issued"], formats.date(issued_on)),
            ]
        )
    ]
    for one in content["mentorships"]:
        lines += _mentorship(one, words, formats)
    activities = content.get("activities", ())
    for one in activities:
        lines += _activity(one, words, formats)
    if not content["mentorships"] and not activities:
        lines.append(f"<p>{escape(words['nothing'])}</p>")
    return _PAGE.format(
        language=escape(formats.language), direction=formats.direction,
        title=escape(f"{words['title']}: {content['holder']}"), body="\n".join(lines), note=escape(words["note"]),
    )  # fmt: skip


def _mentorship(one: Mapping[str, Any], words: Mapping[str, str], formats: Formats) -> Iterator[str]:
    yield f"<h2>{escape(wording.mentorship_title(one['role'], formats))}</h2>"
    started, ended = date.fromisoformat(one["started_on"]), one["ended_on"]
    other = one["with"]
    facts = [
        (words["programme"], one["programme"]),
        (words["organisation"], one["organisation"]),
        (words["dates"], span(started, date.fromisoformat(ended), formats))
        if ended
        else (words["since"], formats.date(started)),
        (words["with"], wording.other(other["profession"], other["country"], formats)),
    ]
    if "sessions" in one:
        minutes = sum(held["minutes"] for held in one["sessions"])
        facts.append((words["sessions"], formats.number(len(one["sessions"]))))
        facts.append((words["hours"], formats.number(hours_of(minutes))))
    if one.get("introductions"):
        facts.append((words["introductions"], formats.number(len(one["introductions"]))))
    yield from _facts(facts)
    yield from _section(words["goals"], [_goal(goal, formats) for goal in one.get("goals", ())])
    yield from _section(
        words["reflections"], [_reflection(told, words, formats) for told in one.get("reflections", ())]
    )
    yield from _section(words["certificates"], [_certificate(held) for held in one.get("certificates", ())])


def _activity(one: Mapping[str, Any], words: Mapping[str, str], formats: Formats) -> Iterator[str]:
    yield f"<h2>{escape(one['title'])}</h2>"
    facts = [
        (words["activity"], wording.activity(one["kind"], formats)),
        (words["role"], wording.role(one["role"], formats)),
        (words["organisation"], one["organisation"]),
    ]
    days = sorted(date.fromisoformat(held["on"]) for held in one.get("sessions", ()))
    if days:
        minutes = sum(held["minutes"] for held in one["sessions"])
        facts.append((words["dates"], span(days[0], days[-1], formats)))
        facts.append((words["sessions"], formats.number(len(days))))
        facts.append((words["hours"], formats.number(hours_of(minutes))))
    yield from _facts(facts)
    yield from _section(words["certificates"], [_certificate(held) for held in one.get("certificates", ())])


def _section(title: str, blocks: Sequence[str]) -> Iterator[str]:
    if blocks:
        yield f"<h3>{escape(title)}</h3>"
        yield from blocks


def _goal(goal: Mapping[str, Any], formats: Formats) -> str:
    head = f"{goal['title']} ({wording.status(goal['status'], formats)})"
    told = [text for text in (goal["change"], goal["note"]) if text]
    return _block(head, [escape(text) for text in told])


def _reflection(told: Mapping[str, Any], words: Mapping[str, str], formats: Formats) -> str:
    day = formats.date(date.fromisoformat(told["on"])) if told["on"] else ""
    head = f"{words['final']}, {day}" if told["final"] else day
    parts = [(words[name], told[name]) for name in _PARTS if told[name]]
    return f"<h4>{escape(head)}</h4>\n" + "\n".join(_facts(parts))


def _certificate(held: Mapping[str, Any]) -> str:
    link = escape(held["page"])
    return _block(held["title"], [f'<a href="{link}">{link}</a>'])


def _block(head: str, paragraphs: Sequence[str]) -> str:
    return "\n".join([f"<h4>{escape(head)}</h4>", *(f"<p>{one}</p>" for one in paragraphs)])


def _facts(facts: Sequence[tuple[str, str | None]]) -> Iterator[str]:
    yield "<dl>"
    for name, value in facts:
        if value:
            yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
    yield "</dl>"
