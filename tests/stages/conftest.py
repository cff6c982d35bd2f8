"""Fixtures that tests of this folder share with others."""

from tests.plan.conftest import hung_my  # noqa: F401
