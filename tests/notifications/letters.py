"""Letters to write: one of each kind, and what varies in them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from chalicelib.matching.evidence import Evidence, Meeting, MetWishes
from chalicelib.matching.model import Contribution, Criterion, Overlap, ProposedPair, SharedLanguage
from chalicelib.mentorships.health.model import Finding, HealthReason, HealthState
from chalicelib.mentorships.sessions.place import Place
from chalicelib.notifications.letters import (
    AccountFacts,
    AdminFacts,
    AgreementFacts,
    CertificateFacts,
    CircleFacts,
    CodeFacts,
    ConcernFacts,
    CredentialFacts,
    DigestFacts,
    EventFacts,
    EventMeeting,
    Facts,
    FeedbackFacts,
    GoalFacts,
    HealthFacts,
    HowItWasFacts,
    IntroductionFacts,
    InvitationFacts,
    Letter,
    MentorshipFacts,
    OverdueFacts,
    Partner,
    ProgrammeDigestFacts,
    ProposalFacts,
    Recipient,
    Sender,
    SeriesFacts,
    SessionFacts,
    SimulationFacts,
    UnverifiedFacts,
)
from chalicelib.notifications.model import CodeKind, Kind
from chalicelib.people.model import Channel
from chalicelib.programmes.model import Side
from chalicelib.words.formats import WeeklySlot

ORIGIN = "https://mentoring.example"
SENDER = Sender("Heart Alliance", "Bridges 2026")
SERIES = Sender("Heart Alliance", "Heart failure ECHO")
AMINA = Recipient("01AMINA", "amina@example.org", "Amina Otieno", "en", "KE", "Africa/Nairobi")
CLAIRE = Partner("Claire Tremblay", "2212", ("cardiology", "medical-education"), "CA")
# What the match says for the two of them.
PAIR = ProposedPair(
    "01AMINA", "01CLAIRE", 600_000,
    tuple(Contribution(criterion, 60_000) for criterion in Criterion),
    (SharedLanguage("en", "C1", "C2"), SharedLanguage("fr", "B2", "C2")),
    Overlap(240, ()),
    Evidence(
        topics=("infection control",), specialties=("medical-education",), growth=("grant writing",),
        countries=Meeting("KE", "CA"), waiting_since=datetime(2026, 8, 31, 22, tzinfo=UTC),
        mentee_wishes=MetWishes(abroad=True), mentor_wishes=MetWishes(interest=("KE",)),
    ),
)  # fmt: skip
PROPOSAL = ProposalFacts(
    sender=SENDER, side="mentee", proposal_id="01PROPOSAL", partner=CLAIRE, languages=("en", "fr"),
    slots=(WeeklySlot(0, 900, 1020), WeeklySlot(5, 1320, 1440)),
    expires_at=datetime(2026, 11, 29, 22, 30, tzinfo=UTC), pair=PAIR,
)  # fmt: skip

MENTORSHIP = MentorshipFacts(
    SENDER, "mentee", CLAIRE, "01MENTORSHIP", datetime(2027, 7, 28, 21, tzinfo=UTC), date(2027, 11, 21),
    date(2028, 5, 21),
)  # fmt: skip


def facts_of(kind: Kind | CodeKind) -> Facts:
    match kind:
        case CodeKind():
            return CodeFacts("{####}")
        case Kind.ACCOUNT_EXISTS:
            return AccountFacts()
        case Kind.ADMIN_ADDED:
            return AdminFacts("Amina Otieno", "Claire Tremblay")
        case Kind.CONCERN_RAISED | Kind.CONCERN_WAITING | Kind.CONCERN_UNDONE | Kind.CONCERN_CLOSED:
            return ConcernFacts()
        case Kind.CERTIFICATE_REVOKED:
            return CertificateFacts(SENDER, "Mentorship completed as a mentee")
        case Kind.CERTIFICATE_AWARDED:
            return CertificateFacts(SERIES, "Tele-mentoring series attended")
        case Kind.SERIES_INVITATION:
            return SeriesFacts(SERIES, "01SERIES", "member")
        case Kind.SERIES_SESSION | Kind.SERIES_SESSION_CANCELLED:
            return SeriesFacts(
                SERIES, "01SERIES", "member", session_id="01SESSION", title="Chest pain without a laboratory",
                starts_at=datetime(2026, 12, 2, 12, tzinfo=UTC), minutes=90,
            )  # fmt: skip
        case Kind.SERIES_CASE:
            return SeriesFacts(SERIES, "01SERIES", "member", case_id="01CASE", state="returned")
        case Kind.SERIES_RECOMMENDATIONS_DUE:
            due_at = datetime(2026, 12, 5, 12, 50, tzinfo=UTC)
            return SeriesFacts(
                SERIES, "01SERIES", "facilitator", case_id="01CASE", state="discussed", due_at=due_at
            )
        case Kind.SERIES_CASE_DUE:
            return SeriesFacts(SERIES, "01SERIES", "member", case_id="01CASE", state="assigned")
        case Kind.SERIES_EVALUATION_DUE:
            return SeriesFacts(SERIES, "01SERIES", "member", phase="pre")
        case Kind.SIMULATION_PLANNED | Kind.SIMULATION_REMINDER | Kind.SIMULATION_ANSWERS_DUE:
            starts_at = datetime(2027, 1, 18, 15, 30, tzinfo=UTC)
            return SimulationFacts(
                Sender("Heart Alliance"),
                "participant",
                "01SIMULATION",
                "Emergencies at night",
                starts_at,
                4,
                100,
                asks="after",
            )
        case Kind.CIRCLE_PLACE | Kind.CIRCLE_SEAT_FREE:
            until = datetime(2026, 11, 29, 9, tzinfo=UTC)
            return CircleFacts(SENDER, "01CIRCLE", "heart failure", until=until)
        case Kind.CIRCLE_NEWS:
            return CircleFacts(SENDER, "01CIRCLE", "heart failure", what="formed")
        case Kind.CIRCLE_WITHOUT_LEAD:
            return CircleFacts(SENDER, "01CIRCLE", "heart failure")
        case Kind.CIRCLE_MEETING | Kind.CIRCLE_MEETING_CHANGED:
            return CircleFacts(
                SENDER, "01CIRCLE", "heart failure", starts_at=datetime(2026, 12, 2, 12, tzinfo=UTC), minutes=60,
                presents=True, hosts=True,
            )  # fmt: skip
        case (
            Kind.EVENT_PLACE | Kind.EVENT_TIMETABLE | Kind.EVENT_CHANGED | Kind.EVENT_REMINDER | Kind.EVENT_MUTUAL
        ):  # fmt: skip
            at = datetime(2026, 12, 9, 15, tzinfo=UTC)
            return EventFacts(
                SENDER, "01EVENT", "Five mentors in an hour", at, 5, 58, "taken",
                (EventMeeting(at, "Claire Tremblay"),), "Claire Tremblay", "01PROPOSAL", clashes=True,
            )  # fmt: skip
        case Kind.ACTIVITY_FEEDBACK_DUE:
            at = datetime(2026, 12, 9, 15, tzinfo=UTC)
            return HowItWasFacts(
                SENDER,
                "event",
                "Five mentors in an hour",
                at,
                at + timedelta(days=28),
                "/events/01EVENT/feedback",
            )
        case Kind.ROSTER_INVITATION | Kind.ENROLMENT_INVITATION:
            return InvitationFacts(SENDER, "mentee", "01PROGRAMME")
        case Kind.CREDENTIAL_VERIFIED:
            return CredentialFacts(Sender("Heart Alliance"), "licence", "KMPDC", date(2027, 11, 22))
        case Kind.CREDENTIAL_REJECTED:
            return CredentialFacts(
                Sender("Heart Alliance"), "degree", "KMPDC", None, "name_differs", "Two family names."
            )
        case Kind.CREDENTIAL_MORE_WANTED:
            missing = ("dates", "evidence")
            return CredentialFacts(
                Sender("Heart Alliance"), "licence", "KMPDC", reason_text="Which year?", missing=missing
            )
        case Kind.CREDENTIAL_REVOKED:
            return CredentialFacts(
                Sender("Heart Alliance"), "licence", "KMPDC", None, "suspended", "As of 12 October."
            )
        case Kind.CREDENTIAL_EXPIRING:
            return CredentialFacts(
                Sender("Heart Alliance"), "licence", "KMPDC", date(2027, 11, 22), days_left=30
            )
        case Kind.CREDENTIAL_EXPIRED:
            return CredentialFacts(Sender("Heart Alliance"), "licence", "KMPDC", date(2027, 11, 22))
        case Kind.EVIDENCE_REJECTED:
            told = "The PDF asks for a password, so no reviewer can open it."
            return CredentialFacts(
                Sender("Heart Alliance"), "licence", "KMPDC", reason_text=told, file_name="licence.pdf"
            )
        case Kind.REVIEWS_OVERDUE:
            return OverdueFacts(Sender("Heart Alliance"), 3, 5)
        case Kind.MENTORSHIP_IN_GRACE:
            return MENTORSHIP
        case Kind.MENTORSHIP_PAUSED | Kind.MENTORSHIP_RESUMED | Kind.MENTORSHIP_HELD:
            return MENTORSHIP
        case Kind.EXTENSION_ASKED | Kind.MENTORSHIP_EXTENDED | Kind.MENTORSHIP_ENDS_SOON:
            return MENTORSHIP
        case Kind.MENTORSHIP_ENDING:
            return MENTORSHIP
        case Kind.MENTORSHIP_CLOSED:
            return replace(MENTORSHIP, is_matched_anew=True)
        case Kind.MENTORS_UNVERIFIED:
            return UnverifiedFacts(SENDER, ("Claire Tremblay", "Wanjiru Njeri"), 2, 3, 1)
        case Kind.PULSE_DUE | Kind.SURVEY_DUE:
            name = "pulse-3" if kind is Kind.PULSE_DUE else "middle"
            until = datetime(2027, 3, 15, 5, tzinfo=UTC)
            return FeedbackFacts(
                SENDER, "mentee", CLAIRE, "01MENTORSHIP", name, name.partition("-")[0], until
            )
        case Kind.GOAL_DUE | Kind.GOAL_OVERDUE:
            title = "Lead the morning round alone"
            return GoalFacts(SENDER, "mentee", CLAIRE, "01MENTORSHIP", title, date(2027, 3, 15))
        case Kind.INTRODUCTION_OFFERED | Kind.INTRODUCTION_ASKED | Kind.INTRODUCTION_MADE:
            email = "wanjiru@example.org" if kind is Kind.INTRODUCTION_MADE else None
            until = datetime(2027, 2, 17, 18, 20, tzinfo=UTC)
            met = Partner("Wanjiru Njeri", "2221", country="KE")
            return IntroductionFacts(SENDER, "mentee", "01INTRODUCTION", CLAIRE, met, until, email)
        case Kind.AGREEMENT_CHANGED:
            changed = ("channels", "meeting_minutes")
            return AgreementFacts(SENDER, "mentee", CLAIRE, "01MENTORSHIP", True, changed)
        case Kind.AGREEMENT_UNSIGNED | Kind.AGREEMENT_SIGNED:
            return AgreementFacts(SENDER, "mentee", CLAIRE, "01MENTORSHIP")
        case (
            Kind.SESSION_BOOKED | Kind.SESSION_PROPOSED | Kind.SESSION_MOVED | Kind.SESSION_CANCELLED
            | Kind.SESSION_DECLINED | Kind.SESSION_REMINDER | Kind.SESSION_UNSAID | Kind.NOTES_MISSING
            | Kind.SESSION_DECLINED | Kind.SESSION_REMINDER | Kind.SESSION_UNSAID | Kind.SESSION_PLACE
            | Kind.CALENDAR_ENTRY
        ):  # fmt: skip
            return SessionFacts(
                SENDER, "mentee", CLAIRE, "America/Toronto", "01MENTORSHIP", "01SESSION",
                datetime(2027, 3, 15, 13, tzinfo=UTC), 60,
                place=Place(Channel.PHONE, None, Side.MENTOR, "+254712345678"),
                clock_changes=(datetime(2027, 11, 8, 14, tzinfo=UTC), datetime(2028, 3, 13, 13, tzinfo=UTC)),
            )  # fmt: skip
        case Kind.MENTORSHIP_NUDGE:
            at = datetime(2027, 4, 1, tzinfo=UTC)
            findings = tuple(Finding(one, HealthState.AMBER, at, 33) for one in HealthReason)
            return HealthFacts(SENDER, "mentee", CLAIRE, "01MENTORSHIP", findings)
        case Kind.REVIEW_DUE:
            return HealthFacts(SENDER, "mentee", CLAIRE, "01MENTORSHIP", goals=2)
        case Kind.WEEKLY_DIGEST:
            return DigestFacts(tuple(letter(one) for one in (Kind.GOAL_DUE, Kind.AGREEMENT_SIGNED)), 3)
        case Kind.PROGRAMME_DIGEST:
            return ProgrammeDigestFacts(SENDER, "01PROGRAMME", 2, 5, 9, 3, 1, 12)
        case _:
            return PROPOSAL


def letter(kind: Kind | CodeKind, locale: str = "en", /, **changes: object) -> Letter:
    """Return a letter of a kind; `changes` are of its facts."""
    told = replace(facts_of(kind), **changes)  # type: ignore[arg-type]
    if isinstance(told, DigestFacts):
        # What is put off goes to the same reader.
        of_reader = tuple(replace(one, recipient=replace(AMINA, locale=locale)) for one in told.letters)
        told = replace(told, letters=of_reader)
    return Letter(kind, replace(AMINA, locale=locale), told)
