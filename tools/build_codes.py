"""Build the code lists that `chalicelib.people.codes` reads.

Languages, scripts, territories and their names come from Unicode CLDR as Babel packages it; how close two languages
are from CLDR's distances as langcodes does; time zones from the IANA database as the `tzdata` package carries it. All
are pinned in the requirements' files, so the same pins give the same bytes. Run it after a pin changes:

    python tools/build_codes.py            # writes chalicelib/people/data/*.json
    python tools/build_codes.py --check    # writes nothing, exits 1 where a committed file differs

Income groups, occupations and specialties are tables of their own (see the README beside them); the country
list here is exactly the ISO 3166-1 list of `income_groups.csv`.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files
from itertools import permutations
from pathlib import Path
from typing import Any

import babel
import langcodes
from babel.core import Locale, UnknownLocaleError, get_global

DATA = Path(__file__).resolve().parent.parent / "chalicelib" / "people" / "data"

# Codes that CLDR names but that stand for no one language.
NOT_A_LANGUAGE = frozenset({"mis", "mul", "root", "und", "zxx"})
# Scripts that CLDR names but that no text is written in: inherited, common, unwritten, symbols, unknown ...
NOT_A_SCRIPT = frozenset({"Zinh", "Zmth", "Zsye", "Zsym", "Zxxx", "Zyyy", "Zzzz", "Qaai"})
# Languages of a country are kept when they have a status there or at least this share of its people, %.
MIN_SHARE = 1.0
# From 20 upwards CLDR's distances tell which language people are likely to know as well (Catalans Spanish), not which
# ones are alike; but for those that hold both ways (Nynorsk and Bokmål, Czech and Slovak).
MAX_DISTANCE = 14
MAX_BOTH_WAYS = 24
# The Chinese languages are near to each other in writing; by ear they are not.
ALIKE_IN_WRITING = frozenset({"zh"})
# A script is no matter to who talks: distances are the least over scripts that both may be written in.
SPOKEN_ALIKE_IN = ("", "-Latn", "-Cyrl", "-Arab")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args(argv)

    stale = []
    for name, content in build().items():
        path = DATA / name
        if path.exists() and path.read_text(encoding="utf-8") == content:
            continue
        stale.append(name)
        if not options.check:
            path.write_text(content, encoding="utf-8")
    for name in stale:
        print(f"{'differs' if options.check else 'written'}: {name}", file=sys.stderr)  # noqa: T201
    return 1 if options.check and stale else 0


def build() -> dict[str, str]:
    """Return the text of each generated file by its name."""
    with (DATA / "income_groups.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    alpha3 = {row["alpha2"]: row["alpha3"] for row in rows}
    return {
        "countries.json": _dump(_countries(alpha3), _cldr_source()),
        "languages.json": _dump(
            _languages(alpha3), f"{_cldr_source()}; distances by langcodes {version('langcodes')}"
        ),
        "zones.json": _dump(
            _zones(alpha3), f"IANA time zones {_tz_version()} (public domain), {_cldr_source()}"
        ),
    }


def _cldr_source() -> str:
    version = get_global("cldr")["version"]
    return f"Unicode CLDR {version} (Unicode License V3) by Babel {babel.__version__}"


def _dump(sections: Mapping[str, Mapping[str, Any]], source: str) -> str:
    """One line an entry, so that a new release of the source reads as a small diff."""
    parts = [f' "source": {json.dumps(source)}']
    for name, entries in sections.items():
        lines = ",\n".join(
            f"  {json.dumps(key, ensure_ascii=False)}: {json.dumps(entries[key], ensure_ascii=False)}"
            for key in sorted(entries)
        )
        parts.append(f' "{name}": {{\n{lines}\n }}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


# --- countries ------------------------------------------------------------------------------------


def _countries(alpha3: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    english, french = Locale("en").territories, Locale("fr").territories
    spoken = get_global("territory_languages")
    named = _named_languages()
    countries = {}
    for code, long_code in alpha3.items():
        languages: dict[str, tuple[float, str | None]] = {}
        for tag, facts in spoken.get(code, {}).items():
            status, share = facts["official_status"], float(facts["population_percent"])
            if tag.partition("_")[0] in named and (status or share >= MIN_SHARE):
                languages[tag.replace("_", "-")] = (share, status)
        ordered = sorted(languages.items(), key=lambda item: (-item[1][0], item[0]))
        countries[code] = {
            "alpha3": long_code,
            "en": english[code],
            "fr": french[code],
            "languages": [[tag, share, status] for tag, (share, status) in ordered],
        }
    return {"countries": countries}


# --- languages ------------------------------------------------------------------------------------


def _named_languages() -> frozenset[str]:
    """Base codes that CLDR names in English and does not replace by another code."""
    aliases = get_global("language_aliases")
    return frozenset(
        code
        for code in map(str, Locale("en").languages)
        if "_" not in code and code not in aliases and code not in NOT_A_LANGUAGE
    )


def _languages(countries: Iterable[str]) -> dict[str, dict[str, Any]]:
    english, french = Locale("en"), Locale("fr")
    named = _named_languages()
    regions = {
        code: name
        for code, name in english.territories.items()
        if code in set(countries) or (code.isdigit() and len(code) == 3)
    }
    languages: dict[str, list[str | None]] = {}
    compounds: dict[str, list[str | None]] = {}
    for code, name in english.languages.items():
        base = code.partition("_")[0]
        if base not in named:
            continue
        entry = [name, french.languages.get(code, name), _endonym(code)]
        (compounds if "_" in code else languages)[code.replace("_", "-")] = entry
    return {
        "languages": languages,
        "compounds": compounds,
        "close": _close(languages),
        "language_aliases": {
            old: new.replace("_", "-")
            for old, new in get_global("language_aliases").items()
            if new.partition("_")[0] in named and "_" not in old
        },
        "scripts": {
            code: [name, french.scripts.get(code, name)]
            for code, name in english.scripts.items()
            if code not in NOT_A_SCRIPT
        },
        "regions": {code: [name, french.territories.get(code, name)] for code, name in regions.items()},
        # An old region that fell into several has no single successor: such a tag is refused.
        "region_aliases": {
            old: new[0]
            for old, new in get_global("territory_aliases").items()
            if len(new) == 1
            and new[0] in regions
            and len(old) in (2, 3)
            and old not in regions
            and (len(old) == 2 or old.isdigit())
        },
    }


def _close(languages: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return for each language those that its speakers can talk in too, with CLDR's distance (`MAX_DISTANCE`)."""
    near: dict[tuple[str, str], int] = {}
    for own, other in permutations(sorted(languages), 2):
        distance = min(langcodes.tag_distance(own + script, other + script) for script in SPOKEN_ALIKE_IN)
        if distance <= MAX_BOTH_WAYS and other not in ALIKE_IN_WRITING:
            near[own, other] = distance
    found: dict[str, dict[str, int]] = {}
    for (own, other), distance in near.items():
        if distance <= MAX_DISTANCE or near.get((other, own)) == distance:
            found.setdefault(own, {})[other] = distance
    return found


def _endonym(code: str) -> str | None:
    """The language's name in itself, where CLDR has it."""
    try:
        locale = Locale.parse(code, resolve_likely_subtags=False)
    except (UnknownLocaleError, ValueError):
        return None
    return locale.languages.get(code)


# --- time zones -----------------------------------------------------------------------------------


def _tz_text(name: str) -> str:
    return (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")


def _tz_version() -> str:
    first = _tz_text("tzdata.zi").split("\n", 1)[0]
    return first.removeprefix("# version ")


def _zones(alpha3: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Zones of `zone.tab` with their country, and every other name that means one of them.

    `tzdata.zi` alone is no guide to what is canonical: it makes Africa/Accra a link to Africa/Abidjan because
    their clocks have agreed since 1970. `zone.tab` keeps at least one zone a country, which is what a person
    picks.
    """
    zones: dict[str, list[str]] = {}
    for line in _tz_text("zone.tab").splitlines():
        if line and not line.startswith("#"):
            country, _, name, *_ = line.split("\t")
            if country not in alpha3:
                raise ValueError(f"zone.tab has {name} in {country}, which is no ISO 3166-1 country of ours")
            zones.setdefault(name, []).append(country)
    # No country's, but a wall clock that some people do keep.
    zones["Etc/UTC"] = []

    names: set[str] = set()
    links: dict[str, str] = {}
    for line in _tz_text("tzdata.zi").splitlines():
        if line.startswith("Z "):
            names.add(line.split()[1])
        elif line.startswith("L "):
            _, older, name = line.split()
            links[name] = older
    # CLDR's aliases come first: they stay in the country (Iceland: Atlantic/Reykjavik, not Africa/Abidjan).
    preferred = get_global("zone_aliases")
    aliases = {}
    for name in names | links.keys():  # CLDR also knows names that the database has dropped
        if name in zones:
            continue
        target: str | None = preferred.get(name)
        if target not in zones:
            target = links.get(name)
            while target is not None and target not in zones:
                target = links.get(target)
        if target is not None:
            aliases[name] = target
    return {"zones": zones, "aliases": aliases}


if __name__ == "__main__":
    sys.exit(main())
