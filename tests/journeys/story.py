"""Amina, a mentee in Nairobi who reads Arabic, and Claire, a mentor in Toronto who reads English, in the weeks around
the Sunday on which Toronto's clocks go back."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from chalicelib.kernel.clock import system_clock
from chalicelib.platform import clock as domain_clock
from tests.journeys.calendar_program import CalendarProgram
from tests.journeys.deployed import Deployed, Mail
from tests.journeys.people import Participant, enrol, fresh_address, sign_up, windows
from tests.journeys.post import Post, Reader

PROGRAMME = "Heart Bridges"
PROFILE = {
    "specialties": ["cardiology"], "channels": ["video", "chat"],
    "availability": windows("mon", "wed", "thu", "sat", start="07:00", end="21:00"),
}  # fmt: skip
AMINA = {
    **PROFILE, "profession": "2211", "career_stage": "early", "country": "KE", "time_zone": "Africa/Nairobi",
    "languages": [{"language": "ar", "level": "C2"}, {"language": "en", "level": "C1"}], "connection": "fair",
    "topics_sought": ["heart failure"], "goals": "I want to start a heart failure clinic in my hospital.",
}  # fmt: skip
CLAIRE = {
    **PROFILE, "profession": "2212", "career_stage": "senior", "country": "CA", "time_zone": "America/Toronto",
    "languages": [{"language": "en", "level": "C2"}, {"language": "fr", "level": "C1"}], "connection": "good",
    "topics_offered": ["heart failure"], "goals": "I want to share what I know of heart failure clinics.",
}  # fmt: skip
LICENCE = {
    "kind": "licence", "authority": "College of Physicians and Surgeons of Ontario", "number": "04-1234",
    "name_on_document": "Claire Tremblay", "country": "CA", "issued_on": "2015-06-01",
}  # fmt: skip


def next_autumn(now: datetime) -> date:
    """Return the first Sunday of a November, when Toronto's clocks go back, that leaves the story time before it."""
    for year in (now.year, now.year + 1):
        first = date(year, 11, 1)
        sunday = first + timedelta(days=6 - first.weekday())
        if sunday - timedelta(days=22) > now.date():
            return sunday
    raise AssertionError("there is a November each year")


@dataclass(repr=False)
class Story:
    """Who lives it, and at which moment of it they are."""

    deployed: Deployed
    post: Post
    sunday: date
    cora: Participant = field(init=False)
    amina: Participant = field(init=False)
    claire: Participant = field(init=False)
    programme: str = ""
    path: str = ""
    calendars: dict[str, CalendarProgram] = field(default_factory=dict)

    def joins(self, name: str, language: str = "en", direction: str = "ltr") -> Participant:
        """Have somebody sign up, whose mailbox and calendar the story follows."""
        called, address = name.split()[0].lower(), fresh_address(name.split()[0].lower())
        self.post.readers[address] = Reader(called, address, language, direction)
        self.calendars[called] = CalendarProgram(address, self.deployed.place.data["MailFrom"])
        return sign_up(self.deployed, name, email=address, locale=language)

    def day(self, number: int) -> date:
        return self.sunday + timedelta(days=number)

    def at(self, day: int, at: str, *jobs: str) -> None:
        """Let it be another moment, at which some schedules fire."""
        instant = datetime.combine(self.day(day), time.fromisoformat(at), UTC)
        domain_clock.set_offset(instant - system_clock())
        for job in jobs:
            self.deployed.fire(job)

    def brings(self, **subjects: list[str]) -> list[Mail]:
        """Wait for the mails that come at this moment; see `Post.brings`."""
        return self.post.brings(**subjects)


def begin(deployed: Deployed) -> Story:
    """Return the two, with what goes before: an organisation, its coordinator, a programme, and a mentor who is
    verified."""
    begun = Story(deployed, Post(deployed, f"{PROGRAMME}: "), next_autumn(datetime.now(UTC)))
    begun.at(-20, "13:00")
    admin = sign_up(deployed, "Ada Admin")
    deployed.run("infra.admin", admin.email)
    begun.cora = begun.joins("Cora Coordinator")
    begun.amina = begun.joins("Amina Idris", "ar", "rtl")
    begun.claire = begun.joins("Claire Tremblay")
    organisation = admin.post("/v1/organisations", {"name": "Heart Alliance", "country": "KE"})["id"]
    found = admin.post("/v1/admin/people/search", {"email": begun.cora.email})
    rights = {"roles": ["coordinator", "reviewer"]}
    admin.put(f"/v1/organisations/{organisation}/members/{found['id']}", rights)
    rules = {
        "organisation_id": organisation, "name": PROGRAMME, "cadence": "manual", "mentorship_months": 2,
        "goal_review_sessions": 3,
        "certificate": {"sessions": 5, "minutes": 200, "goals_reached": 1, "final_reflection": True},
        "video": {"provider": "generated_room", "address": "https://meet.example.org"},
    }  # fmt: skip
    begun.programme = begun.cora.post("/v1/programmes", rules)["id"]
    begun.amina.patch("/v1/me/profile", AMINA)
    begun.claire.patch("/v1/me/profile", CLAIRE)
    quiet = {"kinds": [], "quiet_hours": {"start": "21:00", "end": "07:00"}}
    begun.claire.change("PUT", "/v1/me/mail-preferences", quiet)
    # What she reads of the programme once a week comes on weekdays, and the story's days are dates.
    none = {"kinds": [{"kind": "programme-digest", "frequency": "off"}], "quiet_hours": None}
    begun.cora.change("PUT", "/v1/me/mail-preferences", none)
    claim = {**LICENCE, "organisation_id": organisation, "expires_on": str(begun.day(2000))}
    credential = begun.claire.post("/v1/me/credentials", claim)["id"]
    case = begun.cora.post(f"/v1/admin/credentials/{credential}/claim")
    checklist = {item["code"]: "yes" for item in case["checklist"]}
    begun.cora.post(f"/v1/admin/credentials/{credential}/verify", {"checklist": checklist})
    enrol(begun.amina, begun.programme, "mentee")
    enrol(begun.claire, begun.programme, "mentor", capacity=1)
    begun.brings(
        cora=["Confirm your address for Crossward"], amina=["أكّد عنوانك لدى Crossward"],
        claire=["Confirm your address for Crossward", "Your credential has been verified"],
    )  # fmt: skip
    return begun
