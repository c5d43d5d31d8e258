"""The pages of the local environment's front."""

from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote

from infra.local.place import Place

HTML = "text/html; charset=utf-8"
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
LISTED = 200

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .4rem .6rem;
border-bottom: 1px solid #8884; vertical-align: top } pre { white-space: pre-wrap; background: #8881; padding: 1rem }
iframe { width: 100%; height: 32rem; border: 1px solid #8886; background: #fff } time { white-space: nowrap }
"""


def _page(title: str, body: str) -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    ).encode()


def landing(place: Place) -> bytes:
    """Return the page at `/`."""
    return _page(
        "Crossward, on this machine",
        f"""<p>The API runs at <code>{escape(place.address)}/v1</code>: the package that AWS would get, on a local
        emulator. Nothing leaves this machine.</p><ul>
        <li><a href="/docs">API documentation</a> (<a href="/openapi.json">OpenAPI</a>)</li>
        <li><a href="/dev/mailbox">Mailbox</a>: every mail that went out, as its recipient sees it</li>
        <li><a href="/health">Health</a></li></ul>
        <p>Demo sign-ins were printed by <code>make run</code> and are in <code>build/demo.json</code>.</p>""",
    )


def mailbox(mails: list[dict[str, Any]], to: str) -> bytes:
    """Return the list of mails, newest first."""
    rows = "".join(
        f"<tr><td>{_instant(mail)}</td><td>{escape(', '.join(mail['to']))}</td>"
        f'<td><a href="/dev/mailbox/{quote(mail["id"])}">{escape(mail["subject"] or "(no subject)")}</a></td></tr>'
        for mail in mails[:LISTED]
    )
    more = f"<p>The newest {LISTED} of {len(mails)}; filter to see others.</p>" if len(mails) > LISTED else ""
    table = (
        f'<table><thead><tr><th scope="col">Sent (UTC)</th><th scope="col">To</th><th scope="col">Subject</th></tr>'
        f"</thead><tbody>{rows}</tbody></table>{more}"
        if mails
        else "<p>No mail yet.</p>"
    )
    form = (
        '<form method="get"><label>Sent to <input name="to" type="search" '
        f'value="{escape(to, quote=True)}"></label> <button>Filter</button> '
        '<a href="/dev/mailbox">All</a> · <a href="/dev/mailbox.json">JSON</a></form>'
    )
    return _page("Mailbox", form + table)


def one_mail(mail: dict[str, Any]) -> bytes:
    """Return one mail: HTML in a frame that runs no script and reaches nothing, text, headers."""
    lines = {
        "From": mail["from"],
        "To": ", ".join(mail["to"]),
        "Cc": ", ".join(mail["cc"]),
        **mail["headers"],
    }
    headers = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
        for name, value in lines.items()
        if value
    )
    source = escape(mail["html"], quote=True)
    html = (
        f'<h2>HTML</h2><iframe sandbox="" title="The mail as HTML" srcdoc="{source}"></iframe>'
        if mail["html"]
        else "<p>This mail has no HTML part.</p>"
    )
    tags = "".join(f"<li>{escape(name)} = {escape(value)}</li>" for name, value in mail["tags"].items())
    calendar = mail["calendar"]
    file = (
        f"<h2>Calendar file ({escape(calendar['method'])})</h2><pre>{escape(calendar['text'])}</pre>"
        if calendar
        else ""
    )
    return _page(
        mail["subject"] or "(no subject)",
        f'<p><a href="/dev/mailbox">Mailbox</a> · {_instant(mail)}</p><table><tbody>{headers}</tbody></table>'
        f"{html}<h2>Text</h2><pre>{escape(mail['text'])}</pre>{file}"
        + (f"<h2>Tags</h2><ul>{tags}</ul>" if tags else ""),
    )


def _instant(mail: dict[str, Any]) -> str:
    instant = datetime.fromtimestamp(mail["at"], UTC)
    return f'<time datetime="{instant.isoformat()}">{instant:%Y-%m-%d %H:%M:%S}</time>'
