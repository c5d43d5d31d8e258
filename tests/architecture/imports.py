"""Who may import whom, read from the source by `ast`: the rules of the house, and what breaks them.

A module's place is (part, layer): the part is `kernel`, `platform` or a capability, the layer follows from the file
name. A file of another name beside `model.py` counts as model, pure and without I/O, unless `LAYER_OF` says
otherwise.
"""

import ast
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Each capability may import those before it.
ORDER = (
    "people",
    "words",
    "accounts",
    "organisations",
    "credentials",
    "programmes",
    "rosters",
    "matching",
    "calendars",
    "mentorships",
    "measures",
    "credits",
    "certificates",
    "safety",
    "attendance",
    "series",
    "simulations",
    "circles",
    "events",
    "feeds",
    "notifications",
    "follow_ups",
)

LAYERS = ("model", "store", "service", "schemas", "examples", "routes", "jobs", "__main__")

# Files whose name does not tell their layer. Most are parts of their capability's service, one intent each, that
# service.py would be too long with; other capabilities still ask service.py alone.
LAYER_OF = {
    "chalicelib.circles.access": "service",
    "chalicelib.circles.awarding": "service",
    "chalicelib.circles.forming": "service",
    "chalicelib.circles.mails": "service",
    "chalicelib.circles.meetings.examples": "examples",
    "chalicelib.circles.meetings.feedback": "service",
    "chalicelib.circles.meetings.routes": "routes",
    "chalicelib.circles.meetings.schemas": "schemas",
    "chalicelib.circles.meetings.service": "service",
    "chalicelib.circles.meetings.settling": "service",
    "chalicelib.circles.meetings.store": "store",
    "chalicelib.circles.placing": "service",
    "chalicelib.circles.telling": "service",
    "chalicelib.credits.feedback.examples": "examples",
    "chalicelib.credits.feedback.schemas": "schemas",
    "chalicelib.credits.feedback.service": "service",
    "chalicelib.credits.feedback.store": "store",
    "chalicelib.events.access": "service",
    "chalicelib.events.feedback": "service",
    "chalicelib.events.making": "service",
    "chalicelib.events.meeting": "service",
    "chalicelib.events.placing": "service",
    "chalicelib.events.reminding": "service",
    "chalicelib.events.settling": "service",
    "chalicelib.events.telling": "service",
    "chalicelib.matching.parts.assigning": "service",
    "chalicelib.matching.parts.explaining": "service",
    "chalicelib.matching.parts.files": "store",
    "chalicelib.matching.parts.planning": "service",
    "chalicelib.matching.parts.reading": "service",
    "chalicelib.matching.parts.scoring": "service",
    "chalicelib.matching.parts.steps": "service",
    "chalicelib.mentorships.mutual": "service",
    "chalicelib.series.awarding": "service",
    "chalicelib.series.reminding": "service",
    "chalicelib.series.telling": "service",
    "chalicelib.simulations.telling": "service",
    "chalicelib.simulations.awarding": "service",
    "chalicelib.simulations.reminding": "service",
    "chalicelib.certificates.portfolios.__main__": "__main__",
    "chalicelib.certificates.portfolios.composing": "service",
    "chalicelib.certificates.portfolios.examples": "examples",
    "chalicelib.certificates.portfolios.routes": "routes",
    "chalicelib.certificates.portfolios.schemas": "schemas",
    "chalicelib.certificates.portfolios.service": "service",
    "chalicelib.certificates.portfolios.store": "store",
    "chalicelib.certificates.records.examples": "examples",
    "chalicelib.certificates.records.routes": "routes",
    "chalicelib.certificates.records.schemas": "schemas",
    "chalicelib.certificates.records.service": "service",
    "chalicelib.calendars.feed_store": "store",
    "chalicelib.certificates.reading": "service",
    "chalicelib.certificates.signing": "service",
    "chalicelib.credentials.audit": "service",
    "chalicelib.credentials.authority_views": "schemas",
    "chalicelib.credentials.badge_views": "schemas",
    "chalicelib.credentials.batch_store": "store",
    "chalicelib.credentials.cases": "service",
    "chalicelib.credentials.claiming": "service",
    "chalicelib.credentials.evidence.contained": "service",
    "chalicelib.credentials.evidence.examples": "examples",
    "chalicelib.credentials.evidence.intake": "service",
    "chalicelib.credentials.evidence.jobs": "jobs",
    "chalicelib.credentials.evidence.routes": "routes",
    "chalicelib.credentials.evidence.schemas": "schemas",
    "chalicelib.credentials.evidence.service": "service",
    "chalicelib.credentials.evidence.store": "store",
    "chalicelib.credentials.evidence.upkeep": "service",
    "chalicelib.credentials.expiring": "service",
    "chalicelib.credentials.export_examples": "examples",
    "chalicelib.credentials.export_routes": "routes",
    "chalicelib.credentials.export_schemas": "schemas",
    "chalicelib.credentials.export_store": "store",
    "chalicelib.credentials.exporting": "service",
    "chalicelib.credentials.history": "store",
    "chalicelib.credentials.kept_store": "store",
    "chalicelib.credentials.moving": "service",
    "chalicelib.credentials.notice_store": "store",
    "chalicelib.credentials.number_store": "store",
    "chalicelib.credentials.order_schemas": "schemas",
    "chalicelib.credentials.overdue": "service",
    "chalicelib.credentials.policy": "service",
    "chalicelib.credentials.policy_store": "store",
    "chalicelib.credentials.practitioners": "service",
    "chalicelib.credentials.queue": "service",
    "chalicelib.credentials.queue_store": "store",
    "chalicelib.credentials.registries.check_store": "store",
    "chalicelib.credentials.registries.checking": "service",
    "chalicelib.credentials.registries.examples": "examples",
    "chalicelib.credentials.registries.jobs": "jobs",
    "chalicelib.credentials.registries.load_store": "store",
    "chalicelib.credentials.registries.loading": "service",
    "chalicelib.credentials.registries.lookups": "service",
    "chalicelib.credentials.registries.name_views": "schemas",
    "chalicelib.credentials.registries.routes": "routes",
    "chalicelib.credentials.registries.schemas": "schemas",
    "chalicelib.credentials.rereview": "service",
    "chalicelib.credentials.review": "service",
    "chalicelib.credentials.review_routes": "routes",
    "chalicelib.credentials.revision_schemas": "schemas",
    "chalicelib.credentials.revision_store": "store",
    "chalicelib.credentials.same_numbers": "service",
    "chalicelib.credentials.showing": "service",
    "chalicelib.matching.access": "service",
    "chalicelib.matching.advice_views": "schemas",
    "chalicelib.matching.comparison_schemas": "schemas",
    "chalicelib.matching.configuring": "service",
    "chalicelib.matching.files": "store",
    "chalicelib.matching.lots": "service",
    "chalicelib.matching.messages": "service",
    "chalicelib.matching.name_views": "schemas",
    "chalicelib.matching.pair_schemas": "schemas",
    "chalicelib.matching.progress": "service",
    "chalicelib.matching.proposing": "service",
    "chalicelib.matching.replay": "__main__",
    "chalicelib.matching.report_examples": "examples",
    "chalicelib.matching.report_schemas": "schemas",
    "chalicelib.matching.review": "service",
    "chalicelib.matching.review_schemas": "schemas",
    "chalicelib.matching.settings_schemas": "schemas",
    "chalicelib.matching.settings_store": "store",
    "chalicelib.matching.steps": "service",
    "chalicelib.matching.weight_schemas": "schemas",
    "chalicelib.matching.weight_store": "store",
    "chalicelib.matching.what_if": "service",
    "chalicelib.mentorships.access": "service",
    "chalicelib.mentorships.agreements.due_store": "store",
    "chalicelib.mentorships.agreements.examples": "examples",
    "chalicelib.mentorships.agreements.looking": "service",
    "chalicelib.mentorships.agreements.mails": "service",
    "chalicelib.mentorships.agreements.programme_store": "store",
    "chalicelib.mentorships.agreements.programme_texts": "service",
    "chalicelib.mentorships.agreements.routes": "routes",
    "chalicelib.mentorships.agreements.schemas": "schemas",
    "chalicelib.mentorships.agreements.service": "service",
    "chalicelib.mentorships.agreements.store": "store",
    "chalicelib.mentorships.answering": "service",
    "chalicelib.mentorships.asking": "service",
    "chalicelib.mentorships.assessments.examples": "examples",
    "chalicelib.mentorships.assessments.routes": "routes",
    "chalicelib.mentorships.assessments.schemas": "schemas",
    "chalicelib.mentorships.assessments.service": "service",
    "chalicelib.mentorships.assessments.store": "store",
    "chalicelib.mentorships.beside": "service",
    "chalicelib.mentorships.clearing": "service",
    "chalicelib.mentorships.closing.examples": "examples",
    "chalicelib.mentorships.closing.listing": "service",
    "chalicelib.mentorships.closing.listing_store": "store",
    "chalicelib.mentorships.closing.recording": "service",
    "chalicelib.mentorships.closing.routes": "routes",
    "chalicelib.mentorships.closing.schemas": "schemas",
    "chalicelib.mentorships.closing.service": "service",
    "chalicelib.mentorships.closing.store": "store",
    "chalicelib.mentorships.closing.templates": "service",
    "chalicelib.mentorships.coordinating": "service",
    "chalicelib.mentorships.ending": "service",
    "chalicelib.mentorships.explaining": "service",
    "chalicelib.mentorships.giving.crediting": "service",
    "chalicelib.mentorships.giving.examples": "examples",
    "chalicelib.mentorships.giving.routes": "routes",
    "chalicelib.mentorships.giving.schemas": "schemas",
    "chalicelib.mentorships.giving.service": "service",
    "chalicelib.mentorships.giving.store": "store",
    "chalicelib.mentorships.feedback.asking": "service",
    "chalicelib.mentorships.feedback.due_store": "store",
    "chalicelib.mentorships.feedback.examples": "examples",
    "chalicelib.mentorships.feedback.group_store": "store",
    "chalicelib.mentorships.feedback.grouping": "service",
    "chalicelib.mentorships.feedback.questionnaires": "service",
    "chalicelib.mentorships.feedback.report": "service",
    "chalicelib.mentorships.feedback.routes": "routes",
    "chalicelib.mentorships.feedback.schemas": "schemas",
    "chalicelib.mentorships.feedback.service": "service",
    "chalicelib.mentorships.feedback.store": "store",
    "chalicelib.mentorships.feeds.examples": "examples",
    "chalicelib.mentorships.feeds.routes": "routes",
    "chalicelib.mentorships.feeds.schemas": "schemas",
    "chalicelib.mentorships.feeds.service": "service",
    "chalicelib.mentorships.goals.examples": "examples",
    "chalicelib.mentorships.goals.reminding": "service",
    "chalicelib.mentorships.goals.routes": "routes",
    "chalicelib.mentorships.goals.schemas": "schemas",
    "chalicelib.mentorships.goals.service": "service",
    "chalicelib.mentorships.goals.store": "store",
    "chalicelib.mentorships.introductions.examples": "examples",
    "chalicelib.mentorships.introductions.mails": "service",
    "chalicelib.mentorships.introductions.routes": "routes",
    "chalicelib.mentorships.introductions.schemas": "schemas",
    "chalicelib.mentorships.introductions.service": "service",
    "chalicelib.mentorships.introductions.store": "store",
    "chalicelib.mentorships.health.due_store": "store",
    "chalicelib.mentorships.health.examples": "examples",
    "chalicelib.mentorships.health.looking": "service",
    "chalicelib.mentorships.health.mails": "service",
    "chalicelib.mentorships.health.pulses": "service",
    "chalicelib.mentorships.health.routes": "routes",
    "chalicelib.mentorships.health.schemas": "schemas",
    "chalicelib.mentorships.health.service": "service",
    "chalicelib.mentorships.health.store": "store",
    "chalicelib.mentorships.learning": "service",
    "chalicelib.mentorships.machine": "service",
    "chalicelib.mentorships.mails": "service",
    "chalicelib.mentorships.moving": "service",
    "chalicelib.mentorships.outcome_store": "store",
    "chalicelib.mentorships.parting": "service",
    "chalicelib.mentorships.proposing": "service",
    "chalicelib.mentorships.publishing": "service",
    "chalicelib.mentorships.reach_store": "store",
    "chalicelib.mentorships.reaching": "service",
    "chalicelib.mentorships.recording": "service",
    "chalicelib.mentorships.reflections.examples": "examples",
    "chalicelib.mentorships.reflections.routes": "routes",
    "chalicelib.mentorships.reflections.schemas": "schemas",
    "chalicelib.mentorships.reflections.service": "service",
    "chalicelib.mentorships.reflections.store": "store",
    "chalicelib.mentorships.renaming": "service",
    "chalicelib.mentorships.renewing": "service",
    "chalicelib.mentorships.running_store": "store",
    "chalicelib.mentorships.page.routes": "routes",
    "chalicelib.mentorships.page.schemas": "schemas",
    "chalicelib.mentorships.page.service": "service",
    "chalicelib.mentorships.sessions.access": "service",
    "chalicelib.mentorships.sessions.booking": "service",
    "chalicelib.mentorships.sessions.examples": "examples",
    "chalicelib.mentorships.sessions.mails": "service",
    "chalicelib.mentorships.sessions.place_schemas": "schemas",
    "chalicelib.mentorships.sessions.placing": "service",
    "chalicelib.mentorships.sessions.record_schemas": "schemas",
    "chalicelib.mentorships.sessions.recording": "service",
    "chalicelib.mentorships.sessions.reminding": "service",
    "chalicelib.mentorships.sessions.routes": "routes",
    "chalicelib.mentorships.sessions.schemas": "schemas",
    "chalicelib.mentorships.sessions.service": "service",
    "chalicelib.mentorships.sessions.store": "store",
    "chalicelib.mentorships.stories": "service",
    "chalicelib.mentorships.successes": "service",
    "chalicelib.mentorships.sums": "service",
    "chalicelib.mentorships.task_store": "store",
    "chalicelib.mentorships.tasking": "service",
    "chalicelib.mentorships.telling": "service",
    "chalicelib.mentorships.worker": "service",
    "chalicelib.notifications.choosing": "service",
    "chalicelib.notifications.digest_store": "store",
    "chalicelib.notifications.digests": "service",
    "chalicelib.notifications.doubts": "service",
    "chalicelib.notifications.facts": "service",
    "chalicelib.notifications.preference_store": "store",
    "chalicelib.notifications.programme_digests": "service",
    "chalicelib.notifications.stop_store": "store",
    "chalicelib.notifications.stops": "service",
    "chalicelib.notifications.subjects.accounts": "service",
    "chalicelib.notifications.subjects.certificates": "service",
    "chalicelib.notifications.subjects.circles": "service",
    "chalicelib.notifications.subjects.common": "service",
    "chalicelib.notifications.subjects.coordinating": "service",
    "chalicelib.notifications.subjects.credentials": "service",
    "chalicelib.notifications.subjects.events": "service",
    "chalicelib.notifications.subjects.how_it_was": "service",
    "chalicelib.notifications.subjects.introductions": "service",
    "chalicelib.notifications.subjects.mentorships": "service",
    "chalicelib.notifications.subjects.proposals": "service",
    "chalicelib.notifications.subjects.safety": "service",
    "chalicelib.notifications.subjects.series": "service",
    "chalicelib.notifications.subjects.sessions": "service",
    "chalicelib.notifications.subjects.simulations": "service",
    "chalicelib.programmes.counting": "service",
    "chalicelib.programmes.counting_schemas": "schemas",
    "chalicelib.programmes.counting_store": "store",
    "chalicelib.programmes.directory": "service",
    "chalicelib.rosters.worker": "service",
    "chalicelib.safety.looking": "service",
    "chalicelib.safety.mails": "service",
    "chalicelib.series.access": "service",
    "chalicelib.series.cases.examples": "examples",
    "chalicelib.series.cases.routes": "routes",
    "chalicelib.series.cases.schemas": "schemas",
    "chalicelib.series.cases.service": "service",
    "chalicelib.series.cases.store": "store",
    "chalicelib.series.evaluation.examples": "examples",
    "chalicelib.series.evaluation.routes": "routes",
    "chalicelib.series.evaluation.schemas": "schemas",
    "chalicelib.series.evaluation.service": "service",
    "chalicelib.series.evaluation.store": "store",
    "chalicelib.series.inviting": "service",
    "chalicelib.series.sessions.examples": "examples",
    "chalicelib.series.sessions.routes": "routes",
    "chalicelib.series.sessions.schemas": "schemas",
    "chalicelib.series.sessions.service": "service",
    "chalicelib.series.sessions.settling": "service",
    "chalicelib.series.sessions.store": "store",
    "chalicelib.simulations.case_examples": "examples",
    "chalicelib.simulations.chats.examples": "examples",
    "chalicelib.simulations.chats.routes": "routes",
    "chalicelib.simulations.chats.schemas": "schemas",
    "chalicelib.simulations.chats.service": "service",
    "chalicelib.simulations.chats.store": "store",
    "chalicelib.simulations.ratings.examples": "examples",
    "chalicelib.simulations.ratings.routes": "routes",
    "chalicelib.simulations.ratings.schemas": "schemas",
    "chalicelib.simulations.ratings.service": "service",
    "chalicelib.simulations.ratings.store": "store",
    "chalicelib.simulations.results.examples": "examples",
    "chalicelib.simulations.results.routes": "routes",
    "chalicelib.simulations.results.schemas": "schemas",
    "chalicelib.simulations.results.service": "service",
    "chalicelib.simulations.results.store": "store",
    "chalicelib.simulations.sessions.examples": "examples",
    "chalicelib.simulations.sessions.routes": "routes",
    "chalicelib.simulations.sessions.schemas": "schemas",
    "chalicelib.simulations.sessions.service": "service",
    "chalicelib.simulations.sessions.settling": "service",
    "chalicelib.simulations.sessions.store": "store",
}

# What a layer may import of its own capability.
OWN = {
    "model": {"model"},
    "store": {"model", "store"},
    "service": {"model", "store", "service"},
    # The shapes of what a service returns beyond its model are read where they are put on the wire.
    "schemas": {"model", "service", "schemas"},
    # Plain data for the API's description, and no part of what runs.
    "examples": {"examples"},
    "routes": {"model", "service", "schemas"},
    "jobs": {"model", "service"},
    "__main__": {"model", "service", "__main__"},
}
# What it may import of the capabilities below.
LOWER = {
    "model": {"model"},
    "store": {"model"},
    "service": {"model", "service"},
    # Fields that mean the same (an address, a country code) are spelled by one schema.
    "schemas": {"model", "service", "schemas"},
    "examples": {"examples"},
    "routes": {"model", "service", "schemas"},
    "jobs": {"model", "service"},
    "__main__": {"model", "service"},
}
# What it may import of the platform: None is all of it.
PLATFORM: dict[str, tuple[str, ...] | None] = {
    "model": (),
    "store": ("tables", "outbox", "documents", "settings"),
    "service": None,
    "schemas": ("web.shapes", "web.sentences", "identity", "documents"),
    "examples": (),
    "routes": None,
    "jobs": None,
    "__main__": (),
}
# Of which a service may not know, as it does not know of HTTP.
WEB = "chalicelib.platform.web"

# Third-party packages, and the only modules that may name them.
PLATFORM_ROWS = {
    f"chalicelib.platform.{name}" for name in ("tables", "commit", "outbox", "clock", "outgoing.circuits")
}


@dataclass(frozen=True)
class Place:
    """Where a module stands."""

    part: str
    layer: str


def place(module: str) -> Place:
    """Return a module's place; the part of what lies outside `chalicelib` is empty."""
    if module == "chalicelib" or not module.startswith("chalicelib."):
        return Place("", "")
    _, part, *rest = module.split(".")
    if part in ("kernel", "platform") or not rest:
        return Place(part, "")
    return Place(part, LAYER_OF.get(module) or (rest[0] if rest[0] in LAYERS else "model"))


def modules(root: Path = ROOT) -> dict[str, str]:
    """Return the source of each module of the application by its dotted name."""
    files = [root / "app.py", *sorted((root / "chalicelib").rglob("*.py"))]
    found = {}
    for file in files:
        parts = file.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file.read_text(encoding="utf-8")
    return found


def violations(sources: Mapping[str, str], known: Collection[str]) -> list[str]:
    """Return one line for each import of these sources that the rules forbid; `known` names all modules."""
    found = []
    for module, source in sources.items():
        for line, imported in _imports(source, known):
            why = _forbidden(module, imported)
            if why:
                found.append(f"{module}:{line} imports {imported}: {why}")
    return found


def _imports(source: str, known: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of each import, inside functions and by `later` too; `from x import y` names y if it
    is a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # A relative import would pass by the rules unseen.
            base = ("." * node.level) + (node.module or "")
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield node.lineno, whole if whole in known else base
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "later":
            yield node.lineno, ast.literal_eval(node.args[0])


def unlike_typed(source: str) -> list[str]:
    """Return one line for each module loaded later that is not the one which types are checked against."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            typed = {
                alias.asname or alias.name: f"{one.module}.{alias.name}"
                for one in node.body
                if isinstance(one, ast.ImportFrom)
                for alias in one.names
            }
            found += [
                f"line {one.lineno}: {ast.unparse(one)}"
                for one in node.orelse
                if ast.unparse(one) not in {f"{name} = later({whole!r})" for name, whole in typed.items()}
            ]
    return found


def _forbidden(module: str, imported: str) -> str | None:
    if imported.startswith("."):
        return "imports are written whole, so that they can be searched for"
    if imported.partition(".")[0] == "chalicelib":
        return _inside(module, place(module), imported, place(imported))
    return _outside(module, place(module), imported.partition(".")[0])


def _inside(module: str, here: Place, imported: str, there: Place) -> str | None:
    if not here.part:  # app.py
        wired = there.layer in ("routes", "jobs") or there.part == "platform"
        return None if wired else "app.py wires routes and jobs, and nothing else"
    if there.part == "kernel":
        return None
    if here.part == "kernel":
        return "the kernel stands on the standard library alone"
    if here.part == "platform":
        return None if there.part == "platform" else "the platform knows no capability"
    if there.part == "platform":
        return _platform(here, imported)
    if there.part == here.part:
        ok = there.layer in OWN[here.layer] or not there.layer
        return None if ok else f"a {here.layer} knows no {there.layer}"
    if there.part not in ORDER or here.part not in ORDER:
        return "a capability that ORDER does not name"
    if ORDER.index(there.part) > ORDER.index(here.part):
        return f"{here.part} stands below {there.part}; news upward travels as an outbox event"
    a_part = imported in LAYER_OF and there.layer == "service"
    if there.layer not in LOWER[here.layer] or a_part:
        return f"another capability's {there.layer} is its own; ask its service"
    return None


def _platform(here: Place, imported: str) -> str | None:
    if here.layer == "service" and imported.startswith(WEB):
        return "a service knows nothing of HTTP"
    allowed = PLATFORM[here.layer]
    if allowed is None or imported == "chalicelib.platform":
        return None
    name = imported.removeprefix("chalicelib.platform.")
    return None if name in allowed else f"a {here.layer} knows nothing of platform.{name}"


def _outside(module: str, here: Place, package: str) -> str | None:
    if package in sys.stdlib_module_names:
        return None
    in_app = module == "app"
    if here.part == "kernel":
        return "the kernel stands on the standard library alone"
    if package == "chalice":
        ok = in_app or here.part == "platform" or here.layer in ("routes", "jobs")
        return None if ok else "chalice is named in app.py, routes.py, jobs.py and platform/ alone"
    if package == "pynamodb":
        ok = here.layer == "store" or module in PLATFORM_ROWS
        return None if ok else "pynamodb is named in store.py and in the platform's own rows alone"
    if package in ("boto3", "botocore"):
        return None if here.part == "platform" else "AWS is spoken to in platform/ alone"
    if package == "numpy":
        return None if here.part == "matching" else "numpy is named in matching/ alone"
    if package == "pydantic":
        ok = here.layer in ("schemas", "routes") or module.startswith(WEB)
        return None if ok else "shapes on the wire are written in schemas.py, routes.py and platform/web/"
    if package in _OTHERS:
        return None if _OTHERS[package](module) else f"{package} is not named here"
    return "a package that no rule names"


_OTHERS = {
    "aws_lambda_powertools": lambda module: module == "chalicelib.platform.observability",
    "cryptography": lambda module: module in ("chalicelib.certificates.jws", "chalicelib.platform.sealing"),
    "jwt": lambda module: module in ("chalicelib.platform.tokens", "chalicelib.certificates.jws"),
    "segno": lambda module: module == "chalicelib.certificates.page",
    "openpyxl": lambda module: module.startswith("chalicelib.rosters."),
    "babel": lambda module: module == "chalicelib.words.formats",
    "jinja2": lambda module: module.startswith("chalicelib.notifications."),
    "anyascii": lambda module: module == "chalicelib.credentials.registries.words",
    "pypdf": lambda module: module == "chalicelib.credentials.evidence.pdf_files",
    "simplejpeg": lambda module: module == "chalicelib.credentials.evidence.jpeg_files",
    "urllib3": lambda module: module == "chalicelib.platform.outgoing.exchange",
    "dateutil": lambda module: module == "chalicelib.mentorships.sessions.recurrence",
    "icalendar": lambda module: module == "chalicelib.mentorships.sessions.ics",
    "tzdata": lambda module: module == "chalicelib.matching.engine.overlap",
}
