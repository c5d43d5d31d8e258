"""The embedded environment for the tests below: the one that `make run` starts, on free ports, without the demo."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.platform import aws
from infra.local.up import Environment
from tests.journeys.deployed import Deployed, own_state_directory
from tests.journeys.people import Cast, sign_up
from tests.support.aws import forget_process_state


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that asks for the environment carries the mark, so that `-m "not emulator"` leaves it out.

    Crowds come last: a story would wait for its own mail behind the hundreds that they cause.
    """
    for item in items:
        if "deployed" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.emulator)
    items.sort(
        key=lambda item: (
            "far_clock" not in getattr(item, "fixturenames", ()),
            item.path.name.endswith("_crowd.py"),
        )
    )


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


@pytest.fixture
def clock(deployed: Deployed) -> Iterator[Deployed]:
    """The environment with a clock to be moved; other tests have real time again.

    Theirs is what is due within five days: where queues are waited for, no test goes so far.
    """
    yield deployed
    deployed.move_clock(timedelta())


@pytest.fixture
def far_clock(deployed: Deployed, emulator: None) -> Iterator[None]:
    """A clock to be moved by months. Its tests are the first of a run: all that others leave behind would come due."""
    yield
    deployed.move_clock(timedelta())


@pytest.fixture(scope="session")
def demo(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The demo cohort's sign-ins, with the cohort loaded."""
    return deployed.seed(Path(tmp_path_factory.mktemp("demo")) / "demo.json")


@pytest.fixture(scope="session")
def cast(deployed: Deployed) -> Cast:
    """An organisation with its staff and a programme, made as an operator and an admin would make them."""
    admin = sign_up(deployed, "Ada Admin")
    deployed.run("infra.admin", admin.email)
    coordinator = sign_up(deployed, "Cora Coordinator")
    reviewer = sign_up(deployed, "Rui Reviewer")
    organisation = admin.post("/v1/organisations", {"name": "Heart Alliance", "country": "KE"})["id"]
    for person, role in ((coordinator, "coordinator"), (reviewer, "reviewer")):
        found = admin.post("/v1/admin/people/search", {"email": person.email})
        admin.put(f"/v1/organisations/{organisation}/members/{found['id']}", {"roles": [role]})
    programme = coordinator.post("/v1/programmes", {"organisation_id": organisation, "name": "Hearts"})["id"]
    return Cast(deployed, coordinator, reviewer, organisation, programme)
