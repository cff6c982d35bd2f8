"""Damaged files: no traceback and no silent loss. ``make fuzz`` tries ten thousand."""

import csv
import io
import os
import random
import shutil
import zipfile

import openpyxl
import pandas as pd
import pytest

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake import check, clean, list_findings, read_commune, schema

TRIES = int(os.environ.get("FUZZ", "320"))  # files; a quarter of them workbooks
SOURCE = paths.communes_folder() / "hung-my"
INDICATORS = pd.read_csv(paths.rules_folder() / "ntm-2021-2025" / "indicators.csv", dtype=str, keep_default_na=False)
TABLES = [f"{name}.csv" for name in (*schema.OBSERVED, "documents", "notes")]


def flip_bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def cut_rows(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join(line[: chance.randrange(len(line) + 1)] if chance.random() < 0.2 else line for line in lines)


def swap_columns(data: bytes, chance: random.Random) -> bytes:
    lines = [line.split(b",") for line in data.split(b"\n")]
    i, j = chance.sample(range(max(2, len(lines[0]))), 2)
    for cells in lines[chance.randint(0, 1) :]:
        if max(i, j) < len(cells):
            cells[i], cells[j] = cells[j], cells[i]
    return b"\n".join(b",".join(cells) for cells in lines)


def mix_encodings(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + data[place:].decode(errors="ignore").encode(chance.choice(["utf-16", "cp1258", "latin-1"]), errors="ignore")


def insert(data: bytes, chance: random.Random) -> bytes:
    what = chance.choice([b'"', b"\0", b"\n", b",,", b"=1+1", b"1.413", "½٣hộ".encode(), b"9" * 400, b"\xff\xfe", b"x" * 20_000])
    place = chance.randrange(len(data))
    return data[:place] + what + data[place:]


def repeat_rows(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join(line for line in lines for _ in range(chance.randint(1, 3)))


def inside(data: bytes, chance: random.Random) -> bytes:
    """Damages one member of a workbook and packs it again, so that the archive itself is sound."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        hurt = chance.choice(source.namelist())
        for name in source.namelist():
            content = source.read(name)
            file.writestr(name, chance.choice((flip_bytes, cut, insert, swap_columns))(content, chance) if name == hurt else content)
    return out.getvalue()


MUTATIONS = (flip_bytes, cut, cut_rows, swap_columns, mix_encodings, insert, repeat_rows)
COUNTABLE = (cut_rows, swap_columns, repeat_rows)  # after these the file is still text whose records can be counted


@pytest.fixture
def commune(tmp_path, monkeypatch):
    folder = tmp_path / "data" / "raw" / "communes" / "hung-my"
    folder.mkdir(parents=True)
    shutil.copy(SOURCE / "commune.yml", folder)
    heading = (SOURCE / "results.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "results.csv").write_text(heading + "\n", encoding="utf-8")
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    return folder


def survives(about: str):
    """Reads, cleans and checks the commune: a plain message (then None), or a result that has every row (then what was read)."""
    try:
        raw = read_commune("hung-my")
        cleaned = clean(raw, indicators=INDICATORS)
    except NtmError as error:
        assert len(error.message) < 5000, about
        assert "Traceback" not in error.message, about
        return None
    rows = sum(len(raw.tables[name]) for name in schema.OBSERVED)
    assert len(cleaned.observations) + len(cleaned.rejects) == rows, about
    list_findings(check(cleaned, {}, INDICATORS))
    return raw


def records(data: bytes) -> int:
    """Records below the heading, counted by another reader; empty ones are none."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    return sum(any(cell.strip() for cell in row) for row in rows[1:])


def test_damaged_csv_files_end_in_a_message_or_keep_every_row(commune):
    for seed in range(TRIES - TRIES // 4):
        chance = random.Random(seed)
        name, mutate = chance.choice(TABLES), chance.choice(MUTATIONS)
        good = (commune / name).read_bytes() if (commune / name).exists() else None
        hurt = mutate((SOURCE / name).read_bytes(), chance)
        (commune / name).write_bytes(hurt)
        about = f"seed {seed}: {mutate.__name__} of {name}"
        raw = survives(about)
        if raw and mutate in COUNTABLE:
            assert len(raw.tables[name.removesuffix(".csv")]) == records(hurt), about
        (commune / name).unlink() if good is None else (commune / name).write_bytes(good)


def workbook(rows: list[list[str]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "results"
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def shuffled(rows: list[list[str]], chance: random.Random) -> list[list[str]]:
    """Rows cut short, left out or repeated, and two columns changed over, with their heading or without."""
    i, j = chance.sample(range(len(rows[0])), 2)
    changed = [list(row) for row in rows]
    for row in changed[chance.randint(0, 1) :]:
        row[i], row[j] = row[j], row[i]
    heading, *body = changed
    body = [row[: chance.randrange(len(row) + 1)] if chance.random() < 0.2 else row for row in body for _ in range(chance.randint(0, 2))]
    return [heading, *body]


def test_damaged_workbooks_end_in_a_message_or_keep_every_row(commune):
    frame = pd.read_csv(SOURCE / "results.csv", dtype=str, keep_default_na=False)
    rows = [list(frame.columns), *frame.head(12).values.tolist()]
    good = workbook(rows)
    for seed in range(TRIES // 4):
        chance = random.Random(seed)
        mutate = chance.choice((flip_bytes, cut, insert, inside, inside, shuffled))
        hurt = shuffled(rows, chance) if mutate is shuffled else None
        (commune / "so-lieu.xlsx").write_bytes(workbook(hurt) if hurt else mutate(good, chance))
        about = f"seed {seed}: {mutate.__name__}"
        raw = survives(about)
        if raw and hurt:
            read = sum(len(table) for table in raw.tables.values())
            told = {remark.row for remark in raw.remarks if remark.file.endswith("so-lieu.xlsx")}
            assert read + len(told) >= sum(any(row) for row in hurt[1:]), about
