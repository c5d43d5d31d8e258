"""Why a file was refused and what to do about it, for the person who sent it, in their language."""

from chalicelib.credentials.evidence.findings import (
    MAX_BYTES,
    MAX_PAGES,
    MAX_PIXELS,
    Content,
    EvidenceType,
    Finding,
    Reason,
)
from chalicelib.words.catalogues import catalogue, language_of


def sentence(finding: Finding, declared: EvidenceType, locale: str) -> str:
    """Return what a person reads of a refusal: what is wrong, then what helps. Empty if the file is accepted.

    Parameters
    ----------
    locale
        The reader's, BCP-47; one without a catalogue gets the language of the texts.
    """
    if finding.reason is None:
        return ""
    _ = catalogue(language_of(locale)).gettext
    kinds = {
        EvidenceType.PDF: _("a PDF"), EvidenceType.JPEG: _("a JPEG image"), EvidenceType.PNG: _("a PNG image")
    }  # fmt: skip
    contents = {
        Content.PDF: _("a PDF"),
        Content.JPEG: _("a JPEG image"),
        Content.PNG: _("a PNG image"),
        Content.ZIP: _("a ZIP archive or an Office document"),
        Content.OFFICE: _("an old Office document"),
        Content.ARCHIVE: _("an archive"),
        Content.WEB_PAGE: _("a web page"),
        Content.HEIC: _("a HEIC photo"),
        Content.WEBP: _("a WebP image"),
        Content.TIFF: _("a TIFF image"),
        Content.GIF: _("a GIF image"),
        Content.PROGRAM: _("a program"),
        Content.UNKNOWN: _("something else"),
    }
    content = contents[finding.content or Content.UNKNOWN]
    told = {
        Reason.EMPTY: _("The file is empty. Choose the file again and send it."),
        Reason.TOO_LARGE: _(
            "The file is larger than {megabytes} MB. Send fewer pages, or scan it at 150 to 200 dots an inch."
        ),
        Reason.OTHER_TYPE: _(
            "The file says it is {declared} but is {content}. Save or export it as a PDF, JPEG or PNG and send it "
            "again."
        ),
        Reason.DATA_BEFORE: _(
            "Something stands in the file before the PDF begins. Open it, print it to a new PDF and send that."
        ),
        Reason.DATA_AFTER: _(
            "Something is attached behind the end of the file, as some telephones attach a film to a photo. Take a "
            "screenshot of it, or print it to a new PDF, and send that."
        ),
        Reason.SECOND_FILE: _(
            "The file is {declared} and can be opened as {content} as well, which is not safe. Print it to a new PDF "
            "and send that."
        ),
        Reason.TRUNCATED: _(
            "The file ends too early: it was not saved or copied whole. Save it again and send the new file."
        ),
        Reason.DAMAGED: _(
            "The file is damaged and cannot be read whole. Open it, save it anew, or scan the document again."
        ),
        Reason.UNUSUAL_FORMAT: _(
            "The image is of a kind that browsers do not show. Open it, save it as an ordinary JPEG or PNG and send "
            "that."
        ),
        Reason.TOO_MANY_PIXELS: _(
            "The image has more than {millions} million pixels. Make it smaller, or scan it at 150 to 200 dots an inch."
        ),
        Reason.ANIMATED: _(
            "The image moves, and a reviewer would see only a part of it. Send a still image of each document."
        ),
        Reason.NO_PAGES: _("The PDF has no pages. Export the document again and send the new file."),
        Reason.TOO_MANY_PAGES: _(
            "The PDF has more than {pages} pages. Send those that show the qualification and who issued it."
        ),
        Reason.PASSWORD: _(
            "The PDF asks for a password, so no reviewer can open it. Save a copy without a password and send that."
        ),
        Reason.ACTIVE_CONTENT: _(
            "The PDF has a script, a form or a film in it, which is not safe to open. Print it to a new PDF and send "
            "that."
        ),
        Reason.EMBEDDED_FILES: _(
            "Other files are attached within the PDF. Print it to a new PDF and send that; send attachments as files "
            "of "
            "their own."
        ),
        Reason.EXPANDS: _(
            "The file becomes far larger when it is opened than is safe. Print it to a new PDF, or scan the document "
            "again, and send that."
        ),
        Reason.TOO_COMPLEX: _(
            "The file is too complicated to be checked. Print it to a new PDF, or scan the document again, and send "
            "that."
        ),
    }
    return told[finding.reason].format(
        declared=kinds[declared],
        content=content,
        megabytes=MAX_BYTES // 1_000_000,
        millions=MAX_PIXELS // 1_000_000,
        pages=MAX_PAGES,
    )
