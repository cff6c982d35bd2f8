"""Twelve villages, their forms, and the habits in which people fill them in."""

import os
import random
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from ntm_lib import paths
from ntm_lib.cli.data import book_of
from ntm_lib.language import translator
from ntm_lib.parameters import check_forms
from ntm_lib.template.village_book import form_rows, write_workbook

REAL = paths.raw()
NAMES = ("An", "Bằng", "Cả", "Đình", "Đồng", "Gò", "Hạ", "Khe", "Lũng", "Mỏ", "Nà", "Thượng")
HOUSEHOLDS = dict(zip(NAMES, (84, 102, 117, 95, 120, 131, 76, 140, 88, 99, 110, 1251), strict=True))
COMMUNE = """code: "02314"
slug: thu
name: Thử
kind: xã
district: null
district_code: "073"
province: Tuyên Quang
province_slug: tuyen-quang
display: {vi: xã Thử, en: Thử commune}
profile: {villages: {value: 12, year: 2024, document: null}}
traits:
  - {trait: region, value: tdmnpb, from: null, to: null, reason: thử, source: null}
merged_into: null
"""
RESULTS = "id,year,criterion,indicator,part,item,village,value,kind,rule_set,document,section,quote,note\n"
PLAN = """id,year,criterion,indicator,part,item,village,value,kind,base_year
K1,2024,17,17.8,a,Thêm hộ có nhà tiêu,,thêm 56 hộ,change,2023
"""
WORKS = """id,year,criterion,item,village,quantity
W1,2024,2,Đường thôn Đình,Đình,"0,51 km"
W2,2024,5,Cổng chào,An,
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A checkout with the rules: one for all tests, since they are read once for a place."""
    root = tmp_path_factory.mktemp("root")
    (root / "data/raw/communes").mkdir(parents=True)
    for name in ("rules", "layouts"):
        os.symlink(REAL / name, root / "data/raw" / name)
    return root


@pytest.fixture
def commune(checkout, tmp_path, monkeypatch):
    """The folder of commune ``thu`` with its twelve villages."""
    monkeypatch.setenv("NTM_ROOT", str(checkout))
    place = checkout / "data/raw/communes/thu"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    villages = "".join(f"V{i},{name},,{HOUSEHOLDS[name]},,,,\n" for i, name in enumerate(NAMES, start=1))
    files = {
        "commune.yml": COMMUNE, "results.csv": RESULTS, "plan.csv": PLAN, "works.csv": WORKS,
        "villages.csv": "id,village,variants,households,document,section,quote,note\n" + villages,
    }  # fmt: skip
    for name, text in files.items():
        (place / name).write_text(text, "utf-8")
    return place


def made(place: Path, folder: Path, month: int = 0, names: tuple[str, ...] = NAMES) -> dict[str, Path]:
    """The empty forms of these villages for 2024, written into ``folder``."""
    values = {"COMMUNE": "thu", "YEAR": "2024", "MONTH": str(month or "")}
    book = book_of(check_forms(values), translator("vi"))
    (place / "villages").mkdir(exist_ok=True)
    forms = {name: folder / f"{month}-{i}.xlsx" for i, name in enumerate(names)}
    for name, path in forms.items():
        write_workbook(path, book, name, form_rows(book, name))
    return forms


def lines_of(sheet) -> dict[str, int]:
    """Row of each line, by what its hidden cell says."""
    return {str(row[0].value): row[0].row for row in sheet.iter_rows() if "|" in str(row[0].value or "")}


def column(sheet, key: str) -> int:
    return next(cell.column for row in sheet.iter_rows(max_row=10) for cell in row if cell.value == key)


def fill(form: Path, target: Path, figures: dict, day: str = "", change=None) -> Path:
    """Numbers into the cells, as the form asks: ``{key of the line: (done, whole)}``; ``change``: what else somebody did."""
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[0]
    rows, done = lines_of(sheet), column(sheet, "done")
    for key, (count, whole) in figures.items():
        sheet.cell(rows[key], done).value = count
        if whole is not None:
            sheet.cell(rows[key], done + 1).value = whole
    if day:
        sheet["D5"] = day
    if change:
        change(book, sheet, rows, done)
    target.parent.mkdir(exist_ok=True)
    book.save(target)
    return target


def as_text(form: Path, target: Path, figures: dict) -> Path:
    """Another habit: «120/150 hộ» typed into one cell, a note beside it, the sheet renamed, another sheet in front."""

    def change(book, sheet, rows, done):
        for key, (count, whole) in figures.items():
            unit = sheet.cell(rows[key], done - 3).value
            sheet.cell(rows[key], done).value = f"{count}/{whole} {unit}" if count > 1 else f"{count} / {whole}"
            sheet.cell(rows[key], done + 1).value = None
        sheet.title = "Báo cáo gửi xã"
        book.create_sheet("Nháp", 0)["A1"] = "tính nháp: 12 + 15"

    return fill(form, target, {}, change=change)


def sorted_without_mark(form: Path, target: Path, figures: dict) -> Path:
    """A third habit: the hidden column and the hidden row are gone, the lines stand in another order."""

    def change(book, sheet, rows, done):
        held = [[cell.value for cell in sheet[row]] for row in rows.values() if row > 8]
        random.Random(len(held)).shuffle(held)
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        for row, cells in zip([row for row in rows.values() if row > 8], held, strict=True):
            for place, value in enumerate(cells, start=1):
                sheet.cell(row, place).value = value
        sheet.delete_rows(7)
        sheet.delete_cols(1)

    return fill(form, target, figures, change=change)


def resaved(paths_: list[Path], folder: Path, suffix: str) -> None:
    """The workbooks as LibreOffice writes them, in place of the originals."""
    soffice = shutil.which("soffice")
    if not soffice:
        pytest.skip("LibreOffice is not here")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", suffix, "--outdir", str(folder / "out"), *map(str, paths_)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    for path in paths_:
        path.unlink()
        shutil.copy(folder / "out" / f"{path.stem}.{suffix}", path.with_suffix(f".{suffix}"))
