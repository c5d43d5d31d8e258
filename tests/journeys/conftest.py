"""The embedded environment for the tests below: the one that `make run` starts, on free ports, without the demo."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.platform import aws
from infra.local.up import Environment
from tests.journeys.deployed import Deployed, own_state_directory
from tests.support.aws import forget_process_state


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that asks for the environment carries the mark, so that `-m "not emulator"` leaves it out."""
    for item in items:
        if "deployed" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.emulator)
            # One process of the run has the emulator; its tests are not spread.
            item.add_marker(pytest.mark.xdist_group("emulator"))


@pytest.fixture(scope="session")
def deployed(request: pytest.FixtureRequest) -> Iterator[Deployed]:
    """The packaged application, deployed once for all tests of the run.

    Its data is shared: a test makes its own people and programmes and looks at those alone.
    """
    state = own_state_directory()
    failed_before = request.session.testsfailed
    with Environment(state, say=print) as environment:
        environment.warm()
        deployed = Deployed(environment.place)
        yield deployed
        denials = deployed.denials()
    if request.session.testsfailed == failed_before:
        shutil.rmtree(state)  # else its logs stay for whoever looks
    assert denials == [], "functions lack permissions that they use: see .chalice/policy-*.json"


@pytest.fixture
def emulator(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the services of this process act on the emulator."""
    for name, value in deployed.place.environment().items():
        monkeypatch.setenv(name, value)
    forget_process_state()
    aws.client.cache_clear()
    yield
    forget_process_state()
    aws.client.cache_clear()


@pytest.fixture(scope="session")
def demo(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The demo cohort's sign-ins, with the cohort loaded."""
    return deployed.seed(Path(tmp_path_factory.mktemp("demo")) / "demo.json")
