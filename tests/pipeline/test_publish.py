"""A published folder is the old one or the new one, whole, whatever interrupts."""

import errno
import os

import pytest

from ntm_lib.pipeline import publish
from tests.pipeline.helpers import files_of, write_text


@pytest.fixture
def place(tmp_path):
    write_text(tmp_path / "xã" / "2024" / "report.html", "cũ")
    return tmp_path / "xã" / "2024"


def build(place, text="mới"):
    with publish.staged(place) as (folder,):
        write_text(folder / "report.html", text)
        write_text(folder / "part" / "x", text)
        publish.publish(place)


def test_the_new_folder_stands_in_place_of_the_old(place):
    build(place)
    assert files_of(place) == {"part/x": b"m\xe1\xbb\x9bi", "report.html": b"m\xe1\xbb\x9bi"}
    assert os.listdir(place.parent) == ["2024"]


def test_a_first_report_needs_no_old_one(tmp_path):
    build(tmp_path / "a" / "b" / "2024")
    assert os.listdir(tmp_path / "a" / "b") == ["2024"]


def test_a_failure_while_building_leaves_the_old_one(place):
    with pytest.raises(ValueError), publish.staged(place) as (folder,):
        write_text(folder / "report.html", "dở")
        raise ValueError
    assert files_of(place) == {"report.html": b"c\xc5\xa9"}
    assert os.listdir(place.parent) == ["2024"]


def test_what_a_killed_run_left_is_removed(place):
    write_text(publish.building(place) / "half", "dở")
    assert publish.needs_healing(place)
    build(place)
    assert not publish.needs_healing(place)
    assert "half" not in files_of(place)


@pytest.fixture
def two_renames(monkeypatch):
    """A system that cannot exchange two folders in one step."""
    monkeypatch.setattr(publish, "_exchange_at_once", lambda one, other: False)


def test_without_an_exchange_two_renames_do(place, two_renames):
    build(place)
    assert files_of(place)["report.html"] == "mới".encode()
    assert os.listdir(place.parent) == ["2024"]


def test_killed_between_the_two_renames_the_old_one_comes_back(place, two_renames):
    os.rename(place, place.with_name(".2024.old"))
    assert publish.needs_healing(place)
    publish.heal(place)
    assert files_of(place) == {"report.html": b"c\xc5\xa9"}
    assert not publish.needs_healing(place)


def test_a_second_rename_that_fails_is_undone(place, two_renames, monkeypatch):
    rename, calls = os.rename, []

    def failing(one, other):
        calls.append(one)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        rename(one, other)

    monkeypatch.setattr(os, "rename", failing)
    with pytest.raises(OSError, match="No space"):
        build(place)
    assert files_of(place) == {"report.html": b"c\xc5\xa9"}


def test_an_exchange_that_fails_for_another_reason_is_an_error(place, tmp_path):
    with pytest.raises(OSError, match="No such file"):
        publish._exchange_at_once(os.fsencode(tmp_path / "none"), os.fsencode(place))


def test_this_system_exchanges_in_one_step(place, tmp_path):
    """The guarantee rests on it: on Linux and macOS the fallback is for odd file systems only."""
    write_text(tmp_path / "new" / "x", "1")
    assert publish._exchange_at_once(os.fsencode(tmp_path / "new"), os.fsencode(place))
    assert files_of(place) == {"x": b"1"}
