"""Hùng Mỹ's own figures written by other habits: the same verdicts, or a refusal; never another verdict."""

import csv
import io
import re
import shutil
import subprocess
import unicodedata

import openpyxl
import pytest

from ntm_lib import paths, rules
from ntm_lib.errors import NtmError
from ntm_lib.intake import clean, read_commune
from ntm_lib.judge.history import judge_history
from ntm_lib.tables import records
from ntm_lib.text.numbers import AMBIGUOUS

REAL = paths.raw()
SET = "ntm-2021-2025"
YEAR = 2024
TABLES = ("results", "plan")
SOFFICE = shutil.which("soffice")
_GROUP, _UNIT = r"(?<=\d)\.(?=\d{3}(?!\d))", r"(?<=\d) (?=(?:hộ|km|ha|triệu|thôn|tiêu chí|%))"
_VIETNAMESE = {
    "year": "Năm", "criterion": "Tiêu chí", "indicator": "Chỉ tiêu", "item": "Nội dung", "value": "Giá trị",
    "note": "Ghi chú",
}  # fmt: skip


def tables() -> dict[str, list[dict]]:
    text = {name: (REAL / "communes/hung-my" / f"{name}.csv").read_text("utf-8") for name in TABLES}
    return {name: list(csv.DictReader(io.StringIO(text[name]))) for name in TABLES}


def valued(change):
    """The habit that writes every value otherwise."""
    return lambda found: {n: [r | {"value": change(r["value"])} for r in rows] for n, rows in found.items()}


HABITS = {
    "as it is": lambda found: found,
    "units against numbers": valued(lambda t: re.sub(_UNIT, "", t)),
    "a space before every unit": valued(lambda t: re.sub(r"(?<=\d)(?=%|km|ha\b|hộ)", " ", t)),
    "thousands by a space": valued(lambda t: re.sub(_GROUP, " ", t)),
    "thousands by a no-break space": valued(lambda t: re.sub(_GROUP, "\u00a0", t)),
    "thousands by nothing": valued(lambda t: re.sub(_GROUP, "", t)),
    "thousands by a comma": valued(lambda t: re.sub(_GROUP, ",", t)),
    "decimals by a point": valued(lambda t: re.sub(r"(?<=\d),(?=\d{1,2}(?!\d))", ".", t)),
    "decomposed letters": valued(lambda t: unicodedata.normalize("NFD", t)),
    "capitals": valued(str.upper),
    "in quotes": valued(lambda t: f"“{t}”"),
    "with a full stop": valued(lambda t: f"{t}."),
    "percent in words": valued(lambda t: t.replace("%", " phần trăm")),
    "spaces round every sign": valued(lambda t: re.sub(r"\s*([/≥≤>])\s*", r" \1 ", t)),
    "one space for another": valued(lambda t: t.replace(" ", "\u2009")),
    "sorted": lambda found: {n: sorted(rows, key=lambda r: r["value"]) for n, rows in found.items()},
    "backwards": lambda found: {n: rows[::-1] for n, rows in found.items()},
    "columns the other way": lambda found: {n: [dict(reversed(r.items())) for r in rows] for n, rows in found.items()},
    "headings in Vietnamese": lambda found: {
        n: [{_VIETNAMESE.get(k, k): v for k, v in r.items()} for r in rows] for n, rows in found.items()
    },
}  # fmt: skip


def with_commas(found, place):
    for name, rows in found.items():
        as_text(rows, place / f"{name}.csv", ",", "utf-8")


def with_semicolons(found, place):
    for name, rows in found.items():
        as_text(rows, place / f"{name}.csv", ";", "utf-8-sig", "\r\n")


def as_unicode_text(found, place):
    for name, rows in found.items():
        as_text(rows, place / f"{name}.txt", "\t", "utf-16")


def as_text(rows, path, separator, encoding, newline="\n"):
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], delimiter=separator, lineterminator=newline)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))


def as_workbook(found, place):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in found.items():
        page = book.create_sheet(name)
        page.append(["SỐ LIỆU CỦA XÃ"])
        page.append(list(rows[0]))
        for row in rows:
            page.append(list(row.values()))
    book.save(place / "so-lieu.xlsx")


def saved_by_libreoffice(found, place):
    as_workbook(found, place)
    command = [SOFFICE, "--headless", f"-env:UserInstallation=file://{place.parent}/office", "--convert-to", "ods"]
    subprocess.run([*command, "--outdir", str(place), str(place / "so-lieu.xlsx")], check=True, capture_output=True)
    (place / "so-lieu.xlsx").unlink()


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """``read(habit, write)``: verdict by (year, indicator, part), and those that a refusal or a doubt left open; None where all is refused."""
    root = tmp_path_factory.mktemp("habits")
    communes = root / "data/raw/communes"
    communes.mkdir(parents=True)
    for name in ("rules", "layouts"):
        (root / "data/raw" / name).symlink_to(REAL / name)

    def verdicts(habit, write):
        place = communes / "hung-my"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for name in ("commune.yml", "documents.csv"):
            shutil.copy(REAL / "communes/hung-my" / name, place)
        write(habit(tables()), place)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NTM_ROOT", str(root))
            rule_set = rules.load_set(SET)
            try:
                cleaned = clean(read_commune("hung-my"), "vi", rule_set.all_indicators)
            except NtmError:
                return None
            judged = judge_history(cleaned.observations, rule_set, rules.load_commune("hung-my"), YEAR)
        told = len(cleaned.rejects) + sum(parsed.doubt in AMBIGUOUS for parsed in cleaned.parsed.values())
        found = {(r["year"], r["indicator"], r["part"]): r["verdict"] for r in records(judged.indicators)}
        return found, told

    return verdicts


@pytest.fixture(scope="module")
def wanted(read):
    return read(HABITS["as it is"], with_commas)


@pytest.mark.parametrize("habit", HABITS)
def test_the_same_figures_written_otherwise_have_the_same_verdicts_or_are_refused(read, wanted, habit):
    same_or_told(read(HABITS[habit], with_commas), wanted)


@pytest.mark.parametrize(
    "write",
    [
        with_semicolons,
        as_unicode_text,
        as_workbook,
        pytest.param(
            saved_by_libreoffice, marks=pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")
        ),
    ],
)
def test_another_program_that_saves_them_changes_no_verdict(read, wanted, write):
    assert read(HABITS["as it is"], write) == wanted


def same_or_told(found, wanted):
    """Every verdict as wanted; where one is not, it is none, and at least as many cells as before are told."""
    if found is None:
        return
    other = {key: (verdict, found[0].get(key)) for key, verdict in wanted[0].items() if found[0].get(key) != verdict}
    assert all(now in ("no-data", None) for _, now in other.values()), other
    assert not other or found[1] > wanted[1], other


def test_there_are_verdicts_to_lose(wanted):
    assert {"met", "unmet"} & set(wanted[0].values())
    assert sum(verdict != "no-data" for verdict in wanted[0].values()) > 5
