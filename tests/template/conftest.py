"""Fixtures that tests of this folder share with others."""

from tests.intake.conftest import folder  # noqa: F401
from tests.template.village_books import checkout, commune  # noqa: F401
