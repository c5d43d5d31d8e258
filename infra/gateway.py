"""The API's description in the template, made small: CloudFormation takes a megabyte, and routes are most of it.

Chalice writes each method of each path in full, those that we refuse with 405 (chalicelib/platform/web/methods.py) too.
API Gateway needs less:

- `x-amazon-apigateway-any-method` "can exist alongside other Operation objects and will catch any HTTP method that
  wasn't explicitly declared", so the refused ones are one entry a path.
  https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-any-method.html, read
  2026-11-22.
- What goes to a function as a whole (`aws_proxy`) needs its address and who may call: parameters, media types and
  responses describe what API Gateway hands through. AWS SAM itself writes no more for a function's events.
"""

from typing import Any

ANY = "x-amazon-apigateway-any-method"
INTEGRATION = "x-amazon-apigateway-integration"
_NAMED = "method.response.header.Access-Control-Allow-Methods"


def shortened(body: dict[str, Any]) -> dict[str, Any]:
    """Return an API's body that answers every request as the given one does."""
    return {**body, "paths": {path: _path(methods) for path, methods in body["paths"].items()}}


def resources(body: dict[str, Any]) -> int:
    """Return how many resources API Gateway makes of a body: one for each step of a path, and the root."""
    steps = {()}
    for path in body["paths"]:
        parts = tuple(part for part in path.split("/") if part)
        steps |= {parts[: count + 1] for count in range(len(parts))}
    return len(steps)


def _path(methods: dict[str, Any]) -> dict[str, Any]:
    short = {name: _operation(one) for name, one in methods.items()}
    refused = sorted(short.keys() - _named(methods))
    # An entry for all of them must say what each did; without a preflight of its own it would catch that too.
    if "options" not in methods or not refused or any(short[one] != short[refused[0]] for one in refused):
        return short
    return {**{name: one for name, one in short.items() if name not in refused}, ANY: short[refused[0]]}


def _named(methods: dict[str, Any]) -> set[str]:
    """Return what a preflight says that the path takes, itself included: that is what it has."""
    if "options" not in methods:
        return set(methods)
    answer = methods["options"][INTEGRATION]["responses"]["default"]["responseParameters"]
    return {name.strip().lower() for name in answer[_NAMED].strip("'").split(",")}


def _operation(one: dict[str, Any]) -> dict[str, Any]:
    integration = one[INTEGRATION]
    if integration["type"] != "aws_proxy":
        return one
    kept = {key: integration[key] for key in ("type", "httpMethod", "uri", "contentHandling")}
    short = {"responses": {}, INTEGRATION: kept}
    return {**short, "security": one["security"]} if "security" in one else short
