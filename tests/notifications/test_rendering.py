"""What a mail says, in each language, to whom, and that nothing in it can be turned against its reader."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.credentials.claims import Kind as CredentialKind
from chalicelib.credentials.decisions import Missing, RejectReason, RevokeReason
from chalicelib.notifications import rendering
from chalicelib.notifications.letters import Letter, Partner
from chalicelib.notifications.model import CodeKind, Kind, Written, cleaned
from chalicelib.words import formats as formats_room
from chalicelib.words.catalogues import catalogue, languages
from chalicelib.words.formats import Formats, WeeklySlot
from tests.notifications.letters import AMINA, CLAIRE, ORIGIN, PROPOSAL, letter

LANGUAGES = sorted(languages())
KINDS: list[Kind | CodeKind] = [*Kind, *CodeKind]
EACH = [(kind, language) for kind in KINDS for language in LANGUAGES]
# What does not hang on the words is tried in the two languages that word it most unlike, or the suite grows by each.
IN_TWO = [(kind, language) for kind in KINDS for language in ("en", "fr")]
PROPOSALS = [kind for kind in Kind if kind.startswith("proposal")]
WAITING = [Kind.PROPOSAL_MADE, Kind.PROPOSAL_ACCEPTED, Kind.PROPOSAL_EXPIRING]


class Page(HTMLParser):
    """The elements, attributes and text of a page, and whether each element was closed."""

    VOID = ("meta", "br", "hr")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data + "\n"


def flat(text: str) -> str:
    """Return a text on one line with plain spaces, as a reader takes it in."""
    return " ".join(text.split())


def plain(text: str) -> str:
    """Return a text as `flat` does, without the signs that isolate what runs the other way."""
    return flat(re.sub("[\u2066-\u2069]", "", text))


def test_there_is_a_catalogue_of_each_language_a_person_can_choose() -> None:
    from typing import get_args

    from chalicelib.people.schemas import Locale

    assert set(LANGUAGES) <= set(get_args(Locale))
    # One that is chosen before its catalogue is there, and any other, reads the texts' own.
    for locale in ({*get_args(Locale), "de", "zh-Hant"}) - set(LANGUAGES):
        assert rendering.write(letter(Kind.SESSION_BOOKED, locale), ORIGIN).language == "en"


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_each_kind_says_the_same_in_text_and_in_html(kind: Kind | CodeKind, language: str) -> None:
    mail = rendering.write(letter(kind, language), ORIGIN)
    page = Page(mail.html)
    assert page.open == []
    assert {value for name, value in page.attributes if name == "lang"} == {language}
    direction = "rtl" if language == "ar" else "ltr"
    assert [value for name, value in page.attributes if name == "dir"] == [direction] * 3
    assert mail.language == language
    words = plain(page.words)
    # A line of the text stands in the page, in its order, but for its bullet and for the address of a link: so a
    # browser that shows text alone reads out the same mail.
    read = 0
    for line in mail.text.replace("\n--\n", "\n").splitlines():
        label, _, address = line.removeprefix("- ").partition(ORIGIN)
        shown = plain(label).rstrip(": ") if address else plain(label)
        for part in shown.split(": ", 1) if shown not in words else (shown,):
            found = words.find(plain(part).rstrip(" :"), read)
            assert found >= 0, line
            read = found
    assert plain(mail.subject) in words
    assert 10 < len(mail.subject) < 120
    assert len(mail.html.encode()) < 8_000


@pytest.mark.parametrize("kind", KINDS)
def test_languages_differ_throughout(kind: Kind | CodeKind) -> None:
    """No sentence of English stands in another language's mail."""
    english = rendering.write(letter(kind), ORIGIN)
    sentences = {line for line in english.text.splitlines() if len(line) > 40 and ORIGIN not in line}
    assert sentences
    for language in {*LANGUAGES} - {"en"}:
        other = rendering.write(letter(kind, language), ORIGIN)
        assert english.subject != other.subject
        # What a person or a review wrote stays as it is written, and stands there as a value.
        left = {line for line in other.text.splitlines() if any(line in one for one in sentences)} - {
            "",
            "--",
        }
        assert not {line for line in left if len(line) > 40 and ORIGIN not in line}


@pytest.mark.parametrize(("kind", "language"), IN_TWO)
def test_each_says_why_it_came_and_from_whom(kind: Kind | CodeKind, language: str) -> None:
    mail = rendering.write(letter(kind, language), ORIGIN)
    why = mail.text.rpartition("--")[2]
    assert ("because" in why) if language == "en" else ("parce que" in why)
    from_nobody = (
        Kind.ACCOUNT_EXISTS,
        Kind.ADMIN_ADDED,
        Kind.CONCERN_RAISED,
        Kind.CONCERN_WAITING,
        Kind.CONCERN_UNDONE,
        Kind.CONCERN_CLOSED,
        Kind.WEEKLY_DIGEST,
    )
    if kind not in from_nobody and isinstance(kind, Kind):
        assert "Heart Alliance" in why
    if kind in (*PROPOSALS, Kind.ROSTER_INVITATION):
        assert "Bridges 2026" in why


@pytest.mark.parametrize(("kind", "language"), IN_TWO)
def test_the_page_needs_nothing_from_afar(kind: Kind | CodeKind, language: str) -> None:
    page = Page(rendering.write(letter(kind, language), ORIGIN).html)
    assert not {"img", "script", "link", "iframe", "table", "style", "form"} & set(page.tags)
    links = [value or "" for name, value in page.attributes if name in ("href", "src")]
    assert all(link.startswith(f"{ORIGIN}/") for link in links)
    assert page.tags.count("h1") == 1
    assert "title" in page.tags


@pytest.mark.parametrize(("kind", "language"), IN_TWO)
def test_without_an_address_of_the_web_client_the_mail_still_says_what_to_do(
    kind: Kind | CodeKind, language: str
) -> None:
    mail = rendering.write(letter(kind, language), "*")
    assert "*" not in mail.text
    assert "href" not in mail.html
    if kind in WAITING:
        assert ("sign in" if language == "en" else "connectez-vous") in mail.text


@pytest.mark.parametrize("kind", WAITING)
@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_a_proposal_shows_the_other_side_and_by_when_to_answer(kind: Kind, side: str) -> None:
    mail = rendering.write(letter(kind, side=side), ORIGIN)
    for words in ("Claire Tremblay", "Specialist medical practitioners", "Cardiology", "Medical education",
                  "Canada", "English", "French", "(Nairobi time)",
                  f"{ORIGIN}/proposals/01PROPOSAL"):  # fmt: skip
        assert words in mail.text
    # 22:30 UTC is the next day in Nairobi.
    assert "Monday, 30 November 2026" in mail.text
    assert "01:30" in mail.text
    assert "Monday, 15:00 to 17:00" in mail.text
    assert "Saturday, 22:00 to 00:00" in mail.text


def test_a_proposal_in_french_speaks_french_down_to_codes_and_dates() -> None:
    for_amina = replace(AMINA, locale="fr", country="CM", time_zone="Africa/Douala")
    mail = rendering.write(Letter(Kind.PROPOSAL_MADE, for_amina, PROPOSAL), ORIGIN)
    text = flat(mail.text)
    for words in ("Bonjour Amina Otieno", "Nous vous proposons Claire Tremblay comme mentor", "Médecins spécialistes",
                  "Cardiologie et Pédagogie médicale", "anglais (C1, C2) ; français (B2, C2)",
                  "dimanche 29 novembre 2026", "23:30", "lundi, de 15:00 à 17:00", "(heure locale : Douala)",
                  "Canada"):  # fmt: skip
        assert words in text
    assert "proposal" not in text.replace(f"{ORIGIN}/proposals/", "")


@pytest.mark.parametrize(
    ("kind", "side", "words"),
    [
        (Kind.PROPOSAL_MADE, "mentee", "as your mentor"),
        (Kind.PROPOSAL_MADE, "mentor", "that you mentor Claire"),
        (Kind.PROPOSAL_ACCEPTED, "mentee", "Claire Tremblay has agreed to be your mentor"),
        (Kind.PROPOSAL_ACCEPTED, "mentor", "would like to have you as mentor"),
        (Kind.PROPOSAL_AGREED, "mentee", "is now your mentor"),
        (Kind.PROPOSAL_AGREED, "mentor", "you are now the mentor of Claire"),
        (Kind.ROSTER_INVITATION, "mentor", "take part as a mentor"),
        (Kind.ROSTER_INVITATION, "mentee", "take part as a mentee"),
    ],
)
def test_each_side_reads_its_own_part(kind: Kind, side: str, words: str) -> None:
    assert words in flat(rendering.write(letter(kind, side=side), ORIGIN).text)


def test_a_mentor_who_was_asked_reads_that_they_were() -> None:
    mail = rendering.write(letter(Kind.PROPOSAL_MADE, side="mentor", asked_by_mentee=True), ORIGIN)
    assert "Claire Tremblay asks you to be their mentor" in mail.text


def test_a_proposal_that_is_made_says_what_speaks_for_it_to_each_side() -> None:
    to_mentee = rendering.write(letter(Kind.PROPOSAL_MADE), ORIGIN).text
    for words in (
        "What speaks for it:",
        "- Topics that you seek and Claire Tremblay offers: infection control.",
        "- What you want to grow in and is a strength of Claire Tremblay: grant writing.",
        "- Languages that you share, your level first: English (C1, C2); French (B2, C2).",
        "- As you wished, Claire Tremblay practises in another country than you.",
        # Of 31 August in UTC; in Nairobi it was the next day.
        "- You have waited for a mentor since 1 September 2026.",
    ):
        assert words in to_mentee
    to_mentor = rendering.write(letter(Kind.PROPOSAL_MADE, side="mentor"), ORIGIN).text
    assert "- Topics that you offer and Claire Tremblay seeks: infection control." in to_mentor
    assert "French (C2, B2)" in to_mentor
    assert "Countries that interest you and that Claire Tremblay knows from practice: Kenya." in to_mentor
    assert "waited" not in to_mentor
    assert "grant writing" not in to_mentor


def test_what_has_no_explanation_yet_still_names_the_shared_languages() -> None:
    mail = rendering.write(letter(Kind.PROPOSAL_MADE, side="mentor", asked_by_mentee=True, pair=None), ORIGIN)
    assert "What speaks for it" not in mail.text
    assert "Languages that you share: English and French" in mail.text


def test_a_declined_proposal_gives_no_reason_and_says_that_one_is_counted_in_again() -> None:
    text = flat(rendering.write(letter(Kind.PROPOSAL_DECLINED), ORIGIN).text)
    assert "no judgement on you" in text
    assert "the next match" in text
    assert "declined" not in text


def test_a_credential_tells_its_last_day_or_what_was_wrong() -> None:
    verified = rendering.write(letter(Kind.CREDENTIAL_VERIFIED), ORIGIN).text
    assert "Licence to practise" in verified
    assert "Monday, 22 November 2027" in verified
    rejected = rendering.write(letter(Kind.CREDENTIAL_REJECTED), ORIGIN).text
    assert "The name on the document is not the name in your profile." in rejected
    assert "Two family names." in rejected


def test_what_is_wanted_and_why_it_was_revoked_is_told() -> None:
    wanted = rendering.write(letter(Kind.CREDENTIAL_MORE_WANTED), ORIGIN).text
    for words in ("The days of issue and expiry", "A readable copy of the document", "Which year?"):
        assert words in wanted
    revoked = rendering.write(letter(Kind.CREDENTIAL_REVOKED), ORIGIN).text
    assert "The authority has suspended it." in revoked
    assert "As of 12 October." in revoked


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_code_of_a_credential_has_words(language: str) -> None:
    def written(kind: Kind, /, **changes: object) -> str:
        return rendering.write(letter(kind, language, **changes), ORIGIN).text

    rejected = {
        written(Kind.CREDENTIAL_REJECTED, kind=kind, reason=reason)
        for kind in CredentialKind
        for reason in RejectReason
    }
    assert len(rejected) == len(CredentialKind) * len(RejectReason)
    assert len({written(Kind.CREDENTIAL_REVOKED, reason=one) for one in RevokeReason}) == len(RevokeReason)
    assert len({written(Kind.CREDENTIAL_MORE_WANTED, missing=(one,)) for one in Missing}) == len(Missing)


@pytest.mark.parametrize("kind", KINDS)
def test_no_third_person_stands_in_a_subject(kind: Kind | CodeKind) -> None:
    mail = rendering.write(letter(kind), ORIGIN)
    assert "Claire" not in mail.subject
    assert "Tremblay" not in mail.subject


@pytest.mark.parametrize("kind", PROPOSALS)
def test_a_bare_partner_leaves_no_empty_lines_in_the_list(kind: Kind | CodeKind) -> None:
    bare = letter(kind, partner=Partner("Claire Tremblay"), languages=(), slots=(), pair=None)
    mail = rendering.write(bare, ORIGIN)
    assert "None" not in mail.text
    assert not re.search(r":\s*$", mail.text, re.MULTILINE)
    assert "<bdi></bdi>" not in mail.html


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "Eve\r\nBcc: everyone@example.org",
    "{{ config }}{% raw %}",
    "%(name)s %s %",
    "\u202eevE\u2069",
    "a\x00b\x1b[31m\u2028c",
]


def hostile(letter_: Letter, name: str) -> Letter:
    """Return the letter with `name` in the place of every text that people choose."""
    facts = letter_.facts
    changes = {}
    for field in fields(facts):
        value = getattr(facts, field.name)
        if field.name in ("authority", "reason_text"):
            changes[field.name] = name
        elif field.name in ("partner", "sender") and is_dataclass(value):
            changes[field.name] = (
                replace(value, name=name) if isinstance(value, Partner)
                else replace(value, organisation=name, programme=name)
            )  # fmt: skip
    return replace(letter_, recipient=replace(letter_.recipient, name=name), facts=replace(facts, **changes))


def assert_harmless(mail: Written, plain: Written) -> None:
    """The mail has the elements, the attributes' names and the links of the same mail with plain names."""
    hurt, whole = Page(mail.html), Page(plain.html)
    assert hurt.tags == whole.tags
    assert hurt.attributes == whole.attributes
    assert hurt.open == []
    for text in (mail.subject, mail.text, mail.html):
        # Ours alone: what isolates a name that runs the other way, each closed on its line; a label with a name in it
        # is isolated around the name.
        ours = text
        while (within := re.sub("\u2068[^\u2066-\u2069\\n]*\u2069", "", ours)) != ours:
            ours = within
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]", ours)
    assert "\n" not in mail.subject


@pytest.mark.parametrize(("kind", "language"), IN_TWO)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_do_no_harm(kind: Kind | CodeKind, language: str, name: str) -> None:
    plain = letter(kind, language)
    mail = rendering.write(hostile(plain, name), ORIGIN)
    assert_harmless(mail, rendering.write(plain, ORIGIN))


@given(st.sampled_from(EACH), st.text(min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_name_does_no_harm_and_stands_there_as_it_is(which: tuple[Kind, str], name: str) -> None:
    assume(cleaned(name))
    plain = letter(*which)
    mail = rendering.write(hostile(plain, name), ORIGIN)
    assert_harmless(mail, rendering.write(plain, ORIGIN))
    assert flat(cleaned(name)) in flat(mail.text)


@given(st.sampled_from(EACH), st.text("abcXYZ é'-", min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_no_placeholder_stays_unrendered(which: tuple[Kind, str], name: str) -> None:
    mail = rendering.write(hostile(letter(*which), name), ORIGIN)
    for text in (mail.subject, mail.text, mail.html):
        assert not re.search(r"%\(|\{\{|\}\}|\{%|Undefined|None", text)


@pytest.mark.parametrize(
    ("locale", "country", "expected"),
    [
        ("en", "KE", "Sunday, 29 November 2026"),
        ("en", None, "Sunday, 29 November 2026"),
        ("en", "US", "Sunday, November 29, 2026"),
        ("en", "AQ", "Sunday, 29 November 2026"),
        ("fr", "CA", "dimanche 29 novembre 2026"),
        ("fr", None, "dimanche 29 novembre 2026"),
        ("de", "BR", "Sunday, 29 November 2026"),
    ],
)
def test_dates_are_written_as_where_the_reader_lives(locale: str, country: str | None, expected: str) -> None:
    reader = replace(AMINA, locale=locale, country=country, time_zone=None)
    mail = rendering.write(Letter(Kind.PROPOSAL_MADE, reader, PROPOSAL), ORIGIN)
    assert expected in mail.text


def test_many_windows_are_cut_to_the_first() -> None:
    slots = tuple(WeeklySlot(day, start, start + 60) for day in range(7) for start in (540, 1080))
    mail = rendering.write(letter(Kind.PROPOSAL_MADE, slots=slots, pair=None), ORIGIN)
    assert mail.text.count("\n- ") == 8


def test_a_language_that_cldr_has_no_locale_of_keeps_its_name() -> None:
    formats = Formats("en", AMINA.country, AMINA.time_zone)
    assert formats.language_names(("tpi", "fr-CM")) == "Tok Pisin and French (Cameroon)"
    assert CLAIRE.country is not None
    assert formats.country(CLAIRE.country) == "Canada"


@pytest.fixture
def from_right_to_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The texts' own words in the direction and the forms of Arabic: what is asked is where things stand."""
    rendering._environment.cache_clear()
    monkeypatch.setattr(rendering, "language_of", lambda _: "ar")
    for room in (rendering, formats_room):
        monkeypatch.setattr(room, "catalogue", lambda _: catalogue("en"))
    yield
    rendering._environment.cache_clear()


@pytest.mark.usefixtures("from_right_to_left")
@pytest.mark.parametrize("kind", KINDS)
def test_from_right_to_left_nothing_turns_its_neighbours_about(kind: Kind | CodeKind) -> None:
    one = letter(kind, "ar")
    mail = rendering.write(one, ORIGIN, f"{ORIGIN}/v1/unsubscribe/token")
    page = Page(mail.html)
    assert [value for name, value in page.attributes if name == "dir"] == ["rtl"] * 3
    partner = getattr(one.facts, "partner", None)
    if partner is not None:
        # Names of our letters are Latin: within a sentence each is isolated.
        assert f"\u2068{partner.name}\u2069" in mail.text + mail.subject
    # No sign touches an address, which mail programs would take into the link.
    for address in re.findall(r"\S*https?://\S*", mail.text):
        assert address.startswith(f"{ORIGIN}/")
        assert address.isascii()
        assert f"\n{address}\n" in mail.text
    styles = " ".join(value or "" for name, value in page.attributes if name == "style")
    assert not re.search("left|right", styles)


def test_a_name_from_right_to_left_is_isolated_in_an_english_mail() -> None:
    mail = rendering.write(hostile(letter(Kind.SESSION_BOOKED), "\u0639\u0627\u0626\u0634\u0629"), ORIGIN)
    assert mail.subject == "\u2068\u0639\u0627\u0626\u0634\u0629\u2069: your session is booked"
