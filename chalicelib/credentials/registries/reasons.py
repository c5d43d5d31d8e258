"""What the stable codes of a lookup without a result mean, for reviewers."""

from chalicelib.credentials.registries.manual import SEEN_DOWN
from chalicelib.credentials.registries.model import (
    FILE_TOO_OLD,
    NO_REGISTER,
    NOT_UNDERSTOOD,
    NUMBER_MALFORMED,
    QUESTION_REFUSED,
)

SENTENCES = {
    NOT_UNDERSTOOD: "The register answered in a form that is not the published one. Look at it yourself.",
    QUESTION_REFUSED: "The register refused the question. Look at it yourself.",
    NUMBER_MALFORMED: "No number of this register has this form, so it was not asked.",
    NO_REGISTER: "No file of this register has been uploaded for the organisation.",
    FILE_TOO_OLD: "The register's file is too old to say anything. Upload the present one.",
    SEEN_DOWN: "The register could not be seen when it was looked at.",
    "host-not-allowed": "The register is not one that this service may ask.",
    "address-not-public": "The register's name leads to an address that is not public. Tell your administrator.",
    "name-unknown": "The register's name leads nowhere at the moment.",
    "name-too-slow": "The register's name could not be looked up in time.",
    "connect-too-slow": "The register could not be reached in time.",
    "connection-failed": "The register could not be reached, or hung up.",
    "certificate-expired": "The register's certificate has expired, so nothing it says can be trusted.",
    "certificate-of-another-host": "The register showed the certificate of another host. Tell your administrator.",
    "certificate-not-trusted": "The register's certificate is of no authority that is trusted.",
    "tls-failed": "No secure connection with the register came about.",
    "answer-too-slow": "The register took too long to answer.",
    "took-too-long": "The register took too long to answer.",
    "rate-limited": "The register asks to be left alone for a while. Ask again later.",
    "server-error": "The register failed. Ask again later.",
    "refused": "The register refused the question. Look at it yourself.",
    "redirected-elsewhere": "The register sent us to another place, where nobody follows.",
    "redirected-too-often": "The register sent us in circles.",
    "answer-too-large": "The register's answer was too large to be one about a number.",
    "answer-of-another-type": "The register answered with something that is no data.",
    "answer-broken": "The register's answer was damaged on its way.",
    "circuit-open": "The register failed several times lately and is left alone for a few minutes. Ask again later.",
}
