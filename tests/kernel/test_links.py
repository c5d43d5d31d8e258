"""Links that people give: what is let through, and what is said of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.links import MAX_LINK, checked_link


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://meet.example.org/room", "https://meet.example.org/room"),
        ("HTTPS://Meet.Example.ORG/Room", "https://meet.example.org/Room"),
        ("https://us02web.zoom.us/j/81234567890?pwd=aB%2Bc#success", None),
        (
            "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%22Tid%22%7d",
            None,
        ),
        ("https://xn--sant-epa.example/room", None),
        ("https://meet.example.org", None),
    ],
)
def test_links_of_the_usual_services_are_taken(given: str, kept: str | None) -> None:
    assert checked_link(given) == (kept or given)


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("http://meet.example.org/room", "begins with https"),
        ("javascript:alert(1)", "begins with https"),
        ("//meet.example.org/room", "begins with https"),
        ("meet.example.org/room", "begins with https"),
        ("https://claire:secret@meet.example.org/", "user name and password"),
        ("https://meet.example.org@evil.example/", "user name and password"),
        ("https://meet.example.org:8443/", "without a port"),
        ("https://meet.example.org:/", "without a port"),
        ("https://meet.example.org:99999/", "no link"),
        ("https://192.168.0.1/room", "everybody can reach"),
        ("https://2130706433/room", "everybody can reach"),
        ("https://0x7f.1/room", "everybody can reach"),
        ("https://[::1]/room", "everybody can reach"),
        ("https://[::1/room", "no link"),
        ("https://localhost/room", "everybody can reach"),
        ("https://printer.local/room", "everybody can reach"),
        ("https://meet.internal/room", "everybody can reach"),
        ("https://meet/room", "everybody can reach"),
        ("https://-meet.example.org/", "everybody can reach"),
        ("https://meet.example.org./", "everybody can reach"),
        ("https://meet..example.org/", "everybody can reach"),
        ("https:///room", "everybody can reach"),
        (f"https://{'a' * 64}.example/", "everybody can reach"),
        ("https://meet.example.org/a room", "address bar"),
        ("https://meet.example.org/\r\nBCC:x", "address bar"),
        ("https://meet.example.org\\@evil.example", "address bar"),
        ('https://meet.example.org/"onload=x', "address bar"),
        ("https://santé.example/", "address bar"),
        ("https://meet.example.org/" + "a" * MAX_LINK, "500 characters"),
        ("", "address bar"),
    ],
)
def test_what_is_no_safe_link_is_refused_with_what_to_do(link: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        checked_link(link)


def test_a_base_takes_a_room_s_name_behind_it() -> None:
    assert checked_link("https://meet.example.org/wards/", is_base=True) == "https://meet.example.org/wards"
    for link in (
        "https://meet.example.org/?a=b",
        "https://meet.example.org/#x",
        "https://meet.example.org/?",
    ):
        with pytest.raises(ValueError, match="what follows"):
            checked_link(link, is_base=True)


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_whatever_is_let_through_goes_to_the_host_that_it_names(text: str) -> None:
    link = f"https://{text}.example.org/"
    try:
        found = checked_link(link)
    except ValueError:
        return
    from urllib.parse import urlsplit

    assert urlsplit(found).hostname == f"{text.lower()}.example.org"
