"""Each operation's test has a node id of its own: several processes share tests out by id, and of equal ids run one."""

import pytest
from _pytest.nodeid import coerce_node_id


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # schemathesis names its items by operation, and leaves them the id of their function.
        label = item.name.partition("[")[2]
        if label and "[" not in item.nodeid:
            item._id = coerce_node_id(f"{item.nodeid}[{label}")
    ids = [item.nodeid for item in items]
    if len(set(ids)) < len(ids):
        raise pytest.UsageError("tests of one id: all but one would silently not be run")
