"""What the user pool sends its codes with: the handler as Cognito calls it, and the mails that it gives back."""

import json
import os
import subprocess
import sys
import unicodedata
from typing import Any

import pytest

from chalicelib.notifications import code_mails
from chalicelib.notifications.jobs import custom_message
from chalicelib.words.catalogues import catalogue, languages
from tests.architecture.imports import ROOT

LANGUAGES = sorted(languages())
_TOLD = {
    "CustomMessage_SignUp": "Confirm your address for Crossward",
    "CustomMessage_ResendCode": "Confirm your address for Crossward",
    "CustomMessage_ForgotPassword": "Your code for a new Crossward password",
}
SUBJECTS = {
    (trigger, language): catalogue(language).gettext(told)
    for trigger, told in _TOLD.items()
    for language in LANGUAGES
}
# Cognito's other reasons: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
OTHERS = [
    "CustomMessage_AdminCreateUser",
    "CustomMessage_UpdateUserAttribute",
    "CustomMessage_VerifyUserAttribute",
    "CustomMessage_Authentication",
]


def event(trigger: str, metadata: dict[str, str] | None) -> dict[str, Any]:
    """Return what Cognito sends; it leaves the metadata out where a call brought none."""
    request = {
        "userAttributes": {
            "sub": "1b865055-57cf-4021-9c62-000000000000",
            "cognito:user_status": "UNCONFIRMED",
            "email_verified": "false",
            "email": "amina@example.org",
        },
        "codeParameter": "{####}",
        "linkParameter": "{##Click Here##}",
        "usernameParameter": None,
    }
    return {
        "version": "1",
        "region": "eu-west-1",
        "userPoolId": "eu-west-1_aaaaaaaaa",
        "userName": "01M80FPM80E95VRKZKGW7J41EH",
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "client"},
        "triggerSource": trigger,
        "request": request | ({"clientMetadata": metadata} if metadata is not None else {}),
        "response": {"smsMessage": None, "emailMessage": None, "emailSubject": None},
    }


def mail_for(trigger: str, locale: str) -> tuple[str, str]:
    answer = custom_message(event(trigger, {"locale": locale}), None)
    return answer["response"]["emailSubject"], answer["response"]["emailMessage"]


@pytest.mark.parametrize(("trigger", "language"), SUBJECTS)
def test_each_code_is_mailed_in_the_language_of_the_call(trigger: str, language: str) -> None:
    subject, page = mail_for(trigger, language)
    assert subject == SUBJECTS[trigger, language]
    assert f'<html lang="{language}"' in page
    assert page.count("{####}") == 1


def test_a_subject_is_of_its_language_alone() -> None:
    assert SUBJECTS["CustomMessage_SignUp", "fr"] == "Confirmez votre adresse pour Crossward"
    assert len(set(SUBJECTS.values())) == 2 * len(LANGUAGES)


@pytest.mark.parametrize(("trigger", "language"), SUBJECTS)
def test_a_mail_is_what_the_pool_takes(trigger: str, language: str) -> None:
    """Sizes and signs of a user pool's own messages, which its API refuses beyond:
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerificationMessageTemplateType.html
    """
    subject, page = mail_for(trigger, language)
    assert 1 <= len(subject) <= 140
    assert len(page) <= 20_000
    for text in (subject, page):
        odd = {
            char for char in text if unicodedata.category(char)[0] not in "LMSNP" and char not in " \t\n\r"
        }
        assert not odd


def test_unbreakable_spaces_reach_the_reader_as_entities() -> None:
    _, page = mail_for("CustomMessage_SignUp", "fr")
    assert "&#160;:" in page
    assert code_mails.for_the_pool("a\u00a0b\u202fc d\n") == "a&#160;b&#8239;c d\n"
    assert code_mails.for_the_pool("\u2068a\u2069") == "&#8296;a&#8297;"


@pytest.mark.parametrize("locale", ["", "xx", "fr-XX'; --", "../../etc", "{####}", "<script>"])
def test_a_stranger_chooses_no_more_than_one_of_the_languages(locale: str) -> None:
    chosen = mail_for("CustomMessage_SignUp", locale)
    assert chosen in [mail_for("CustomMessage_SignUp", language) for language in LANGUAGES]


def test_without_metadata_the_mail_is_in_the_language_of_the_templates() -> None:
    for metadata in (None, {}, {"other": "fr"}):
        answer = custom_message(event("CustomMessage_ForgotPassword", metadata), None)
        assert answer["response"]["emailSubject"] == SUBJECTS["CustomMessage_ForgotPassword", "en"]


@pytest.mark.parametrize("trigger", OTHERS)
def test_what_is_not_ours_to_write_stays_the_pools(trigger: str) -> None:
    given = event(trigger, {"locale": "fr"})
    assert custom_message(event(trigger, {"locale": "fr"}), None) == given


def test_the_pool_gets_its_event_back_and_no_mail_names_anybody() -> None:
    given = event("CustomMessage_SignUp", {"locale": "en", "given_name": "Buy cheap at evil.example"})
    answer = custom_message(json.loads(json.dumps(given)), None)
    response = answer.pop("response")
    assert answer == {name: value for name, value in given.items() if name != "response"}
    assert response["smsMessage"] is None
    for word in ("amina", "evil", "01M80FPM80"):
        assert word not in response["emailMessage"].lower()
    assert "Hello,</p>" in response["emailMessage"]


def test_the_handler_works_by_its_deployed_name_in_a_fresh_process() -> None:
    code = (
        "import json, sys; from chalicelib.notifications import jobs; "
        "print(json.dumps(jobs.custom_message(json.loads(sys.argv[1]), None)))"
    )
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, json.dumps(event("CustomMessage_SignUp", {"locale": "fr"}))],
        cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "AWS_DEFAULT_REGION": "eu-west-1"}, timeout=60,
    )  # fmt: skip
    response = json.loads(run.stdout.splitlines()[-1])["response"]
    assert response["emailSubject"] == SUBJECTS["CustomMessage_SignUp", "fr"]


def test_the_handler_is_registered_where_the_overlay_looks_for_it() -> None:
    import app

    assert "custom_message" in {one.name for one in app.app.pure_lambda_functions}
