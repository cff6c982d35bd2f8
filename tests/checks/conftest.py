"""Fixtures that tests of this folder share with others."""

from tests.intake.conftest import folder  # noqa: F401
