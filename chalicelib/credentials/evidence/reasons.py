"""Why a file was refused, in words: what its content has against it, or what a scanner and the clock have."""

from chalicelib.credentials.evidence.findings import Content, Finding, Reason
from chalicelib.credentials.evidence.model import File, Refusal
from chalicelib.credentials.evidence.sentences import sentence
from chalicelib.words.catalogues import catalogue, language_of


def sentence_of(file: File, locale: str) -> str:
    """Return what a person reads of a refusal, in their language; empty if the file was not refused."""
    if file.reason is None:
        return ""
    if file.reason in set(Reason):
        content = Content(file.content) if file.content is not None else None
        return sentence(Finding(Reason(file.reason), content), file.type, locale)
    _ = catalogue(language_of(locale)).gettext
    told = {
        Refusal.MALWARE: _("A scanner found malware in the file. Send the document from another device."),
        Refusal.NOT_SCANNED: _(
            "The file could not be checked for malware. Print it to a new PDF and send that."
        ),
        Refusal.TOO_LATE: _("The credential was decided or withdrawn before the file arrived."),
    }
    return told[Refusal(file.reason)]
