"""What stands on the command line of make reaches no shell and no file but as a value that is refused."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from ntm_lib.cli.catalogue import COMMANDS, VARIABLES
from tests.pipeline.helpers import ROOT, make, published, write_text


def words_after(name: str) -> list[str]:
    text = (ROOT / "Makefile").read_text("utf-8")
    return re.search(rf"^{name} := (.*)$", text, re.MULTILINE).group(1).split()


def test_the_makefile_passes_on_exactly_the_variables_there_are():
    assert sorted(words_after("VARIABLES")) == sorted(VARIABLES)


def test_every_command_is_a_target():
    assert sorted(words_after("targets")) == sorted(COMMANDS)


def test_make_alone_is_help():
    assert make().stdout == make("help").stdout
    assert "make report COMMUNE=hung-my" in make().stdout


HOSTILE = [
    "../../etc",
    "x; touch {mark}",
    "$(touch {mark})",
    "`touch {mark}`",
    "$(shell touch {mark})",
    "x\n\ttouch {mark}",
    "' && touch {mark} '",
    '" ; touch {mark} "',
    "$(eval x:=$(shell touch {mark}))",
    "${{IFS}}",
    "-x",
    "#",
    "%",
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["COMMUNE", "SET", "SCENARIO", "RULES", "COMUNE", "JOBS"])
def test_a_hostile_value_is_only_a_wrong_value(checkout, tmp_path, name, value):
    mark = tmp_path / "mark"
    value = ("10=" if name == "SET" else "") + value.format(mark=mark)
    commune = [] if name == "COMMUNE" else ["COMMUNE=hung-my"]
    done = make("report", *commune, f"{name}={value}", root=checkout)
    assert done.returncode != 0
    assert name in done.stderr
    assert not mark.exists()
    assert not published(checkout)


@pytest.mark.parametrize("value", ["x; touch {mark}", "$(shell touch {mark})", "`touch {mark}`"])
def test_a_hostile_target_is_only_an_unknown_command(tmp_path, value):
    mark = tmp_path / "mark"
    done = make(value.format(mark=mark))
    assert done.returncode != 0
    assert "Cần làm" in done.stderr
    # make itself expands what stands in a target's name, as it does in a Makefile; no shell sees it here.
    if "shell" not in value:
        assert not mark.exists()


def test_the_environment_of_whoever_calls_is_no_parameter(checkout):
    done = make(
        "report",
        "COMMUNE=hung-mi",
        root=checkout,
        LANGUAGE="en_US:en",
        REGION="eu-west-1",
        YEAR="x",
        NTM_SET="x",
        NTM_LANGUAGE="en",
    )
    assert "COMMUNE" in done.stderr
    assert not any(name in done.stderr for name in ("REGION", "YEAR", "SET", "LANGUAGE", "What to do"))


def test_a_mistyped_variable_is_refused_with_the_nearest(checkout):
    done = make("report", "COMUNE=hung-my", root=checkout)
    assert done.returncode != 0
    assert "COMMUNE" in done.stderr


def test_a_python_that_stands_in_the_environment_is_meant_for_other_programs(checkout):
    command = ["make", "--no-print-directory", "-C", str(ROOT), "communes"]
    environment = os.environ | {"PYTHON": "no-such-python", "NTM_ROOT": str(checkout), "VIRTUAL_ENV": sys.prefix}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0 and "hung-my" in done.stdout, done.stderr


def test_make_says_that_it_needs_a_newer_python(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    done = make("PYTHON=", folder=tmp_path)
    assert done.returncode != 0
    assert "Python 3.11" in done.stderr


@pytest.fixture
def stand_in(tmp_path):
    """A checkout whose path holds spaces and accents, and whose only program prints what it was given."""
    folder = tmp_path / "xã Hùng Mỹ"
    program = "import os, sys\nprint(sys.argv[1:], [name for name in ('COMMUNE', 'SET') if name in os.environ], os.environ['NTM_SET'])"
    for name, text in (("__init__", ""), ("bootstrap", program)):
        write_text(folder / "ntm_lib" / f"{name}.py", text)
    shutil.copy(ROOT / "Makefile", folder)
    return folder


def test_the_value_arrives_as_it_was_typed_and_in_no_other_variable(stand_in):
    """A variable under its own name would be expanded by make, and taken up by a make that a recipe calls."""
    done = make("report", "COMMUNE=x", "SET=10=$(HOME) '$$\\", folder=stand_in)
    assert done.stdout.strip() == "['report'] [] 10=$(HOME) '$$\\"


def test_make_n_shows_one_readable_line():
    done = make("-n", "report", "COMMUNE=hung-my")
    assert len(done.stdout.splitlines()) == 1
    assert done.stdout.strip().endswith("-m ntm_lib.bootstrap report")
    assert os.linesep not in done.stdout.strip()
