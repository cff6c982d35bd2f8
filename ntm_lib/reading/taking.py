"""Appends what a person accepted of a proposal to the commune's tables, with who and when; keeps what was refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ntm_lib import paths
from ntm_lib.intake.schema import FUNDING_SOURCES, KINDS, STATES, TABLES
from ntm_lib.language import Translate, translator
from ntm_lib.office.approval import Row, faults_of_mark, mark_of, put, read_marks, read_table, refuse, table_text
from ntm_lib.reading.proposing import FIELDS, FIGURES, HEADINGS, SAME, WORDS, coded, raw_of
from ntm_lib.reading.proposing import STATES as READ_STATES
from ntm_lib.text.names import slug
from ntm_lib.text.tokens import tidy

JUDGED = ("results", "plan", "funding")  # a doubtful row of these is taken with a reason only
REFUSED_COLUMNS = (*SAME, "quote", "sha256", "person", "date", "reason")


@dataclass(frozen=True, slots=True)
class Taken:
    """How many rows were written, stood there already, were refused and are not marked yet; the commune and the files written."""

    commune: str
    written: int
    standing: int
    refused: int
    left: int
    files: tuple[Path, ...]


def refused_file(commune: str) -> Path:
    return paths.communes_folder() / commune / "sources" / "khong-nhan.txt"


def refused_before(commune: str) -> list[Row]:
    return read_table(refused_file(commune), REFUSED_COLUMNS)


def existing_rows(commune: str) -> dict[str, list[Row]]:
    """The rows of the commune's CSV tables."""
    folder = paths.communes_folder() / commune
    return {name: read_table(folder / f"{name}.csv", table.columns) for name, table in TABLES.items()}


def take(path: Path, person: str, today: str, language: str = "vi") -> Taken:
    """Writes the accepted rows of a proposal. ``person``: who compared them, where the row names nobody; ``today``: ISO date.

    Raises NtmError, and writes nothing, where a mark cannot be followed or a cell is not allowed.
    """
    t = translator(language)
    marks = [coded(row) | {"person": row["person"] or person} for row in read_marks(path, HEADINGS, language)]
    accepted = [row for row in marks if mark_of(row) == "yes"]
    commune = marks[0]["commune"]
    tables = existing_rows(commune)
    names = {row["id"]: _name(row) for row in marks if row["id"]}
    held = {raw["id"] for rows in tables.values() for raw in rows if raw.get("id")}
    known = {row["id"] for row in accepted} | {name for name, own in names.items() if own in held}
    faults = ((n, row, fault) for n, row in enumerate(marks, start=2) for fault in _faults(row, known, t))
    refuse([f"{t('hàng {n}').format(n=n)}, {_shown(row)}: {fault}" for n, row, fault in faults], t)
    written, standing, changed = 0, 0, set[str]()
    for row in [*_document(marks, accepted, tables), *accepted]:
        name = names.get(row["id"]) or _free(row, held)
        raw = raw_of(row, name) | (
            {"part_of": names[row["part_of"]]} if row["part_of"] and "part_of" in TABLES[row["table"]].columns else {}
        )
        if row["table"] == "documents":
            there = any(r["document"] == raw["document"] for r in tables["documents"])
        else:
            there = name in held
        if there:
            standing += 1
            continue
        raw["note"] = _note(row, today)
        held.add(name)
        tables[row["table"]].append(raw)
        changed.add(row["table"])
        written += 1
    files = [paths.communes_folder() / commune / f"{name}.csv" for name in sorted(changed)]
    for file in files:
        put(file, table_text(TABLES[file.stem].columns, tables[file.stem]))
    refused = [row for row in marks if mark_of(row) == "no"]
    _keep_refused(commune, refused, today)
    return Taken(commune, written, standing, len(refused), sum(mark_of(row) == "" for row in marks), tuple(files))


def _document(marks: list[Row], accepted: list[Row], tables: dict[str, list[Row]]) -> list[Row]:
    """The row of documents.csv that accepted rows need, where it is neither there nor among them."""
    if not accepted or any(row["table"] == "documents" for row in accepted):
        return []
    if any(raw["document"] == accepted[0]["document"] for raw in tables["documents"]):
        return []
    own = next((row for row in marks if row["table"] == "documents"), None)
    base = own or (
        dict.fromkeys(HEADINGS, "")
        | {c: accepted[0][c] for c in ("document", "title", "issuer", "date", "file", "sha256", "at")}
    )
    title = base["title"] or base["file"]
    return [base | {"table": "documents", "id": "", "title": title, "person": accepted[0]["person"]}]


def _name(row: Row) -> str:
    """The id of a row in the commune's tables: always the same for the same place of the same document."""
    return f"{slug(row['document'])[:20]}-{row['id'].removeprefix('d').zfill(3)}"


def _free(row: Row, held: set[str]) -> str:
    number = next(n for n in range(1, 10_000) if f"{slug(row['document'])[:20]}-x{n:03}" not in held)
    return f"{slug(row['document'])[:20]}-x{number:03}"


def _note(row: Row, today: str) -> str:
    reason = f" ({row['reason']})" if row["reason"] else ""
    sha = f", SHA-256 {row['sha256']}" if row["table"] == "documents" else ""
    return f"đọc từ {row['file']}, {row['at']}{sha}; đối chiếu: {row['person']}, {today}{reason}"


def _shown(row: Row) -> str:
    return " ".join(
        filter(
            None,
            (
                row["id"] or row["section"],
                WORDS["table"].get(row["table"], row["table"]),
                row["indicator"] or row["criterion"],
                row["value"] or row["item"][:40],
            ),
        )
    )


def _faults(row: Row, known: set[str], t: Translate) -> Iterator[str]:
    doubtful = row["state"] == READ_STATES["doubtful"] and row["table"] in JUDGED
    yield from faults_of_mark(row, doubtful or row["state"] == READ_STATES["refused-before"], t)
    if mark_of(row) != "yes":
        return
    table = TABLES.get(row["table"])
    if table is None or row["table"] not in (*FIGURES, "assignments", "schedule", "documents", "provisions"):
        yield t('cột «bảng» ghi "{read}": hãy ghi một trong {names}').format(
            read=row["table"], names=", ".join(t(WORDS["table"][name]) for name in FIGURES)
        )
        return
    raw = raw_of(row, "x")
    if row["table"] in FIGURES and not row["reason"] and not _is_as_read(row):
        words = t('giá trị "{value}" không đúng như văn bản ghi "{read}": hãy ghi lý do')
        yield words.format(value=row["value"], read=row["quote"])
    needed = [
        c
        for c in table.required
        if not raw[c] and not (c == "indicator" and row["table"] != "evidence") and c not in ("quantity", "criterion")
    ]
    if needed:
        fields = FIELDS.get(row["table"], {})
        yield t("còn trống: {columns}").format(columns=", ".join(HEADINGS.get(fields.get(c, c), c) for c in needed))
    for column, allowed in (
        ("kind", KINDS.get(row["table"], ())),
        ("state", STATES if row["table"] == "works" else ()),
        ("source", FUNDING_SOURCES if row["table"] == "funding" else ()),
    ):
        if allowed and raw.get(column, "") not in allowed:
            field = FIELDS.get(row["table"], {}).get(column, column)
            yield t('cột «{column}» ghi "{read}": cho phép {names}').format(
                column=HEADINGS[field], read=raw[column], names=", ".join(t(WORDS[field][a]) for a in allowed if a)
            )
    if "year" in raw and raw["year"] and not re.fullmatch(r"20\d\d", raw["year"]):
        yield t('năm "{read}" không phải bốn chữ số').format(read=raw["year"])
    if row["part_of"] and row["part_of"] not in known:
        yield t("là phần của dòng {row}: hãy nhận dòng ấy trước, hoặc xóa ô «là phần của dòng»").format(
            row=row["part_of"]
        )


def _is_as_read(row: Row) -> bool:
    """Whether every number of the value stands in the text that was read."""
    numbers = re.findall(r"\d+(?:[.,]\d+)*", row["value"])
    stated = re.findall(r"\d+(?:[.,]\d+)*", tidy(row["quote"]))
    return all(number in stated for number in numbers)


def _keep_refused(commune: str, rows: list[Row], today: str) -> None:
    before = refused_before(commune)
    fresh = [{c: row.get(c, "") for c in REFUSED_COLUMNS} | {"date": today} for row in rows]
    fresh = [row for row in fresh if all(any(row[c] != old[c] for c in SAME) for old in before)]
    if fresh:
        put(refused_file(commune), table_text(REFUSED_COLUMNS, [*before, *fresh]))
