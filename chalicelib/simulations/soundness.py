"""Whether a case can be played: every branch can be come to, none leads nowhere or round for ever, and whatever is
asked of the laboratory has an answer. What is wrong is told at its place in the document."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from chalicelib.kernel.errors import FieldError
from chalicelib.people import codes
from chalicelib.simulations.asking import words_of
from chalicelib.simulations.cases import CaseDocument, Reply, Scene, Setting, Topic, TopicKind, rank

MOST_PROBLEMS = 100
"""Of a document, so many are told; whoever mends these reads the next."""


def problems_of(document: CaseDocument) -> tuple[FieldError, ...]:
    """Return what keeps a case from being played; what stands on a wrong name is told once that is mended."""
    found = list(_names(document)) or [*_replies(document), *_phrases(document), *_branches(document)]
    return tuple(found[:MOST_PROBLEMS])


# Names, and what they point at.


def _names(document: CaseDocument) -> Iterator[FieldError]:
    if codes.language(document.language) is None:
        yield FieldError("/language", "Give a language tag from GET /v1/codes/languages, for example en.")
    for what, ids in (
        ("settings", [one.key for one in document.settings]),
        ("scenes", [one.key for one in document.scenes]),
        ("topics", [one.key for one in document.topics]),
    ):
        yield from _twice(what, ids)
    scenes, topics = {one.key for one in document.scenes}, {one.key for one in document.topics}
    if document.opening not in scenes:
        yield FieldError("/opening", f"There is no scene “{document.opening}”.")
    for n, scene in enumerate(document.scenes):
        yield from _names_of(scene, f"/scenes/{n}", scenes, topics, document.minutes)
    settings = {one.key for one in document.settings}
    for n, topic in enumerate(document.topics):
        for m, reply in enumerate(topic.replies):
            for field, named, known in (
                ("scenes", reply.scenes, scenes),
                ("settings", reply.settings, settings),
            ):
                for k, name in enumerate(named):
                    if name not in known:
                        yield FieldError(
                            f"/topics/{n}/replies/{m}/{field}/{k}", f"There is no {field[:-1]} “{name}”."
                        )


def _twice(what: str, ids: list[str]) -> Iterator[FieldError]:
    counts = Counter(ids)
    for n, one in enumerate(ids):
        if counts[one] > 1 and ids.index(one) != n:
            yield FieldError(f"/{what}/{n}/key", f"“{one}” is there already; give each another key.")


def _names_of(
    scene: Scene, at: str, scenes: Collection[str], topics: Collection[str], minutes: int
) -> Iterator[FieldError]:
    seen = set()
    for n, way in enumerate(scene.ways):
        if way.topic not in topics:
            yield FieldError(f"{at}/ways/{n}/topic", f"There is no topic “{way.topic}”.")
        if way.topic in seen:
            yield FieldError(f"{at}/ways/{n}/topic", f"“{way.topic}” leads somewhere from here already.")
        seen.add(way.topic)
        if way.leads_to not in scenes:
            yield FieldError(f"{at}/ways/{n}/leads_to", f"There is no scene “{way.leads_to}”.")
    out = scene.time_out
    if out and out.leads_to not in scenes:
        yield FieldError(f"{at}/time_out/leads_to", f"There is no scene “{out.leads_to}”.")
    if scene.outcome and (scene.ways or out or scene.hints):
        yield FieldError(f"{at}/outcome", "This is an end: take its ways, hints and time-out out.")
    end = out.after_minutes if out else minutes
    if out and out.after_minutes >= minutes:
        yield FieldError(f"{at}/time_out/after_minutes", f"The case is over after {minutes} minutes.")
    for n, hint in enumerate(scene.hints):
        if hint.after_minutes >= end:
            yield FieldError(
                f"{at}/hints/{n}/after_minutes", f"The scene is over after {end} minutes; nobody reads this."
            )


# What is answered.


def _replies(document: CaseDocument) -> Iterator[FieldError]:
    open_scenes = [one.key for one in document.scenes if one.outcome is None]
    for n, topic in enumerate(document.topics):
        used = set()
        told = False
        for setting in document.settings:
            for scene in open_scenes:
                found = topic.reply_in(scene, setting.key)
                if found is None:
                    if topic.kind is TopicKind.INVESTIGATION and not told:
                        told = True  # once a topic: the same is most often missing everywhere
                        yield FieldError(
                            f"/topics/{n}/replies",
                            f"This investigation has no result in the scene “{scene}” in the setting "
                            f"“{setting.key}”. Add one, or say that it is not available there.",
                        )
                    continue
                same = [
                    one for one in topic.replies if _holds(one, scene, setting) and rank(one) == rank(found)
                ]
                if len(same) > 1 and not told:
                    told = True
                    yield FieldError(
                        f"/topics/{n}/replies/{topic.replies.index(same[1])}",
                        f"In the scene “{scene}” and the setting “{setting.key}” two replies hold alike.",
                    )
                used.add(topic.replies.index(found))
        for m in sorted(set(range(len(topic.replies))) - used):
            if not told:
                yield FieldError(
                    f"/topics/{n}/replies/{m}",
                    "This is never told: narrower replies, or an end, are before it.",
                )


def _holds(reply: Reply, scene: str, setting: Setting) -> bool:
    return (not reply.scenes or scene in reply.scenes) and (
        not reply.settings or setting.key in reply.settings
    )


def _phrases(document: CaseDocument) -> Iterator[FieldError]:
    seen: dict[frozenset[str], str] = {}
    for n, topic in enumerate(document.topics):
        for m, phrase in enumerate(topic.phrases):
            key = frozenset(words_of(phrase))
            at = f"/topics/{n}/phrases/{m}"
            if not key:
                yield FieldError(
                    at, "This has only words that say nothing by themselves; name what is asked for."
                )
            elif seen.setdefault(key, topic.key) != topic.key:
                yield FieldError(at, f"The topic “{seen[key]}” is asked for in the same words.")


# Branches.

Edges = Mapping[str, tuple[str, ...]]


def _branches(document: CaseDocument) -> Iterator[FieldError]:
    place = {one.key: n for n, one in enumerate(document.scenes)}
    graphs = {one.key: _edges(document, one.key) for one in document.settings}
    reached = {setting: _from({document.opening}, edges) for setting, edges in graphs.items()}
    for scene in document.scenes:
        if not any(scene.key in one for one in reached.values()):
            yield FieldError(f"/scenes/{place[scene.key]}", "Nothing that can be asked leads to this scene.")
    yield from _ways(document, place)
    ends = {one.key for one in document.scenes if one.outcome is not None}
    told: set[str] = set()
    for setting, edges in graphs.items():
        backwards = _from(ends, _reversed(edges))
        for scene_id in sorted(reached[setting] - backwards - told, key=place.__getitem__):
            told.add(scene_id)
            why = (
                f"goes round in a loop that no end can be come to from ({', '.join(edges[scene_id])})"
                if edges[scene_id]
                else "is a dead end: nothing leads on from it, and it has no outcome"
            )
            yield FieldError(f"/scenes/{place[scene_id]}", f"In the setting “{setting}” this scene {why}.")
    yield from _rounds(document, place)


def _ways(document: CaseDocument, place: Mapping[str, int]) -> Iterator[FieldError]:
    for scene in document.scenes:
        for n, way in enumerate(scene.ways):
            topic = document.topic(way.topic)
            if topic and not any(document.follows(scene, topic, one.key) for one in document.settings):
                yield FieldError(
                    f"/scenes/{place[scene.key]}/ways/{n}",
                    f"Nobody can take this: “{way.topic}” has no reply in this scene, or is nowhere available.",
                )


def _rounds(document: CaseDocument, place: Mapping[str, int]) -> Iterator[FieldError]:
    """Yield the scenes that time-outs alone lead back to."""
    after = {one.key: (one.time_out.leads_to,) for one in document.scenes if one.time_out}
    for scene_id, following in after.items():
        if scene_id in _from(set(following), after):
            yield FieldError(
                f"/scenes/{place[scene_id]}/time_out", "Time-outs alone lead back to this scene."
            )


def _edges(document: CaseDocument, setting: str) -> Edges:
    topics = {one.key: one for one in document.topics}
    found = {}
    for scene in document.scenes:
        ways = (document.follows(scene, topics[one.topic], setting) for one in scene.ways)
        out = [scene.time_out.leads_to] if scene.time_out else []
        found[scene.key] = tuple(dict.fromkeys([*(one for one in ways if one), *out]))
    return found


def _from(starts: Iterable[str], edges: Mapping[str, tuple[str, ...]]) -> set[str]:
    found, waiting = set(starts), list(starts)
    while waiting:
        for one in edges.get(waiting.pop(), ()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


def _reversed(edges: Edges) -> Edges:
    found: dict[str, tuple[str, ...]] = {}
    for one, others in edges.items():
        for other in others:
            found[other] = (*found.get(other, ()), one)
    return found


def is_expectable(topic: Topic, document: CaseDocument, setting: str) -> bool:
    """Tell whether an expected topic can be explored in a setting at all: what is available nowhere is no miss."""
    replies = (
        topic.reply_in(one.key, setting)
        for one in document.scenes
        if one.outcome is None
    )  # fmt: skip
    return topic.is_expected and any(one is not None and one.is_available for one in replies)
