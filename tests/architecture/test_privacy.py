"""No personal data leaves by log, metric, standard output or URL, whether a request succeeds, is refused or fails."""

import contextlib
import json
import logging
from typing import Any

import pytest

import app
from chalicelib.platform import tables
from chalicelib.platform.observability import count, flush, logger
from chalicelib.platform.web.endpoint import ENDPOINTS
from tests.architecture.costs import READS, TRANSACTION, written
from tests.architecture.scenes import CANARY, Key, Scene, load, secret
from tests.architecture.scenes.handlers import HANDLERS
from tests.architecture.sinks import everything_written, personal_in
from tests.support.world import Reply, World

SCENES = load()
KEYS = sorted(ENDPOINTS, key=lambda key: (key[1], key[0]))


def clean(written: str) -> None:
    assert "crossward" in written, "the sinks were not reached, so this shows nothing"
    assert personal_in(written) == []


@pytest.mark.parametrize("leak", ["print", "logger", "extra", "exception", "metric", "library"])
def test_the_sinks_see_a_leak(leak: str) -> None:
    with everything_written() as sink:
        if leak == "print":
            print(secret("word"))  # noqa: T201
        elif leak == "logger":
            logger.debug(secret("word"))
        elif leak == "extra":
            logger.info("refused", extra={"who": secret("word")})
        elif leak == "exception":
            try:
                raise ValueError(secret("word"))
            except ValueError:
                logger.exception("failed")
        elif leak == "metric":
            count(f"{CANARY}Metric")
            flush()
        else:
            logging.getLogger("some.library").warning(secret("word"))
    assert personal_in(sink.getvalue())


@pytest.mark.parametrize("key", KEYS, ids=" ".join)
def test_a_route_tells_nobody_else(world: World, key: Key) -> None:
    """Refused in every way, then failing with a person's words in the error's message, then taken."""
    scene = SCENES[key](world)
    stranger = world.person(name="Canary Stranger")
    with everything_written() as sink:
        statuses = [reply.status for reply in broken(world, scene, stranger)]
    assert all(status < 500 for status in statuses), statuses
    assert any(status >= 400 for status in statuses)
    clean(sink.getvalue())

    if {*READS, TRANSACTION} & set(written()[key].calls):
        with everything_written() as sink, pytest.MonkeyPatch.context() as patch:
            patch.setattr(tables, "_dispatch", failing)
            reply = scene.play(world)
        assert reply.status == 500
        assert CANARY not in reply.text.lower(), "the client gets a number"
        assert "RuntimeError" in sink.getvalue(), "the log gets the class and the place"
        clean(sink.getvalue())

    # Some of what was sent may have been taken after all: a header that the route does not know is none.
    world.begin_anew()
    scene = SCENES[key](world)
    with everything_written() as sink:
        reply = scene.play(world)
    assert reply.status == ENDPOINTS[key].status, reply.text
    clean(sink.getvalue())

    # Addresses stand in access logs, histories and proxies.
    carried = personal_in(f"{scene.path} {scene.query}")
    assert carried == []

    for one in world.messages():
        assert personal_in(f"{one.id} {one.kind} {one.payload}") == []


def test_every_handler_has_a_scene() -> None:
    declared = {one.name for one in (*app.app.event_sources, *app.app.pure_lambda_functions)}
    assert declared == set(HANDLERS)


@pytest.mark.parametrize("name", HANDLERS)
def test_a_handler_tells_nobody_else(world: World, name: str) -> None:
    """Failing with a person's words in the error's message, then done, then handed the same event again."""
    delivery = HANDLERS[name](world)
    with everything_written() as sink, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "_dispatch", failing)
        with contextlib.suppress(Exception):  # it goes back to AWS, which tries again
            delivery.play()
    clean(sink.getvalue())
    for _ in range(2):
        with everything_written() as sink:
            answer = delivery.play()
        clean(sink.getvalue())
    rejected = answer.get("batchItemFailures", []) if answer else []
    assert len(rejected) <= 1, "only the body that is no message of ours comes back"


def failing(_operation: str, _kwargs: dict[str, Any]) -> dict[str, Any]:
    raise RuntimeError(secret("message"))


def broken(world: World, scene: Scene, stranger: str) -> list[Reply]:
    """Send a scene's request in every way that is refused, a canary in each."""
    sent: list[Reply] = []

    def send(path: str | None = None, by: str | None = scene.by, **how: Any) -> None:
        whole = {"body": scene.body, "query": scene.query, "headers": scene.headers, **how}
        if "raw" in how:
            del whole["body"]
        sent.append(world.request(scene.method, path or scene.path, by=by, **whole))

    send(by=stranger)
    if scene.by is not None:
        send(by=None, headers={**scene.headers, "Authorization": f"Bearer {CANARY}"})
    send(query={**scene.query, CANARY: secret("parameter")})
    send(query={**scene.query, "cursor": f"{CANARY}=="})
    send(query={**scene.query, "limit": CANARY})
    send(headers={**scene.headers, "If-Match": CANARY})
    send(headers={**scene.headers, "Idempotency-Key": f"{CANARY} with spaces"})
    ids = [part for part in scene.path.split("/") if len(part) == 26]
    for one in ids:
        send(path=scene.path.replace(one, f"{CANARY}%20{one}"))
    send(path=scene.path.rsplit("/", 1)[0] + f"/{CANARY}")
    if scene.body is not None:
        send(raw=f'{{"{CANARY}": '.encode())
        send(raw=b'{"name": "\xff canary"}')
        send(raw=json.dumps([CANARY]).encode())
        send(raw=f"{CANARY}=1".encode(), headers={**scene.headers, "Content-Type": f"text/{CANARY}"})
        send(body={**scene.body, f"{CANARY}_field": secret("value")})
        for name in scene.body:
            send(body={**scene.body, name: {CANARY: secret("value")}})
            send(body={**scene.body, name: f"{secret('value')}\u0000" * 40})
    return sent
