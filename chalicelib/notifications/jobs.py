"""The mail worker, the provider's events, the sweep of what is due, and the words of the user pool's codes.

The work is imported when there is some: every function of the service imports this module, most for other reasons.
"""

from collections import Counter
from typing import Any

from chalice import Blueprint, Rate

from chalicelib.platform import clock
from chalicelib.platform.jobs import SomeFailed, by_batch, enqueue
from chalicelib.platform.observability import count, job, logger

blueprint = Blueprint(__name__)

MAIL_QUEUE = "mail"  # the overlay puts the queue's own ARN in its place
MAILS_A_CALL = 100
SECONDS_TO_GATHER = (
    1  # the queue waits so long for more: it hands over more than ten at a time only to who waits
)


@blueprint.on_sqs_message(
    queue=MAIL_QUEUE, name="send_mail", batch_size=MAILS_A_CALL,
    maximum_batching_window_in_seconds=SECONDS_TO_GATHER,
)  # fmt: skip
@job("send_mail")
def send_mail(event: Any) -> dict[str, Any]:
    """Send the mails of a batch; those that failed go back to the queue alone."""
    return by_batch(
        event, _send, failed="mail failed", metric="MailFailed", tell=lambda error: {"code": _code(error)}
    )


def _send(message_ids: list[str]) -> dict[str, Exception]:
    from chalicelib.notifications import service

    failed, outcomes = {}, Counter[str]()
    for message_id, outcome in service.deliver_all(message_ids, clock.now()).items():
        if isinstance(outcome, Exception):
            failed[message_id] = outcome
            continue
        name = outcome.value if outcome else "nothing to do"
        logger.info("mail", extra={"message_id": message_id, "outcome": name})
        if outcome is not None:
            outcomes[f"Mail{outcome.value.capitalize()}"] += 1
    for name, number in outcomes.items():
        count(name, number)
    return failed


def _code(error: Exception) -> str | None:
    from chalicelib.platform.mail import NotTaken

    return error.code if isinstance(error, NotTaken) else None


@blueprint.on_cw_event({"source": ["aws.ses"]}, name="mail_events")
@job("mail_events")
def mail_events(event: Any) -> None:
    """Keep what the provider tells of our mails: they settle claims in doubt, and suppress addresses."""
    from chalicelib.notifications import service
    from chalicelib.notifications.provider_events import read_event
    from chalicelib.platform.mail import TAG

    told = read_event(event.detail, TAG)
    if told is None:
        count("MailEventIgnored")
        return
    service.record(told, clock.now())
    count(f"MailEvent{told.name}")
    if told.suppress:
        count("AddressSuppressed", len(told.suppress))


@blueprint.schedule(Rate(5, unit=Rate.MINUTES), name="reminders")
@job("reminders")
def reminders(_event: Any) -> None:
    """Write what the clock has to say of sessions, of concerns that wait, of mentorships' health and, once a week, of
    programmes, and queue what is due, or was left lying: what a change could not announce at once, and what a worker
    dropped."""
    from chalicelib.mentorships import service as mentorships
    from chalicelib.notifications import programme_digests, service
    from chalicelib.safety import service as safety

    failed = mentorships.remind_of_sessions(clock.now())
    failed += safety.look_at_due(clock.now())
    ready = service.ready(clock.now())
    enqueue(ready)
    queued = sum(len(ids) for ids in ready.values())
    count("Swept", queued)
    logger.info("swept", extra={"messages": queued})
    # Last, since it can wait for the next run, and mails about sessions cannot.
    failed += mentorships.look_at_health(clock.now())
    programme_digests.write_due(clock.now())
    if failed:
        raise SomeFailed(f"{failed} sessions or other matters wait for another try")


@blueprint.lambda_function(name="custom_message")
@job("custom_message")
def custom_message(event: Any, _context: Any) -> Any:
    """Give the user pool the mail for a code that it is about to send. It waits for the answer, five seconds long,
    and takes one body, which it sends as HTML."""
    from chalicelib.notifications import code_mails
    from chalicelib.platform.settings import settings

    request = event["request"]
    locale = str((request.get("clientMetadata") or {}).get("locale", ""))
    written = code_mails.write(
        event["triggerSource"], request["codeParameter"], locale, settings().web_origin
    )
    if written is not None:
        event["response"]["emailSubject"] = written.subject
        event["response"]["emailMessage"] = code_mails.for_the_pool(written.html)
        count("CodeMailWritten")
    return event
