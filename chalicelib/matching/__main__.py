"""A match from two spreadsheets, with no server, account or network.

    python -m chalicelib.matching --mentors mentors.csv --mentees mentees.csv --out pairs.csv
    python -m chalicelib.matching replay RUN

`docs/matching.md` describes the columns that come out, `docs/rosters.md` those that go in.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from chalicelib.kernel.errors import DomainError, Invalid
from chalicelib.matching import replay, sheets
from chalicelib.matching.engine import run_match
from chalicelib.matching.model import MatchResult, MatchSettings, Objective, Weights
from chalicelib.matching.report_wording import summary
from chalicelib.rosters.model import Role, RosterParse, RosterRow, parse_roster
from chalicelib.words.catalogues import SOURCE_LANGUAGE, languages
from chalicelib.words.formats import Formats

OK, NOTHING_USABLE, USAGE = 0, 1, 2

_EPILOG = """\
exit codes:
  0  pairs were written (there may be none)
  1  no usable rows on one side, an unreadable file, or, with --strict, any bad row
  2  the command cannot be carried out as given
"""


class UsageProblem(Exception):
    """The command cannot be carried out as given."""


class Unusable(Exception):
    """The files hold nothing to match, or `--strict` forbids going on."""


@dataclass(frozen=True)
class Roster:
    """The good rows of one file, and how many rows were bad."""

    rows: tuple[RosterRow, ...]
    bad: int


FIRST_YEAR, LAST_YEAR = 2000, 2200  # a day that somebody can mean


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["replay"]:
        return replay.main(given[1:])
    options = _parser().parse_args(given)
    try:
        return _run(options)
    except UsageProblem as problem:
        _say(str(problem))
        return USAGE
    except Unusable as problem:
        _say(str(problem))
        return NOTHING_USABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.matching",
        description="Match the mentees of one roster with the mentors of another, all at once.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--mentors", type=Path, required=True, help="roster of mentors, CSV or XLSX")
    parser.add_argument("--mentees", type=Path, required=True, help="roster of mentees, CSV or XLSX")
    parser.add_argument("--out", type=Path, required=True, help="where the pairs go, CSV")
    parser.add_argument("--report", type=Path, help="where the report and the left out go, JSON")
    parser.add_argument(
        "--weights", type=Path, help='weights by criterion, JSON: {"topics": 30, "waiting": 0}'
    )
    parser.add_argument(
        "--column-map", type=Path, help='other headings, JSON: {"Mother tongue": "languages"}'
    )
    parser.add_argument(
        "--objective",
        type=Objective,
        choices=list(Objective),
        default=Objective.TOTAL,
        help="total: the greatest sum of scores (default); stable: no two who would both rather have each other",
    )
    parser.add_argument(
        "--date",
        type=_midnight,
        default=_today(),
        metavar="YYYY-MM-DD",
        help="the day of the run in UTC (default: today); verification and the next 12 weeks count from it",
    )
    parser.add_argument(
        "--language",
        choices=sorted(languages()),
        default=SOURCE_LANGUAGE,
        help="of the report's sentences (default: en)",
    )
    parser.add_argument("--strict", action="store_true", help="write nothing if any row is bad")
    return parser


def _today() -> datetime:
    return datetime.combine(datetime.now(UTC).date(), time(), UTC)


def _midnight(text: str) -> datetime:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2026-11-22") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(
            f"{text!r} is too far away; name a year from {FIRST_YEAR} to {LAST_YEAR}"
        )
    return day


def _require_apart(options: argparse.Namespace) -> None:
    """Refuse to write over a file that is read, or one result over another."""
    read = [one for one in (options.mentors, options.mentees, options.weights, options.column_map) if one]
    taken = {one.resolve(): one for one in read}
    for path in filter(None, (options.out, options.report)):
        if path.resolve() in taken:
            raise UsageProblem(f"{path}: is named twice; the result needs a file of its own")
        taken[path.resolve()] = path


def _run(options: argparse.Namespace) -> int:
    _require_apart(options)
    for path in filter(None, (options.out, options.report)):
        if not path.parent.is_dir():
            raise UsageProblem(f"{path}: there is no folder {path.parent} to write to")
    column_map = _column_map(options.column_map)
    settings = MatchSettings(weights=_weights(options.weights), objective=options.objective)
    contents = [(path, role, _content(path)) for path, role in
                ((options.mentors, Role.MENTOR), (options.mentees, Role.MENTEE))]  # fmt: skip
    mentors, mentees = (_roster(path, role, content, column_map) for path, role, content in contents)
    bad = mentors.bad + mentees.bad
    if bad and options.strict:
        raise Unusable(f"{bad} bad rows, nothing written: mend them, or leave out --strict to go on without")
    if not mentors.rows or not mentees.rows:
        side = options.mentees if mentors.rows else options.mentors
        raise Unusable(f"{side}: no usable row, nothing written")
    pool = sheets.pool_of(mentors.rows, mentees.rows, settings, options.date)
    result = run_match(pool.snapshot)
    _write(options.out, sheets.pairs_csv(result, pool))
    formats = Formats(options.language)
    if options.report:
        document = sheets.report_document(result, pool, formats)
        text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        _write(options.report, text.encode())
    _sum_up(result, formats, options.out, bad)
    return OK


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageProblem(f"{path}: cannot be read: {error.strerror}") from error


def _json(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(_content(path))
    except (ValueError, RecursionError) as error:
        raise UsageProblem(f"{path}: is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise UsageProblem(f"{path}: holds no JSON object")
    return document


def _weights(path: Path | None) -> Weights:
    if path is None:
        return Weights()
    try:
        return Weights.of(_json(path))
    except Invalid as refusal:
        raise UsageProblem(_refusal(path, refusal)) from refusal


def _column_map(path: Path | None) -> Mapping[str, str] | None:
    if path is None:
        return None
    document = _json(path)
    if not all(isinstance(target, str) for target in document.values()):
        raise UsageProblem(f"{path}: each heading is mapped to the name of a column")
    return document


def _refusal(path: Path, refusal: DomainError) -> str:
    lines = [f"{path}: {refusal.detail}"]
    lines += [f"{path}: {error.pointer}: {error.detail}" for error in refusal.errors]
    return "\n".join(lines)


def _roster(path: Path, role: Role, content: bytes, column_map: Mapping[str, str] | None) -> Roster:
    try:
        parse = parse_roster(content, filename=path.name, role=role, column_map=column_map)
    except Invalid as refusal:
        raise Unusable(_refusal(path, refusal)) from refusal
    _tell_problems(path, parse)
    if any(problem.fatal for problem in parse.headings):
        raise Unusable(f"{path}: the headings need mending, nothing written")
    if role is Role.MENTOR and parse.rows and not any(row.verified_until for row in parse.rows):
        _say(f"{path}: no mentor is verified, so nobody can be matched: fill the column verified")
    return Roster(parse.rows, len(parse.bad_rows))


def _tell_problems(path: Path, parse: RosterParse) -> None:
    for note in parse.notes:
        _say(f"{path}: note: {note}")
    for heading in parse.headings:
        _say(f"{path}: heading {heading.heading!r}: {heading.reason}")
    for problem in parse.problems:
        column = f", column {problem.column}" if problem.column else ""
        value = f" (found {problem.value_excerpt!r})" if problem.value_excerpt else ""
        _say(f"{path}: row {problem.row}{column}: {problem.reason}{value}")


def _write(path: Path, content: bytes) -> None:
    """Write the whole file or nothing, so that an old one is never half replaced."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as target:
                target.write(content)
            Path(name).chmod(0o600)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageProblem(f"{path}: cannot be written: {error.strerror}") from error


def _sum_up(result: MatchResult, formats: Formats, out: Path, bad: int) -> None:
    _say(f"{result.report.pairs} pairs written to {out}")
    if bad:
        _say(f"rows left out because they are bad: {bad}")
    for section in summary(result.report, None, formats):
        _say(f"\n{section.title}")
        for sentence in section.sentences:
            _say(f"- {sentence}")


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
