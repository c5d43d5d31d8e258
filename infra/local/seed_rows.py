"""The rows of the demo cohort: as the services would have left them, had it all happened over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.credentials.claims import Claim
from chalicelib.credentials.decisions import Decision, RejectReason
from chalicelib.credentials.history import count_history, history_file, put_history
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.model import Credential, Status
from chalicelib.kernel.ids import new_id
from chalicelib.mentorships import model as mentorships
from chalicelib.mentorships import store as mentorships_store
from chalicelib.mentorships.model import DeclineReason, Pair, PairStanding, Proposal, Refusal, Source
from chalicelib.organisations import store as organisations
from chalicelib.organisations.model import Membership, Organisation, Rights, StaffRole
from chalicelib.people import store as people
from chalicelib.people.model import Person, PersonStatus, Profile, Standing
from chalicelib.people.service import ClaimState
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.model import Cadence, Joining, Programme, Publish, Side
from infra.local.cohort import profile_of, verified_until
from infra.local.cohort_shapes import Cohort, DemoDecline, DemoPerson

ORGANISATION = ("Crossward Demo Alliance", "CH")
OPENED = timedelta(days=210)  # how long ago the programmes began: before the first of the cohort came

# Expiry is never stored: it is what verified is called once its last day is over.
_STATUS = {
    "pending": Status.SUBMITTED,
    "verified": Status.VERIFIED,
    "expired": Status.VERIFIED,
    "rejected": Status.REJECTED,
}


class Rows:
    """The cohort as persons, profiles and what they did, with the writes of all of it.

    Attributes
    ----------
    ids
        The id of each person by address.
    organisation_id
        The organisation whose people they are.
    """

    def __init__(self, cohort: Cohort, now: datetime) -> None:
        self._cohort = cohort
        self._now = now
        self.ids = {person.email: new_id(self._joined(person)) for person in cohort}
        signs_in = cohort.sign_ins()
        self._staff = {role: self.ids[signs_in[role].email] for role in ("coordinator", "reviewer", "admin")}
        self._organisation = Organisation(new_id(now - OPENED), *ORGANISATION)
        self._programmes = demo_programmes(self._organisation.id, now)
        self.organisation_id = self._organisation.id
        self._made: dict[str, tuple[Person, Profile]] = {}
        self._set_down: list[Credential] = []

    def groups(self) -> Iterator[list[Write]]:
        """Yield writes that belong together: a person is there with all their rows, or not at all."""
        yield from self._house()
        for person in self._cohort:
            yield self._person(person)
        for decline in self._cohort.declines:
            yield self._decline(decline)
        yield count_history(self._set_down, self._now)

    def _joined(self, person: DemoPerson) -> datetime:
        return self._now - timedelta(days=person.days_here)

    def _house(self) -> Iterator[list[Write]]:
        """The organisation, its coordinator, reviewer and programmes, and the installation's admin."""
        opened = self._now - OPENED
        yield [
            organisations.put_organisation(self._organisation, opened),
            organisations.put_rights(Rights(self._staff["admin"], admin=True), opened),
            organisations.list_admin(self._staff["admin"], opened, admin=True),
            *(programmes_store.put_programme(one, opened) for one in self._programmes.values()),
        ]
        for role in (StaffRole.COORDINATOR, StaffRole.REVIEWER):
            person_id, roles = self._staff[role.value], frozenset({role})
            yield [
                organisations.put_rights(Rights(person_id, roles={self._organisation.id: roles}), opened),
                organisations.put_member(Membership(self._organisation.id, person_id, roles), opened),
            ]

    def _person(self, demo: DemoPerson) -> list[Write]:
        person_id, joined = self.ids[demo.email], self._joined(demo)
        person = Person(
            person_id,
            demo.email,
            demo.given_name,
            demo.family_name,
            demo.locale,
            PersonStatus.ACTIVE,
            Standing(verified_until(demo)),
            confirmed_at=joined,
            created_at=joined,
        )
        profile = replace(
            profile_of(demo) if demo.profile else Profile(person_id),
            person_id=person_id,
            is_mentor=demo.enrolment is not None and demo.enrolment.side == "mentor",
        )
        claims = list(self._credentials(demo, person))
        file = history_file(person_id, claims, self._organisation.name)
        person = replace(person, standing=replace(person.standing, badges=file.standing(self._now).badges))
        self._made[demo.email] = person, profile
        self._set_down += claims
        return [
            people.put_email(demo.email, person_id, ClaimState.CONFIRMED, None, None, joined),
            people.put_person(person, joined),
            people.put_profile(profile, joined),
            *self._enrolments(demo, profile, joined),
            *put_history(file, claims, joined),
        ]

    def _enrolments(self, demo: DemoPerson, profile: Profile, joined: datetime) -> Iterator[Write]:
        if demo.enrolment is None:
            return
        side = Side(demo.enrolment.side)
        offered = demo.enrolment.capacity if side is Side.MENTOR else None
        for n, name in enumerate(demo.enrolment.programmes):
            (enrolment, *known), _ = programmes.enrolment_writes(
                self._programmes[name], profile, side, offered, None, joined
            )
            yield enrolment
            if n == 0:  # all programmes are one organisation's, and a transaction writes a row once
                yield from known

    def _credentials(self, demo: DemoPerson, person: Person) -> Iterator[Credential]:
        for one in demo.credentials:
            submitted = self._now - timedelta(days=one.days_ago)
            decided = min(submitted + timedelta(days=2), self._now)
            decision = None
            if one.reason is not None:
                code, words = one.reason
                decision = Decision(
                    self._staff["reviewer"], decided, reason=RejectReason(code), reason_text=words
                )
            elif one.state != "pending":
                decision = Decision(self._staff["reviewer"], decided, valid_until=one.expires_on)
            claim = Claim(
                kind=Kind(one.kind),
                authority=one.issuer,
                number=one.number,
                name_on_document=person.name,
                country=one.country,
                issued_on=one.issued_on,
                expires_on=one.expires_on,
            )
            yield Credential(
                id=new_id(submitted),
                person_id=person.id,
                person_name=person.name,
                profession=demo.profile["profession"],
                organisation_id=self._organisation.id,
                claim=claim,
                submitted_at=submitted,
                status=_STATUS[one.state],
                decision=decision,
                created_at=submitted,
            )

    def _decline(self, said: DemoDecline) -> list[Write]:
        """A mentee's request that the mentor said no to, half-way through the time that both have been here."""
        mentee, mentor = self._made[said.mentee], self._made[said.mentor]
        together = self._now - max(one.confirmed_at or self._now for one, _ in (mentee, mentor))
        asked, answered = self._now - together * 0.5, self._now - together * 0.4
        programme = self._programmes["main"]
        request = Proposal(
            id=new_id(asked),
            programme_id=programme.id,
            organisation_id=programme.organisation_id,
            mentee=mentorships.card_of(*mentee, Side.MENTEE),
            mentor=mentorships.card_of(*mentor, Side.MENTOR),
            source=Source.MENTEE,
            expires_at=answered + timedelta(days=programme.proposal_days),
            mentee_accepted_at=asked,
            created_at=asked,
        )
        code, words = said.reason
        refusal = Refusal(Side.MENTOR, DeclineReason(code), words)
        declined = mentorships.decline(request, refusal, answered)
        pair = Pair(programme.id, mentee[0].id, mentor[0].id, PairStanding.DECLINED, declined.id)
        return [
            *mentorships_store.put_proposal(declined, answered),
            mentorships_store.settle_pair(pair, answered),
        ]


def demo_programmes(organisation_id: str, now: datetime) -> dict[str, Programme]:
    """Return the demo programmes by the short names that the cohort uses."""
    opened = now - OPENED
    return {
        "main": Programme(
            new_id(opened),
            organisation_id,
            "Mentoring across borders",
            "For health professionals and students who look for a mentor in another country. Pairs are proposed "
            "every night.",
            starts_on=opened.date(),
            ends_on=(now + timedelta(days=365)).date(),
            created_at=opened,
        ),
        "newborn": Programme(
            new_id(opened),
            organisation_id,
            "Mothers and newborns",
            "For those who care for mothers and newborns. The coordinator looks at each pair before it is proposed.",
            publish=Publish.REVIEW,
            joining=Joining.INVITATION,
            mentee_led=False,
            proposal_days=14,
            starts_on=opened.date(),
            ends_on=(now + timedelta(days=180)).date(),
            created_at=opened,
        ),
        "open": Programme(
            new_id(opened),
            organisation_id,
            "Open mentoring",
            "Informal and led by mentees: look mentors up and ask one.",
            cadence=Cadence.MANUAL,
            created_at=opened,
        ),
    }
