"""``ntm <command>`` does what ``make <command>`` does: every command by both doors, in this process where that is cheap."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ntm_lib import paths
from ntm_lib.cli import given_values, main
from ntm_lib.cli.catalogue import COMMANDS, VARIABLES, help_text
from ntm_lib.language import translator

ROOT = Path(__file__).resolve().parents[2]
# What each command is called with here, its status, and what it says: a whole run where that takes a moment, else up to
# the refusal of one parameter, for which the command has been found, loaded and given its values.
CALLS: dict[str, tuple[list[str], int, str]] = {
    "help": ([], 0, "make report"),
    "report": (["COMMUNE=khong-co"], 1, "không có xã này"),
    "documents": (["COMMUNE=khong-co"], 1, "không có xã này"),
    "scenario": (["COMMUNE=hung-my", "SCENARIO=khong-co"], 1, "xã không có kịch bản: khong-co"),
    "why": (["COMMUNE=khong-co", "INDICATOR=17.8a"], 1, "không có xã này"),
    "explore": (["COMMUNE=khong-co"], 1, "không có xã này"),
    "report-all": (["PROVINCE=khong-co"], 1, "khong-co"),
    "communes": (["FIND=hùng mỹ"], 0, "02314"),
    "check": (["COMMUNE=hung-my"], 0, "Đã đọc"),
    "template": (["COMMUNE=thu-nghiem", "NAME=02308", "YEAR=2025"], 0, "bieu-2025.xlsx"),
    "forms": (["COMMUNE=hung-my", "MONTH=13"], 1, "từ 1 đến 12"),
    "read": (["COMMUNE=hung-my", "FILE=khong-co.docx"], 1, "khong-co.docx"),
    "rules": (["RULES=ntm-2021-2025", "REGION=tdmnpb"], 0, "17.8"),
    "notebook": (["YEAR=2024"], 1, "không có biến YEAR"),
    "overview": (["PROVINCE=khong-co"], 1, "khong-co"),
    "diff": (["COMMUNE=khong-co"], 1, "không có xã này"),
    "clean": ([], 0, ""),
    "status": (["COMMUNE=hung-my", "STAGE=khong-co"], 1, "khong-co"),
    "test": (["COMMUNE=hung-my"], 1, "không có biến COMMUNE"),
    "bench": (["COUNT=1"], 1, "không có biến COUNT"),
    "soak": (["SIZES=1"], 1, "không có biến SIZES"),
    "fuzz": (["SIZES=1"], 1, "không có biến SIZES"),
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """Rules, layouts, registry and Hùng Mỹ in a folder of their own."""
    root = tmp_path_factory.mktemp("checkout")
    raw = root / "data" / "raw"
    (raw / "communes").mkdir(parents=True)
    for name in ("rules", "layouts"):
        (raw / name).symlink_to(paths.raw() / name)
    for name in ("registry.csv", "traits.csv"):
        shutil.copy(paths.communes_folder() / name, raw / "communes")
    shutil.copytree(paths.communes_folder() / "hung-my", raw / "communes" / "hung-my")
    return root


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory):
    """A folder with the Makefile, whose program prints what make hands to it."""
    folder = tmp_path_factory.mktemp("door")
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "ntm_lib").mkdir()
    (folder / "ntm_lib" / "__init__.py").write_text("", "utf-8")
    program = "import json, os, sys\nprint(json.dumps([sys.argv[1:], {k: v for k, v in os.environ.items() if k.startswith('NTM_')}]))\n"
    (folder / "ntm_lib" / "bootstrap.py").write_text(program, "utf-8")
    return folder


def test_every_command_is_called_here():
    assert set(CALLS) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_both_doors_hand_over_the_same(stand_in, name):
    words = shlex.split(COMMANDS[name].example)[1:]
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("NTM_", "MAKE"))}
    done = subprocess.run(
        ["make", f"PYTHON={sys.executable}", *words],
        cwd=stand_in,
        env=clean,
        capture_output=True,
        text=True,
        check=True,
    )
    arguments, given = json.loads(done.stdout)
    assert arguments == (words[:1] or ["help"])
    by_make = {key: value for key, value in given_values([], given).items() if key in VARIABLES}
    assert by_make == given_values(words[1:], {})


@pytest.mark.parametrize("name", CALLS)
def test_a_command_runs_without_make(checkout, monkeypatch, capsys, name):
    monkeypatch.setenv("NTM_ROOT", str(checkout))
    words, status, said = CALLS[name]
    assert main([name, *words]) == status
    out = capsys.readouterr()
    assert said in out.out + out.err
    assert "Traceback" not in out.err


def test_it_runs_from_any_folder(checkout, tmp_path):
    environment = os.environ | {"NTM_ROOT": str(checkout), "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "ntm_lib", "communes", "FIND=02314"]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert "xã Hùng Mỹ" in done.stdout


def test_a_newcomer_without_any_commune_is_led_from_template_to_report(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    assert main(["help"]) == 0
    page = capsys.readouterr().out
    steps = [page.index(f"make {name} ") for name in ("communes", "template", "check", "report")]
    assert steps == sorted(steps)
    assert "Chưa có số liệu của xã nào" in page[:200]


def test_with_data_the_page_is_the_list_of_commands(checkout, monkeypatch, capsys):
    monkeypatch.setenv("NTM_ROOT", str(checkout))
    main(["help"])
    page = capsys.readouterr().out
    assert page.strip() == help_text(translator("vi")).strip()
    assert "gõ ntm thay cho make" in page
