"""Links that people give for others to open: what is no plain https address of a public host is refused."""

import re
from urllib.parse import urlsplit, urlunsplit

MAX_LINK = 500
"""Room for the links of the usual services, which carry tokens of up to 300 signs."""

# What RFC 3986 lets stand in a URI. No letter of the world, no blank, no control, no quote, no backslash.
_SIGNS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
# Labels of RFC 1123 with a dot between, the last of which begins with a letter: no address in digits has that.
_HOST = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
# Names that mean another machine to each who asks, or none (RFC 6761, 6762, 8375, 7686; ICANN's `internal`).
_NOT_PUBLIC = {"arpa", "corp", "home", "internal", "invalid", "lan", "local", "localhost", "onion"}


def checked_link(text: str, *, is_base: bool = False) -> str:
    """Return a link with its host in small letters.

    Parameters
    ----------
    is_base
        Whether something is to be put behind it: then it has neither query nor fragment, and ends without a slash.

    Raises
    ------
    ValueError
        With a sentence for the one who gave it, which does not repeat it.

    Examples
    --------
    >>> checked_link("https://Meet.Example.org/claire?pwd=1")
    'https://meet.example.org/claire?pwd=1'
    """
    if len(text) > MAX_LINK:
        raise ValueError(f"give a link of {MAX_LINK} characters at most")
    if not _SIGNS.fullmatch(text):
        raise ValueError(
            "give a link as it stands in the address bar, without blanks and letters beyond ASCII"
        )
    try:
        parts = urlsplit(text)
        has_port = parts.port is not None or parts.netloc.endswith(":")
    except ValueError:
        raise ValueError("this is no link") from None
    if parts.scheme != "https":
        raise ValueError("give a link that begins with https://")
    if "@" in parts.netloc:
        raise ValueError("leave user name and password out of the link")
    host = parts.netloc.lower()
    if has_port or not _HOST.fullmatch(host) or host.rpartition(".")[2] in _NOT_PUBLIC:
        raise ValueError("give a link to a host that everybody can reach, by its name and without a port")
    if not is_base:
        return urlunsplit(("https", host, parts.path, parts.query, parts.fragment))
    if parts.query or parts.fragment or text.endswith(("?", "#")):
        raise ValueError("leave out what follows ? or #: the name of each room is put behind the address")
    return urlunsplit(("https", host, parts.path.rstrip("/"), "", ""))
