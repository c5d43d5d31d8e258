"""One scene a handler that no request reaches: an event with personal data behind it, as AWS hands it over."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.accounts import jobs as accounts_jobs
from chalicelib.certificates import jobs as certificates_jobs
from chalicelib.credentials import jobs as credentials_jobs
from chalicelib.credentials.evidence import jobs as evidence_jobs
from chalicelib.credentials.registries import jobs as registers_jobs
from chalicelib.follow_ups import jobs as follow_ups_jobs
from chalicelib.kernel.clock import from_text
from chalicelib.mentorships import jobs as mentorships_jobs
from chalicelib.notifications import jobs as notifications_jobs
from chalicelib.platform import jobs as platform_jobs
from chalicelib.platform.outbox import OutboxRow
from chalicelib.rosters import jobs as rosters_jobs
from tests.architecture.scenes import (
    address,
    certificates,
    credentials,
    evidence,
    goals,
    mentorships,
    parts,
    registers,
    rosters,
    safety,
    secret,
    sessions,
)
from tests.architecture.scenes.accounts import id_of, signed_up
from tests.architecture.scenes.matching import started
from tests.architecture.scenes.programmes import enrolled
from tests.support.lambda_context import LambdaContext
from tests.support.signing import ensure_key, waiting
from tests.support.world import World


@dataclass(frozen=True)
class Delivery:
    """A handler and the event to hand to it."""

    handler: Callable[[Any, Any], Any]
    event: dict[str, Any]

    def play(self) -> Any:
        return self.handler(self.event, LambdaContext())


def event_of(source: str, detail_type: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": "0", "id": "1", "account": "0", "time": "2026-11-22T02:00:00Z", "region": "eu-west-1",
        "resources": [], "source": source, "detail-type": detail_type, "detail": detail,
    }  # fmt: skip


def queued(*bodies: str) -> dict[str, Any]:
    """Return what SQS hands over."""
    common: dict[str, Any] = {"receiptHandle": "r", "attributes": {}, "messageAttributes": {}}
    return {"Records": [{"messageId": f"m{n}", "body": body, **common} for n, body in enumerate(bodies)]}


def messages(*ids: str) -> dict[str, Any]:
    """Return our own message ids as SQS hands them over, with a body among them that is none."""
    return queued(*(json.dumps({"message_id": one}) for one in ids), secret("body"))


SCHEDULED = event_of("aws.events", "Scheduled Event", {})


def nightly_match(world: World) -> Delivery:
    enrolled(world)
    return Delivery(mentorships_jobs.nightly_match, SCHEDULED)


def run_match(world: World) -> Delivery:
    run_id = started(world, enrolled(world))["ids"]["run_id"]
    return Delivery(mentorships_jobs.run_match, messages(f"match-run:{run_id}:start"))


def match_read(world: World) -> Delivery:
    return Delivery(mentorships_jobs.match_read, parts.before(world, "segment"))


def match_part(world: World) -> Delivery:
    return Delivery(mentorships_jobs.match_part, parts.before(world, "chunk"))


def match_whole(world: World) -> Delivery:
    return Delivery(mentorships_jobs.match_whole, parts.before(world, "plan"))


def match_explain(world: World) -> Delivery:
    return Delivery(mentorships_jobs.match_explain, parts.before(world, "explain"))


def match_publish(world: World) -> Delivery:
    return Delivery(mentorships_jobs.match_publish, parts.before(world, "publish"))


def match_ended(world: World) -> Delivery:
    detail = parts.lost(world)
    return Delivery(
        mentorships_jobs.match_ended,
        event_of("aws.states", "Step Functions Execution Status Change", detail),
    )


def expire_proposals(world: World) -> Delivery:
    mentorships.proposed(world)
    world.pass_time(days=8)
    return Delivery(mentorships_jobs.expire_proposals, SCHEDULED)


def look_at_mentorships(world: World) -> Delivery:
    """The standing of a pair's mentor has ended, and the day of their goal is over."""
    goals.aimed(world)
    world.pass_time(days=366)
    return Delivery(mentorships_jobs.look_at_mentorships, SCHEDULED)


def learn_weights(world: World) -> Delivery:
    mentorships.paired(world)
    world.pass_time(days=98)
    return Delivery(mentorships_jobs.learn_weights, SCHEDULED)


def overdue_reviews(world: World) -> Delivery:
    credentials.waiting(world)
    world.pass_time(days=30)
    return Delivery(credentials_jobs.overdue_reviews, SCHEDULED)


def expiry_notices(world: World) -> Delivery:
    given = credentials.claimed(world)
    path = f"/v1/admin/credentials/{given['ids']['credential_id']}"
    items = world.get(path, by=given["by"]).json["checklist"]
    body = {"valid_until": "2027-01-31", "checklist": {one["code"]: "yes" for one in items}}
    assert world.post(f"{path}/verify", body, by=given["by"]).status == 200
    world.pass_time(days=65)
    return Delivery(credentials_jobs.expiry_notices, SCHEDULED)


def decided(world: World) -> None:
    """Have a mail wait whose text quotes what a reviewer and a person wrote."""
    given = credentials.claimed(world)
    body = {"reason": "other", "text": secret("reason")}
    path = f"/v1/admin/credentials/{given['ids']['credential_id']}/reject"
    assert world.post(path, body, by=given["by"]).status == 200


def send_mail(world: World) -> Delivery:
    decided(world)
    mentorships.proposed(world)
    mails = [one.id for one in world.messages() if one.topic == "mail"]
    assert len(mails) >= 3, mails
    return Delivery(notifications_jobs.send_mail, messages(*mails))


def mail_events(world: World) -> Delivery:
    decided(world)
    told = {
        "eventType": "Bounce",
        "mail": {"destination": [address()], "tags": {"message_id": [world.messages()[0].id]}},
        "bounce": {
            "bounceType": "Permanent",
            "bouncedRecipients": [{"emailAddress": address(), "diagnosticCode": secret("diagnosis")}],
        },
    }
    return Delivery(notifications_jobs.mail_events, event_of("aws.ses", "Email Bounced", told))


def pre_sign_up(world: World) -> Delivery:
    email = signed_up(world)
    event = {
        "version": "1", "triggerSource": "PreSignUp_SignUp", "region": "eu-west-1", "userName": id_of(email),
        "request": {"userAttributes": {"email": email}, "validationData": None},
        "response": {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False},
    }  # fmt: skip
    return Delivery(accounts_jobs.pre_sign_up, event)


def custom_message(world: World) -> Delivery:
    event = {
        "version": "1", "triggerSource": "CustomMessage_SignUp", "region": "eu-west-1", "userName": world.person(),
        "request": {"codeParameter": "{####}", "userAttributes": {"email": address()},
                    "clientMetadata": {"locale": secret("locale")}},
        "response": {"smsMessage": None, "emailMessage": None, "emailSubject": None},
    }  # fmt: skip
    return Delivery(notifications_jobs.custom_message, event)


def reminders(world: World) -> Delivery:
    """Of a decision whose mail was held up, a session within a day, a concern that waits, a mentorship's health."""
    decided(world)
    safety.raised(world)
    given = sessions.booked(world)
    (session,) = world.get(sessions.PATH.format(**given["ids"]), by=given["mentee"]).json["items"]
    world.at = from_text(session["starts_at"]) - timedelta(hours=23)
    return Delivery(notifications_jobs.reminders, SCHEDULED)


def outbox_relay(world: World) -> Delivery:
    decided(world)
    from chalicelib.platform import tables

    row = tables.get(OutboxRow, world.messages()[0].id, "MESSAGE")
    assert row is not None
    record = {
        "eventID": "1", "eventName": "INSERT", "eventSource": "aws:dynamodb", "awsRegion": "eu-west-1",
        "eventSourceARN": "arn:aws:dynamodb:eu-west-1:1:table/outbox/stream/x", "eventVersion": "1.1",
        "dynamodb": {"Keys": {"pk": {"S": row.pk}}, "NewImage": row.serialize(), "SequenceNumber": "1",
                     "ApproximateCreationDateTime": 1763802000,
                     "SizeBytes": 1, "StreamViewType": "NEW_IMAGE"},
    }  # fmt: skip
    return Delivery(platform_jobs.outbox_relay, {"Records": [record]})


def roster_uploaded(world: World) -> Delivery:
    return Delivery(rosters_jobs.roster_uploaded, rosters.uploaded(rosters.opened(world)))


def import_roster(world: World) -> Delivery:
    given = rosters.opened(world)
    rosters.arrive(given)
    return Delivery(rosters_jobs.import_roster, messages(rosters.message_of(given)))


def register_uploaded(world: World) -> Delivery:
    return Delivery(registers_jobs.register_uploaded, registers.uploaded(registers.opened(world)))


def load_register(world: World) -> Delivery:
    given = registers.opened(world)
    registers.arrive(given)
    return Delivery(registers_jobs.load_register, messages(registers.load_message(given)))


def check_register(world: World) -> Delivery:
    given = registers.asked(world)
    return Delivery(registers_jobs.check_register, messages(registers.check_message(given)))


def inspect_evidence(world: World) -> Delivery:
    return Delivery(evidence_jobs.inspect_evidence, evidence.quarantined(world, evidence.announced(world)))


def tidy_evidence(world: World) -> Delivery:
    evidence.kept(world)
    given = evidence.announced(world)
    evidence.inspected(evidence.quarantined(world, given, verdict=None))
    assert world.delete(f"/v1/me/credentials/{given['ids']['credential_id']}", by=given["by"]).status == 204
    world.pass_time(days=4)
    return Delivery(evidence_jobs.tidy_evidence, SCHEDULED)


def sign_certificates(world: World) -> Delivery:
    certificates.ordered(world)
    ensure_key()
    return Delivery(certificates_jobs.sign_certificates, messages(*waiting(world)))


def follow_up(world: World) -> Delivery:
    given = mentorships.asked(world)
    path = f"/v1/programmes/{given['programme']}/enrolments/{given['mentor']}"
    assert world.delete(path, by=given["mentor"], query={"role": "mentor"}).status == 204
    assert world.patch("/v1/me/profile", {"goals": secret("goals")}, by=given["mentor"]).status == 200
    assert world.put(f"/v1/me/blocks/{given['mentor']}", by=given["mentee"]).status == 204
    news = [one.id for one in world.messages() if one.topic == "follow-up"]
    assert len(news) == 4, news
    return Delivery(follow_ups_jobs.follow_up, messages(*news))


HANDLERS: dict[str, Callable[[World], Delivery]] = {
    one.__name__: one
    for one in (
        nightly_match,
        run_match,
        match_read,
        match_part,
        match_whole,
        match_explain,
        match_publish,
        match_ended,
        expire_proposals,
        overdue_reviews,
        expiry_notices,
        look_at_mentorships,
        learn_weights,
        send_mail,
        mail_events,
        custom_message,
        pre_sign_up,
        reminders,
        outbox_relay,
        roster_uploaded,
        import_roster,
        register_uploaded,
        load_register,
        check_register,
        inspect_evidence,
        tidy_evidence,
        sign_certificates,
        follow_up,
    )
}
