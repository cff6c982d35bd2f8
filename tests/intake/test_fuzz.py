"""Damaged files: no traceback and no silent loss. ``FUZZ=10000 pytest tests/intake/test_fuzz.py`` tries that many."""

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

TRIES = int(os.environ.get("FUZZ", "240"))
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


@pytest.fixture
def commune(tmp_path, monkeypatch):
    folder = tmp_path / "data" / "raw" / "communes" / "hung-my"
    folder.mkdir(parents=True)
    shutil.copy(SOURCE / "commune.yml", folder)
    heading = (SOURCE / "results.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "results.csv").write_text(heading + "\n", encoding="utf-8")
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    return folder


def survives(about: str) -> None:
    """Reads, cleans and checks the commune: a plain message, or a result that has every row."""
    try:
        raw = read_commune("hung-my")
        cleaned = clean(raw, indicators=INDICATORS)
    except NtmError as error:
        assert len(error.message) < 5000, about
        return
    rows = sum(len(raw.tables[name]) for name in schema.OBSERVED)
    assert len(cleaned.observations) + len(cleaned.rejects) == rows, about
    list_findings(check(cleaned, {}, INDICATORS))


def test_damaged_csv_files_end_in_a_message_or_keep_every_row(commune):
    for seed in range(TRIES):
        chance = random.Random(seed)
        name, mutate = chance.choice(TABLES), chance.choice(MUTATIONS)
        good = (commune / name).read_bytes() if (commune / name).exists() else None
        (commune / name).write_bytes(mutate((SOURCE / name).read_bytes(), chance))
        survives(f"seed {seed}: {mutate.__name__} of {name}")
        (commune / name).unlink() if good is None else (commune / name).write_bytes(good)


def test_damaged_workbooks_end_in_a_message_or_keep_every_row(commune):
    book = openpyxl.Workbook()
    frame = pd.read_csv(SOURCE / "results.csv", dtype=str, keep_default_na=False)
    book.active.title = "results"
    for row in [list(frame.columns), *frame.head(12).values.tolist()]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    for seed in range(TRIES // 3):
        chance = random.Random(seed)
        mutate = chance.choice((flip_bytes, cut, insert, inside))
        (commune / "so-lieu.xlsx").write_bytes(mutate(out.getvalue(), chance))
        survives(f"seed {seed}")
