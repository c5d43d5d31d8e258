"""A simulated case: a branching transcript that the SIMBA model plays by chat, as a document that authors write.

A case is a graph of *scenes* (how the patient is now), the first of which opens it. What a participant may explore are
*topics* (a question of the history, an examination, an investigation, a step of management), each with the ways in
which it is asked for and what is answered, by scene and by setting: a district hospital has no CT. From a scene lead
*ways*, taken when a topic is answered there, and a *time-out*, taken when nothing of that has come in time. A scene
with an outcome is an end.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

DEFAULT_MINUTES = 25
"""SIMBA's own: Melson et al., Journal of the Royal College of Physicians of Edinburgh 2021; 51:168."""


class TopicKind(StrEnum):
    HISTORY = "history"
    EXAMINATION = "examination"
    INVESTIGATION = "investigation"
    MANAGEMENT = "management"


class Voice(StrEnum):
    """Who speaks in a chat beside the participant; NARRATOR tells what happens."""

    PATIENT = "patient"
    NURSE = "nurse"
    LABORATORY = "laboratory"
    COLLEAGUE = "colleague"
    NARRATOR = "narrator"


class CaseOutcome(StrEnum):
    """How a case ends: as the model answer has it, in a way that will do, or to the patient's harm."""

    GOOD = "good"
    ACCEPTABLE = "acceptable"
    HARM = "harm"


@dataclass(frozen=True)
class Setting:
    """Where a case plays, which says what there is."""

    key: str
    name: str


@dataclass(frozen=True)
class Hint:
    """What is told of itself so many minutes after a scene began."""

    after_minutes: int
    text: str


@dataclass(frozen=True)
class TimeOut:
    """Where a scene goes of itself so many minutes after it began."""

    after_minutes: int
    leads_to: str


@dataclass(frozen=True)
class Way:
    """Where a scene goes once a topic was answered in it."""

    topic: str
    leads_to: str


@dataclass(frozen=True)
class Scene:
    """How the patient is, told when it begins; with an outcome, an end."""

    key: str
    text: str
    by: Voice = Voice.NARRATOR
    hints: tuple[Hint, ...] = ()
    time_out: TimeOut | None = None
    ways: tuple[Way, ...] = ()
    outcome: CaseOutcome | None = None


@dataclass(frozen=True)
class Picture:
    """An image at an `https` address, and the same in words for whoever cannot load it."""

    url: str
    text: str


@dataclass(frozen=True)
class Reply:
    """What is answered to a topic.

    Attributes
    ----------
    scenes, settings
        Where it holds; empty is everywhere. The narrower one wins: a named scene before a named setting.
    is_available
        False for "not available here": it is told, and no way is taken.
    """

    text: str
    by: Voice = Voice.PATIENT
    scenes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    is_available: bool = True
    picture: Picture | None = None


@dataclass(frozen=True)
class Topic:
    """Something to explore.

    Attributes
    ----------
    phrases
        How it may be asked for: a few words each, as somebody would write them.
    is_expected
        Whether who does not explore it has missed something.
    """

    key: str
    kind: TopicKind
    name: str
    phrases: tuple[str, ...]
    replies: tuple[Reply, ...]
    is_expected: bool = False

    def reply_in(self, scene: str, setting: str) -> Reply | None:
        """Return what is answered in a scene and setting; None where the transcript has nothing."""
        found = [
            one for one in self.replies
            if (not one.scenes or scene in one.scenes) and (not one.settings or setting in one.settings)
        ]  # fmt: skip
        return max(found, key=rank, default=None)


def rank(reply: Reply) -> tuple[bool, bool]:
    """Return how narrow a reply is."""
    return bool(reply.scenes), bool(reply.settings)


@dataclass(frozen=True)
class CaseDocument:
    """All that an author writes of a case. `language` is a BCP 47 tag; `condition` what it is about."""

    title: str
    condition: str
    language: str
    settings: tuple[Setting, ...]
    opening: str
    scenes: tuple[Scene, ...]
    topics: tuple[Topic, ...]
    model_answer: str
    learning_points: tuple[str, ...]
    minutes: int = DEFAULT_MINUTES

    def scene(self, scene_id: str) -> Scene:
        return next(one for one in self.scenes if one.key == scene_id)

    def topic(self, topic_id: str) -> Topic | None:
        return next((one for one in self.topics if one.key == topic_id), None)

    def follows(self, scene: Scene, topic: Topic, setting: str) -> str | None:
        """Return where a topic leads from a scene, None where it leads nowhere: a way is taken by what is answered,
        not by what there is not."""
        reply = topic.reply_in(scene.key, setting)
        if reply is None or not reply.is_available:
            return None
        return next((one.leads_to for one in scene.ways if one.topic == topic.key), None)


@dataclass(frozen=True)
class SimulatedCase:
    """A case, as its draft names it.

    Attributes
    ----------
    published
        The number of its latest version, 0 where none was published. Versions never change.
    """

    id: str
    organisation_id: str
    title: str
    condition: str
    language: str
    published: int = 0
    version: int | None = None

    def drafted(self, document: CaseDocument) -> "SimulatedCase":
        """Return it as another draft names it."""
        return replace(self, title=document.title, condition=document.condition, language=document.language)


def raw_of(document: CaseDocument) -> dict[str, Any]:
    """Return a document as plain data, for JSON."""
    return asdict(document)


def document_of(raw: Mapping[str, Any]) -> CaseDocument:
    """Read what `raw_of` gave, or a client's body after its shape was checked."""
    whole = dict(raw)
    whole["settings"] = tuple(Setting(**one) for one in raw["settings"])
    whole["scenes"] = tuple(_scene(one) for one in raw["scenes"])
    whole["topics"] = tuple(_topic(one) for one in raw["topics"])
    whole["learning_points"] = tuple(raw["learning_points"])
    return CaseDocument(**whole)


def _scene(raw: Mapping[str, Any]) -> Scene:
    whole = dict(raw)
    whole["by"] = Voice(raw["by"])
    whole["hints"] = tuple(Hint(**one) for one in raw["hints"])
    whole["time_out"] = TimeOut(**raw["time_out"]) if raw["time_out"] else None
    whole["ways"] = tuple(Way(**one) for one in raw["ways"])
    whole["outcome"] = CaseOutcome(raw["outcome"]) if raw["outcome"] else None
    return Scene(**whole)


def _topic(raw: Mapping[str, Any]) -> Topic:
    whole = dict(raw)
    whole["kind"] = TopicKind(raw["kind"])
    whole["phrases"] = tuple(raw["phrases"])
    whole["replies"] = tuple(_reply(one) for one in raw["replies"])
    return Topic(**whole)


def _reply(raw: Mapping[str, Any]) -> Reply:
    whole = dict(raw)
    whole["by"] = Voice(raw["by"])
    whole["scenes"], whole["settings"] = tuple(raw["scenes"]), tuple(raw["settings"])
    whole["picture"] = Picture(**raw["picture"]) if raw["picture"] else None
    return Reply(**whole)
