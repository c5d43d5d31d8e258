"""Mentorships from earlier releases get what they lack, once."""

from chalicelib.mentorships import running_store
from chalicelib.mentorships.agreements import due_store
from chalicelib.mentorships.feedback import due_store as feedback_due
from chalicelib.mentorships.health import due_store as health_due_store
from chalicelib.people import store as people_store
from chalicelib.platform import tables
from infra.mend_mentorships import mend
from tests.credentials.support import claim, submitted
from tests.mentorships.pairs import paired
from tests.mentorships.scene import make_scene
from tests.mentorships.test_ties import code, reviewing
from tests.support.world import World


def test_ties_and_looks_are_written_for_what_lacks_them(world: World) -> None:
    old, other = paired(make_scene(world)), paired(make_scene(world))
    row_class, pk, sk = running_store.look_key(old.id)
    world.write(
        tables.delete_entry(people_store.TieRow, *people_store._tie(old.mentee, old.mentor)),
        tables.delete_entry(row_class, pk, sk),
        health_due_store.put_due(old.id, None, world.at),
        tables.delete_entry(*feedback_due.ask_key(old.id)),
        *reviewing(world, old.scene.organisation, old.mentee),
    )
    case = submitted(world, old.mentor, number="B 7", organisation_id=old.scene.organisation)
    kept = tables.get(*running_store.look_key(other.id))
    # Their agreements are not looked at, either.
    two_of_old = running_store.get_mentorship(old.mentee, old.id)
    assert two_of_old is not None
    assert list(due_store.due(two_of_old.started_at)) == []
    assert world.get(f"/v1/mentorships/{other.id}/agreement", by=other.mentee).status == 200
    kept_health = tables.get(*health_due_store.due_key(other.id))
    assert tables.get(*health_due_store.due_key(old.id)) is None
    assert mend() == 2
    assert tables.get(*health_due_store.due_key(old.id)) is not None
    again_health = tables.get(*health_due_store.due_key(other.id))
    assert kept_health is not None
    assert again_health is not None
    assert again_health.gsi1sk == kept_health.gsi1sk
    assert set(due_store.due(two_of_old.started_at)) == {old.id}
    assert code(claim(world, case, old.mentee)) == "shares-mentorship"
    assert tables.get(row_class, pk, sk) is not None
    assert tables.get(*feedback_due.ask_key(old.id)) is not None
    again = tables.get(*running_store.look_key(other.id))
    assert kept is not None
    assert again is not None
    assert again.due_at == kept.due_at, "one that is looked at keeps its day"
    assert mend() == 2
