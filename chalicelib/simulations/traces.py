"""What in a simulated case may come from a real patient: the rules that cases of series are checked by, over all that
is told to people in it. Names of patients that are made up are no exception: nobody who reads one knows that it is."""

from collections.abc import Iterator

from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.identifying import Traces, to_take_out, traces_of
from chalicelib.simulations.cases import CaseDocument
from chalicelib.simulations.soundness import MOST_PROBLEMS


def traces_in(document: CaseDocument) -> Traces:
    """Return what in a case may identify somebody, by the pointer of its place."""
    return traces_of(_texts(document))


def certain(traces: Traces) -> tuple[FieldError, ...]:
    """Return what must be taken out before a case is published."""
    return to_take_out(traces)[:MOST_PROBLEMS]


def _texts(document: CaseDocument) -> Iterator[tuple[str, str]]:
    """Yield all that people read or that was written to be compared with what they write, but addresses of pictures."""
    yield "/title", document.title
    yield "/condition", document.condition
    yield "/model_answer", document.model_answer
    for n, point in enumerate(document.learning_points):
        yield f"/learning_points/{n}", point
    for n, setting in enumerate(document.settings):
        yield f"/settings/{n}/name", setting.name
    for n, scene in enumerate(document.scenes):
        yield f"/scenes/{n}/text", scene.text
        for m, hint in enumerate(scene.hints):
            yield f"/scenes/{n}/hints/{m}/text", hint.text
    for n, topic in enumerate(document.topics):
        yield f"/topics/{n}/name", topic.name
        for m, phrase in enumerate(topic.phrases):
            yield f"/topics/{n}/phrases/{m}", phrase
        for m, reply in enumerate(topic.replies):
            yield f"/topics/{n}/replies/{m}/text", reply.text
            if reply.picture is not None:
                yield f"/topics/{n}/replies/{m}/picture/text", reply.picture.text
