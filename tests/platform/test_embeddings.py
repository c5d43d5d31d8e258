import io
import json
import math

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import Stubber

from chalicelib.platform.embeddings import MODEL, Embeddings, UnusableAnswer


@pytest.fixture
def bedrock():
    return boto3.client(
        "bedrock-runtime", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
    )


def answered(stubber, text, answer):
    body = json.dumps(answer).encode()
    request = {"inputText": text, "dimensions": 256, "normalize": True}
    stubber.add_response(
        "invoke_model",
        {"body": StreamingBody(io.BytesIO(body), len(body)), "contentType": "application/json"},
        {
            "modelId": MODEL,
            "contentType": "application/json",
            "accept": "application/json",
            "body": json.dumps(request),
        },
    )


def vector(first):
    return [first, math.sqrt(1 - first * first), *[0.0] * 254]


def test_each_text_is_asked_once_and_blank_ones_never(bedrock):
    with Stubber(bedrock) as stubber:
        answered(stubber, "Sepsis", {"embedding": vector(0.6), "inputTextTokenCount": 3})
        answered(stubber, "Malaria", {"embedding": vector(0.0), "inputTextTokenCount": 3})
        found = Embeddings(256, bedrock=bedrock).vectors(["Sepsis", " ", "Malaria", "Sepsis"])
        stubber.assert_no_pending_responses()
    assert found == [vector(0.6), [0.0] * 256, vector(0.0), vector(0.6)]


@pytest.mark.parametrize(
    "answer",
    [{}, {"embedding": None}, {"embedding": ["x"]}, {"embedding": [0.1] * 255}, [1], {"embedding": [None]}],
)
def test_an_answer_that_is_no_vector_is_refused_without_repeating_the_text(bedrock, answer):
    with Stubber(bedrock) as stubber:
        answered(stubber, "my own words", answer)
        with pytest.raises(UnusableAnswer) as refused:
            Embeddings(256, bedrock=bedrock).vectors(["my own words"])
    assert "my own words" not in str(refused.value)


def test_a_refusal_of_the_service_is_passed_on(bedrock):
    with Stubber(bedrock) as stubber:
        stubber.add_client_error("invoke_model", "AccessDeniedException")
        with pytest.raises(ClientError):
            Embeddings(256, bedrock=bedrock).vectors(["Sepsis"])
