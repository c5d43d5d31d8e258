"""What tests read of a packaged template."""

from typing import Any


def functions(built: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the properties of every function."""
    return {
        name: one["Properties"]
        for name, one in built["Resources"].items()
        if isinstance(one, dict) and one["Type"] == "AWS::Serverless::Function"
    }


def statements(built: dict[str, Any], function: str) -> list[dict[str, Any]]:
    """Return what a function may do."""
    return statements_of(built, functions(built)[function]["Role"]["Fn::GetAtt"][0])


def statements_of(built: dict[str, Any], role: str) -> list[dict[str, Any]]:
    """Return what a role with one policy may do."""
    (policy,) = built["Resources"][role]["Properties"]["Policies"]
    found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return found


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
