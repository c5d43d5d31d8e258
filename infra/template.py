"""Reads CloudFormation templates: YAML with its short tags, and the few functions that our own files use."""

import re
from pathlib import Path
from typing import Any

import yaml

INFRA = Path(__file__).parent
DATA = INFRA / "data.yaml"
OVERLAY = INFRA / "overlay.yaml"
MACHINE = INFRA / "matching.yaml"


# libyaml, where the wheel has it, reads ten times as fast.
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):
    """Short tags become the long functions: `!Sub x` is {"Fn::Sub": x}."""


def _function(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if name == "Fn::GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)  # noqa: S101 - YAML has no fourth kind
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


_Loader.add_multi_constructor("!", _function)


def load(path: Path) -> dict[str, Any]:
    """Read a template; short tags come out as their long form."""
    template: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    return template


def functions_of_steps(machine: dict[str, Any]) -> dict[str, str]:
    """Return the function that takes each step of the state machine, by its definition."""
    found = {}
    for state in machine["States"].values():
        if state["Type"] == "Map":
            task = state["ItemProcessor"]["States"]["Do"]
            found[state["ItemSelector"]["step"]] = task["Parameters"]["FunctionName"]
        elif state["Type"] == "Task" and "FunctionName" in state["Parameters"]:
            found[state["Parameters"]["Payload"]["step"]] = state["Parameters"]["FunctionName"]
    return found


class Evaluator:
    """Resolves the functions of one template for given parameters.

    Parameters
    ----------
    template
        As `load` returns it.
    parameters
        Values of the template's parameters and of the AWS pseudo parameters (`AWS::Region` and so on).

    Notes
    -----
    `Ref` and `Fn::GetAtt` of a resource ask `attributes`, which the creator of the resource fills:
    `{"MailQueue": {"Ref": url, "Arn": arn}}`. A function or name that is not known raises, so that a template
    that grows beyond this reader cannot be read wrongly.
    """

    def __init__(self, template: dict[str, Any], parameters: dict[str, str]) -> None:
        self.template = template
        self.parameters = parameters
        self.attributes: dict[str, dict[str, str]] = {}

    def value(self, node: Any) -> Any:
        """Return a node with all functions resolved."""
        if isinstance(node, list):
            return [self.value(item) for item in node]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, argument),) = node.items()
            if name == "Ref":
                return self._ref(argument)
            if name.startswith("Fn::"):
                return self._function(name, argument)
        return {key: self.value(item) for key, item in node.items()}

    def condition(self, name: str) -> bool:
        """Tell whether a named condition of the template holds."""
        return bool(self.value(self.template["Conditions"][name]))

    def wanted(self, logical_id: str) -> bool:
        """Tell whether a resource's own condition lets it be."""
        condition = self.template["Resources"][logical_id].get("Condition")
        return condition is None or self.condition(condition)

    def _ref(self, name: str) -> str:
        if name in self.parameters:
            return self.parameters[name]
        return self.attributes[name]["Ref"]

    def _function(self, name: str, argument: Any) -> Any:
        if name == "Fn::Sub":
            return re.sub(r"\$\{([^}]+)\}", lambda found: self._substitute(found[1]), argument)
        if name == "Fn::GetAtt":
            return self.attributes[argument[0]][argument[1]]
        if name == "Fn::If":
            return self.value(argument[1] if self.condition(argument[0]) else argument[2])
        if name == "Fn::Equals":
            return self.value(argument[0]) == self.value(argument[1])
        if name == "Fn::Not":
            return not self.value(argument[0])
        raise ValueError(f"infra/template.py does not know {name}: use another function or teach it")

    def _substitute(self, name: str) -> str:
        if "." in name:
            logical_id, attribute = name.split(".", 1)
            return self.attributes[logical_id][attribute]
        return self._ref(name)
