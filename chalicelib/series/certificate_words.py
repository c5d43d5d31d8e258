"""What a certificate of a series says, in its holder's language."""

from chalicelib.certificates.model import OfActivity
from chalicelib.series.model import Series, SeriesRole
from chalicelib.words.formats import Formats

SERIES = "series"
"""The kind by which certificates and credits know a series."""


def of_series(series: Series, role: SeriesRole, sessions: int, formats: Formats) -> OfActivity:
    """Return what a certificate is of, for somebody in a role; `sessions` is how many were held."""
    _, held = formats.gettext, formats.number(sessions)
    return OfActivity(
        SERIES, series.id, role.value, _("Tele-mentoring series attended"),
        _(
            "Sessions by video, in which health workers of many places talk about cases and learn together, in the "
            "series %(series)s. Sessions held: %(count)s."
        )
        % {"count": held, "series": formats.quoted(series.title)},
        _("The series asks for %(share)s of the time of its sessions, counted to the second.")
        % {"share": formats.percent(series.limits.share, 100)},
    )  # fmt: skip
