"""Whatever lies in the folder of one commune, it is told by name and stops no other."""

import os

import pytest

from ntm_lib import parameters
from ntm_lib.pipeline.pool import run_all
from tests.pipeline.helpers import run, write_commune, write_text

HEAD = "id,year,criterion,indicator,value,kind\n"
BOMB = (
    "a: &a ["
    + "x, " * 9
    + "x]\n"
    + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "code: *i\n"
)
UNREADABLE = {  # name → (file, content; None: a folder; a function of the path)
    "long cell": ("results.csv", HEAD + 'R1,2023,17,17.8a,"' + "x" * 200_000 + '",measured\n'),
    "quote that never closes": ("results.csv", HEAD + 'R1,2023,17,17.8a,"90%,measured\n'),
    "no heading": ("results.csv", "R1,2023,17,17.8a,90%,measured\n"),
    "folder for results": ("results.csv", None),
    "loop for results": ("results.csv", lambda path: path.symlink_to(path.name)),
    "broken link": ("results.csv", lambda path: path.symlink_to("khong-co.csv")),
    "binary results": ("results.csv", b"\x00\xff\x00\x01" * 50),
    "empty results": ("results.csv", ""),
    "deep description": ("commune.yml", "a: " + "[" * 100_000),
    "bomb of references": ("commune.yml", BOMB),
    "binary description": ("commune.yml", b"\x00\x01\xff\xfe"),
    "folder for description": ("commune.yml", None),
    "loop for description": ("commune.yml", lambda path: path.symlink_to(path.name)),
    "broken line of the province": ("commune.yml", 'code: "02314"\nprovince_slug: [tuyen-quang\n'),
    "no province": ("commune.yml", 'code: "02314"\nname: x\n'),
    "a number for a description": ("commune.yml", "12"),
}


@pytest.fixture
def two(checkout):
    """Hùng Mỹ, and Kim Ngọc of the same province whose folder a test may spoil."""
    write_commune(checkout, "kim-ngoc")
    (checkout / "data/raw/communes/kim-ngoc/plan.csv").unlink()
    return checkout


def spoil(folder, file, content) -> None:
    path = folder / file
    path.unlink(missing_ok=True)
    if content is None:
        path.mkdir()
        (path / "x").touch()
    elif callable(content):
        content(path)
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def planned_only(monkeypatch):
    """Reports are not made, only planned: what one costs is for other tests."""
    from ntm_lib.pipeline.job import MADE, Outcome

    done: list[str] = []

    def pretend(jobs, at_a_time, **_):
        for job in jobs:
            done.append(job.parameters.commune)
            yield Outcome(job.parameters.run_name, MADE)

    monkeypatch.setattr("ntm_lib.pipeline.pool.run_all", pretend)
    assert run_all is not pretend
    return done


@pytest.mark.parametrize("name", UNREADABLE)
def test_it_counts_as_failed_and_the_other_is_made(capsys, two, planned_only, name):
    spoil(two / "data/raw/communes/kim-ngoc", *UNREADABLE[name])
    status, said, complaint = run(capsys, "report-all", "PROVINCE=tuyen-quang")
    assert planned_only == ["hung-my"]
    assert status == 1
    assert "1 hỏng" in said and "kim-ngoc" in complaint and "Traceback" not in complaint
    assert len(complaint) < 3000


@pytest.mark.parametrize("name", UNREADABLE)
def test_lists_and_look_ups_go_on_without_it(capsys, two, name):
    spoil(two / "data/raw/communes/kim-ngoc", *UNREADABLE[name])
    status, said, complaint = run(capsys, "communes", "PROVINCE=tuyen-quang")
    assert "hung-my" in said and "kim-ngoc" in said + complaint and "Traceback" not in complaint
    status, _, complaint = run(capsys, "report", "COMMUNE=kim-ngoc", "YEAR=1999")
    assert status == 1 and "Lỗi của chương trình" not in complaint and "Traceback" not in complaint
    assert parameters.check({"COMMUNE": "hung-my", "YEAR": "2024"}).commune == "hung-my"


@pytest.mark.parametrize("name", [name for name, (file, _) in UNREADABLE.items() if file == "commune.yml"])
def test_an_overview_lists_it_with_the_reason_and_goes_on(two, name):
    from ntm_lib.report.overview.overview_read import read_overview

    spoil(two / "data/raw/communes/kim-ngoc", *UNREADABLE[name])
    missing = {place.slug: why for place, why in read_overview(["kim-ngoc", "hung-my"]).missing}
    assert set(missing) == {"hung-my", "kim-ngoc"}
    assert "kim-ngoc/commune.yml" in missing["kim-ngoc"] and len(missing["kim-ngoc"]) < 600


def test_what_is_passed_over_is_named_with_its_years_and_the_way(capsys, two, planned_only):
    write_commune(two, "xa-cu", years=(2010, 2012))
    write_commune(two, "xa-moi", years=())
    for slug in ("xa-cu", "xa-moi"):
        (two / f"data/raw/communes/{slug}/plan.csv").unlink()
    (two / "data/raw/communes/xa-moi/results.csv").unlink()
    (two / "data/raw/communes/xa-moi/scenarios/them-ho.yml").unlink()
    (two / "data/raw/communes/xa-moi/scenarios").rmdir()
    write_commune(two, "xa-xa", province="ha-giang")
    write_text(two / "data/raw/communes/Hung My/results.csv", HEAD)
    status, said, complaint = run(capsys, "report-all", "PROVINCE=tuyen-quang")
    assert planned_only == ["hung-my", "kim-ngoc"]
    assert (
        "Không lập 2 xã:" in said
        and "make report COMMUNE=xa-cu YEAR=2012" in said
        and "xa-moi: xã chưa có số liệu" in said
    )
    assert "xa-xa" not in said + complaint
    assert status == 1 and "Hung My" in complaint  # a folder that nobody reads is told too
    status, said, _ = run(capsys, "report-all", "YEARS=2021")
    assert "xa-cu: không có số liệu của các năm này; có: 2010 2012" in said


@pytest.mark.skipif(os.name == "nt", reason="no named pipes")
def test_a_pipe_in_the_folder_is_no_input_that_never_ends(capsys, two):
    os.mkfifo(two / "data/raw/communes/kim-ngoc/ong.csv")
    status, _, complaint = run(capsys, "report", "COMMUNE=kim-ngoc", "YEAR=2023")
    assert status == 1
    assert "ong.csv" in complaint and "không phải tệp thường" in complaint


def test_a_table_that_cannot_be_read_is_no_missing_year(capsys, two, planned_only):
    """The other table may be sound, so that some year is known; the one asked for may stand in the broken file."""
    write_text(two / "data/raw/communes/kim-ngoc/plan.csv", HEAD + "P1,2024,17,17.8a,95%,target\n")
    spoil(two / "data/raw/communes/kim-ngoc", *UNREADABLE["quote that never closes"])
    status, said, complaint = run(capsys, "report-all", "YEARS=2023")
    assert (status, planned_only) == (1, ["hung-my"])
    assert "kim-ngoc" in complaint and "results.csv" in complaint and "Không lập" not in said


def test_a_fault_of_ours_in_reading_one_commune_stops_no_list(capsys, two, monkeypatch):
    (two / "data/raw/communes/kim-ngoc/results.csv").unlink()
    (two / "data/raw/communes/kim-ngoc/so-lieu.xlsx").touch()
    monkeypatch.setattr("ntm_lib.intake.years.read_commune", lambda slug, language: {}["x"])
    _status, said, _ = run(capsys, "communes")
    assert "hung-my" in said and "kim-ngoc" in said and "KeyError" in said
