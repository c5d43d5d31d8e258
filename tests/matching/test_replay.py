"""A stored run once more: the same bytes, or a word on how they differ."""

from pathlib import Path

import pytest

from chalicelib.matching import documents, replay
from chalicelib.matching.__main__ import main
from chalicelib.matching.engine import run_match
from chalicelib.matching.model import ENGINE_VERSION, PairOfIds, Rule
from chalicelib.matching.snapshot import snapshot_bytes
from tests.matching.pools import random_pool
from tests.mentorships.scene import Scene, make_scene
from tests.support.world import World


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pool = random_pool(11, 9, rules_off=frozenset({Rule.ABROAD}), locked=(PairOfIds("e1", "r1"),))
    (tmp_path / "snapshot.json").write_bytes(snapshot_bytes(pool))
    (tmp_path / "result.json").write_bytes(documents.to_bytes(run_match(pool)))
    return tmp_path


def test_a_downloaded_run_gives_the_same_bytes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "again.json"
    assert main(["replay", str(folder), "--out", str(out)]) == replay.SAME
    assert out.read_bytes() == (folder / "result.json").read_bytes()
    assert "The same bytes." in capsys.readouterr().err


def test_another_result_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = folder / "result.json"
    result.write_bytes(
        result.read_bytes().replace(f'"engine_version":"{ENGINE_VERSION}"'.encode(), b'"engine_version":"1"')
    )
    assert main(["replay", str(folder)]) == replay.OTHER
    assert "engine 1's" in capsys.readouterr().err


def test_where_nothing_is_stored_to_compare_with_it_is_no_success(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "result.json").unlink()
    out = folder / "again.json"
    assert main(["replay", str(folder), "--out", str(out)]) == replay.NOTHING_STORED != 0
    assert "Nothing is compared" in capsys.readouterr().err
    assert out.is_file()  # what the snapshot gives is written all the same


@pytest.mark.parametrize("what", ["nothing", "rubbish"])
def test_what_is_no_run_is_refused(tmp_path: Path, what: str) -> None:
    if what == "rubbish":
        (tmp_path / "snapshot.json").write_bytes(b"{}")
    assert main(["replay", str(tmp_path)]) == replay.USAGE


def test_a_run_is_read_from_the_bucket_with_the_settings_of_its_day(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    scene: Scene = make_scene(world)
    scene.mentor()
    scene.mentee()
    run_id = scene.match()
    later = {"weights": {"topics": 1}, "min_overlap_minutes": 600}
    headers = {"If-Match": '"0"'}
    changed = world.put(scene.path("match-settings"), later, by=scene.coordinator, headers=headers)
    assert changed.status == 200
    assert main(["replay", run_id, "--programme", scene.programme]) == replay.SAME
    assert "The same bytes." in capsys.readouterr().err
    assert main(["replay", "01NONE", "--programme", scene.programme]) == replay.USAGE
