"""Raw files into observations, each with the address of its cell; findings and rejects beside them."""

from importlib import import_module
from typing import Any

# Loaded when first asked for: looking up a commune in the registry needs no pandas.
_HOMES = {
    "Cleaned": "cleaning", "Raw": "raw", "clean": "cleaning", "read_commune": "raw", "stop_on_rejects": "cleaning",
}  # fmt: skip
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
