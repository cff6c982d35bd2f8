"""A dozen moments, and every border between two steps, of ``make soak``."""

import os
import random

import pytest

from tests.pipeline.helpers import write_checkout
from tests.pipeline.soak import BORDERS, Soak, all_killed_after, killed_after, killed_at

CHANCE = random.Random(5)


@pytest.fixture(scope="module")
def soak(tmp_path_factory):
    root = tmp_path_factory.mktemp("soak") / "xã thử"
    before, os.environ["NTM_ROOT"] = os.environ.get("NTM_ROOT"), str(root)
    yield Soak(write_checkout(root))
    os.environ.pop("NTM_ROOT")
    if before:
        os.environ["NTM_ROOT"] = before


@pytest.mark.parametrize("border", BORDERS, ids=lambda border: "-".join(map(str, border)))
def test_killed_at_a_border_between_two_steps(soak, border):
    assert soak.trial(killed_at(border)) in ("old", "new")


@pytest.mark.parametrize("part", sorted(CHANCE.random() for _ in range(10)))
def test_killed_at_a_random_moment(soak, part):
    assert soak.trial(killed_after(part * soak.duration)) in ("old", "new")


@pytest.mark.parametrize("seconds", [1.0, 3.0])
def test_killed_with_everything_it_has_started(soak, seconds):
    assert soak.trial(all_killed_after(seconds)) in ("old", "new")
