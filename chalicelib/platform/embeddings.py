"""Text embeddings by Amazon Bedrock: Titan Text Embeddings V2.

Off unless somebody makes an `Embeddings`: texts leave the function for a service of the account's region, which an
operator has to want and to say in the programme's notice of privacy. No text is logged, here or in an error.

Request and response as in docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html, read
on 2026-11-22. The role needs `bedrock:InvokeModel` on the model, and the account access to it.
"""

import json
from collections.abc import Sequence
from typing import Any, Final, Literal

from chalicelib.platform.aws import client

MODEL: Final = "amazon.titan-embed-text-v2:0"
Dimensions = Literal[256, 512, 1024]
"""Lengths that the model can answer in."""


class UnusableAnswer(Exception):
    """The service's answer was no vector of the length asked for."""


class Embeddings:
    """Vectors of texts, one request a text.

    Parameters
    ----------
    bedrock
        A `bedrock-runtime` client; that of the installation's region if none is given.
    """

    def __init__(self, dimensions: Dimensions = 512, model: str = MODEL, bedrock: Any = None) -> None:
        self._dimensions, self._model = dimensions, model
        self._bedrock = bedrock

    def vectors(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector of `dimensions` numbers for each text; zeros, without a request, for a blank one.

        Raises `UnusableAnswer`, or botocore's `ClientError` where the service refuses.
        """
        known: dict[str, list[float]] = {}
        for text in texts:
            if text not in known:
                known[text] = self._asked(text) if text.strip() else [0.0] * self._dimensions
        return [known[text] for text in texts]

    def _asked(self, text: str) -> list[float]:
        request = {"inputText": text, "dimensions": self._dimensions, "normalize": True}
        answer = (self._bedrock or client("bedrock-runtime")).invoke_model(
            modelId=self._model,
            contentType="application/json",
            accept="application/json",
            body=json.dumps(request),
        )
        try:
            vector = [float(number) for number in json.loads(answer["body"].read())["embedding"]]
        except (KeyError, TypeError, ValueError):
            raise UnusableAnswer("no vector in the answer") from None
        if len(vector) != self._dimensions:
            raise UnusableAnswer(f"a vector of {len(vector)} numbers instead of {self._dimensions}")
        return vector
