"""Modules that are loaded with the first request that needs them."""

import gc
import importlib
from types import ModuleType
from typing import Any


def load(name: str) -> ModuleType:
    """Import a module, unless it is there, without looking for garbage meanwhile: what is loaded is there to stay."""
    collects = gc.isenabled()
    gc.disable()
    try:
        return importlib.import_module(name)
    finally:
        if collects:
            gc.enable()


class _Later(ModuleType):
    """Stands for a module; the import system sees to it that this is loaded once, by whichever thread asks first."""

    def __getattr__(self, name: str) -> Any:
        return getattr(load(self.__name__), name)


def later(name: str) -> ModuleType:
    """Return what stands for a module, which the first use of any of its names loads.

    Written beside the plain import, which mypy and readers follow:

        if TYPE_CHECKING:
            from chalicelib.people import service
        else:
            service = later("chalicelib.people.service")
    """
    return _Later(name)
