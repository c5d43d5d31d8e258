"""The public page of a certificate: plain HTML without scripts or pictures, that reads well aloud and on paper.

The QR code says nothing that the page does not say in letters; it is there for paper.
"""

from dataclasses import dataclass
from html import escape

import segno

_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ margin: 2rem auto; max-width: 40rem; padding: 0 1rem; font: 1.125rem/1.5 sans-serif; color: #1a1a1a;
  background: #fff; }}
.state {{ border: .2rem solid #1a1a1a; padding: .5rem 1rem; font-weight: bold; }}
dt {{ font-weight: bold; margin-top: .75rem; }}
dd {{ margin: 0; overflow-wrap: anywhere; }}
a {{ color: #0b3d91; }}
svg {{ width: 9rem; height: 9rem; }}
@media print {{ body {{ margin: 0; max-width: none; }} }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p class="state" role="status">{state}</p>
<dl>
{facts}
</dl>
{code}
<p>{note}</p>
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class Shown:
    """What a page says.

    Attributes
    ----------
    facts
        Names and values, in their order.
    address
        That of the page: in its QR code, and in letters as the fact of `address_label`.
    """

    language: str
    direction: str
    title: str
    state: str
    facts: tuple[tuple[str, str], ...]
    address_label: str
    address: str
    code_label: str
    note: str


def written(shown: Shown) -> str:
    """Write a page."""
    facts = [f"<dt>{escape(name)}</dt><dd><bdi>{escape(value)}</bdi></dd>" for name, value in shown.facts]
    link = escape(shown.address)
    facts.append(f'<dt>{escape(shown.address_label)}</dt><dd><a href="{link}"><bdi>{link}</bdi></a></dd>')
    return _PAGE.format(
        language=escape(shown.language),
        direction=shown.direction,
        title=escape(shown.title),
        state=escape(shown.state),
        facts="\n".join(facts),
        code=code(shown.address, shown.code_label),
        note=escape(shown.note),
    )


def code(address: str, label: str) -> str:
    """Draw the QR code of an address as SVG, black on white with the quiet zone that readers need."""
    drawn = segno.make(address, error="m", micro=False)
    svg: str = drawn.svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)
