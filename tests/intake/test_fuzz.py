"""Damaged files, and the same rows written by other habits: no traceback, no hang, no row lost untold.

``make fuzz`` tries a hundred thousand. Each try has a seed; a failure names it with what was done, and the rest go on.
"""

import csv
import io
import os
import random
import shutil
import signal
import traceback

import pandas as pd
import pytest

from ntm_lib import paths
from ntm_lib.checks import check
from ntm_lib.errors import NtmError
from ntm_lib.intake import clean, read_commune, schema
from ntm_lib.intake.messages import LEFT
from ntm_lib.wording.problem_words import list_findings
from tests.intake import books
from tests.intake import mutations as m
from tests.intake.books import heading, number, ods_cell, ods_heading, ods_result, ods_row, result, row, text, xlsx

TRIES = int(os.environ.get("FUZZ", "320"))
SECONDS = 30  # CPU of one try
PARTS = 4 if TRIES >= 4_000 else 1  # of a long run, for as many processes
SOURCE = paths.communes_folder() / "hung-my"
INDICATORS = pd.read_csv(paths.rules_folder() / "ntm-2021-2025" / "indicators.csv", dtype=str, keep_default_na=False)
TABLES = [f"{name}.csv" for name in (*schema.OBSERVED, "documents", "notes") if (SOURCE / f"{name}.csv").is_file()]


@pytest.fixture
def commune(tmp_path, monkeypatch):
    folder = tmp_path / "data" / "raw" / "communes" / "hung-my"
    folder.mkdir(parents=True)
    (tmp_path / "data/raw/layouts").symlink_to(paths.raw() / "layouts")
    (tmp_path / "data/raw/rules").symlink_to(paths.rules_folder())
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    return folder


def emptied(folder):
    """The commune without figures."""
    shutil.rmtree(folder)
    folder.mkdir()
    shutil.copy(SOURCE / "commune.yml", folder)
    first = (SOURCE / "results.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "results.csv").write_text(first + "\n", encoding="utf-8")


def survives(judge=lambda raw: None):
    """Reads, cleans and checks the commune: a plain message, or a result that has every row; ``judge`` looks at what was read."""
    try:
        raw = read_commune("hung-my")
        judge(raw)
        cleaned = clean(raw, indicators=INDICATORS)
    except NtmError as error:
        assert len(error.message) < 5_000
        assert "Traceback" not in error.message
        assert "root:" not in error.message
        return
    rows = sum(len(raw.tables[name]) for name in schema.OBSERVED)
    assert len(cleaned.observations) + len(cleaned.rejects) == rows
    list_findings(check(cleaned, {}, INDICATORS))


def hang(*_):
    raise TimeoutError("hang")


@pytest.fixture(params=range(PARTS))
def each(request):
    return lambda tries, attempt: run(range(request.param, tries, PARTS), attempt)


def run(seeds: range, attempt):
    """Runs ``attempt(chance, done)``, which says in ``done`` what it did, for every seed; tells all that failed."""
    failures = []
    before = signal.signal(signal.SIGVTALRM, hang)
    for seed in seeds:
        chance, done = random.Random(seed), []
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            attempt(chance, done)
        except Exception as error:  # a traceback of any kind is what is looked for  # noqa: BLE001
            last = traceback.extract_tb(error.__traceback__)[-1]
            failures.append(
                f"seed {seed} {' '.join(done)}: {type(error).__name__} {str(error)[:150]} at {last.filename.rpartition('/')[2]}:{last.lineno}"
            )
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)
    assert not failures, f"{len(failures)} of {len(seeds)}:\n" + "\n".join(failures[:200])


def records(data: bytes) -> int:
    """Records below the heading, counted by another reader; empty ones are none."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    return sum(any(cell.strip() for cell in row) for row in rows[1:])


def test_damaged_csv_files_end_in_a_message_or_keep_every_row(commune, each):
    countable = (
        m.cut_rows,
        m.swap_columns,
        m.repeat_rows,
    )  # after these the file is still text whose records can be counted

    def attempt(chance, done):
        emptied(commune)
        name, mutate = (
            chance.choice(TABLES),
            chance.choice((m.flip_bytes, m.cut, m.mix_encodings, m.insert, *countable)),
        )
        done += [mutate.__name__, name]
        hurt = mutate((SOURCE / name).read_bytes(), chance)
        (commune / name).write_bytes(hurt)

        def judge(raw):
            if mutate in countable:
                told = sum(remark.code == "note-row" for remark in raw.remarks)
                assert len(raw.tables[name.removesuffix(".csv")]) + told == records(hurt)

        survives(judge)

    each(TRIES // 4, attempt)


def test_every_layout_of_csv_keeps_every_row(commune, each):
    tables = {
        name: list(csv.reader(io.StringIO((SOURCE / name).read_text(encoding="utf-8"), newline=""))) for name in TABLES
    }

    def attempt(chance, done):
        emptied(commune)
        name = chance.choice(TABLES)
        rows = [tables[name][0], *chance.sample(tables[name][1:], min(len(tables[name]) - 1, chance.randint(1, 12)))]
        shown = chance.choice(
            (name, name.upper(), name.replace("csv", "CSV"), name.replace("csv", "tsv"), name.replace("csv", "txt"))
        )
        done.append(shown)
        if name == "results.csv":
            (commune / name).unlink()
        (commune / shown).write_bytes(m.other_layout(rows, chance))
        raw = read_commune("hung-my")
        assert len(raw.tables[name.removesuffix(".csv")]) == len(rows) - 1
        survives()

    each(TRIES // 8, attempt)


def good_books() -> list[tuple[str, bytes]]:
    """A raw table, a form and an ODS, each with what such files have: formulas, formats, merged cells, hidden rows."""
    rows = [result(number(0.903, 1), f"X{i}", more=' hidden="1"' if i == 3 else "") for i in range(6)]
    formulas = result(number("12", 2, "6+6"), "Y1"), result(text("Đạt"), "Y2"), result(number(45344, 3), "Y3")
    merged = '<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>'
    table = xlsx(
        heading(),
        *rows,
        *formulas,
        formats=("0.0%", "#,##0", "d/m/yyyy"),
        after=merged,
        columns='<col min="9" max="9" hidden="1"/>',
        program="Microsoft Excel",
    )
    head = row(
        *map(text, ("TT", "Nội dung tiêu chí", "Đơn vị tính", "Chỉ tiêu", "Kết quả thực hiện năm 2024", "Đánh giá"))
    )
    lines = [
        row(text(code), text("Tỷ lệ hộ"), text("%"), text("≥ 80"), number(value), text("Đạt"))
        for code, value in (("11.1", "2.5"), ("17.8", "90.3"), ("9.2", "85"))
    ]
    form = xlsx(row(text("BIỂU KẾT QUẢ NĂM 2024")), head, *lines, sheet="Biểu 1", program="Microsoft Excel")
    share = ods_cell("90,3 %", "percentage", 'office:value="0.903"')
    calc = books.ods(
        ods_heading(), *(ods_result(share, f"X{i}", 'table:visibility="filter"' if i == 2 else "") for i in range(6))
    )
    return [("so-lieu.xlsx", table), ("bieu.xlsx", form), ("so-lieu.ods", calc)]


def test_damaged_workbooks_end_in_a_message_or_are_read(commune, each):
    good = good_books()

    def attempt(chance, done):
        emptied(commune)
        name, data = chance.choice(good)
        mutate = chance.choice((m.flip_bytes, m.cut, *m.IN_PARTS, *m.IN_PARTS))
        done += [mutate.__name__, name]
        for _ in range(chance.choice((1, 1, 2, 3))):
            data = mutate(data, chance)
            mutate = chance.choice(m.IN_PARTS) if mutate in m.IN_PARTS else m.flip_bytes
        (commune / name).write_bytes(data)
        survives()

    each(TRIES // 4, attempt)


def test_workbooks_keep_every_row_whatever_is_hidden_merged_or_far(commune, each):
    def attempt(chance, done):
        emptied(commune)
        count = chance.randint(1, 12)
        hidden, far = {i for i in range(count) if chance.random() < 0.2}, chance.random() < 0.3
        cells = [
            text("90%"),
            number(0.9, 1),
            number(5, 2),
            number("0", formula="1-1"),
            text(""),
            '<c t="b"><v>1</v></c>',
            '<c t="e"><v>#REF!</v></c>',
            text("x" * 11_000),
        ]
        as_ods = chance.random() < 0.3
        done.append("ods" if as_ods else "xlsx")
        if as_ods:
            rows = [
                ods_result(ods_cell("9%"), f"X{i}", 'table:visibility="collapse"' if i in hidden else "")
                for i in range(count)
            ]
            gap = '<table:table-cell table:number-columns-repeated="300"/>'
            data = books.ods(
                *[ods_row(ods_cell("BIỂU"))] * chance.randint(0, 2),
                ods_heading(),
                *rows,
                *[ods_row(gap, ods_cell("x"))] * far,
            )
        else:
            rows = [
                result(chance.choice(cells), f"X{i}", more=' hidden="1"' if i in hidden else "") for i in range(count)
            ]
            merged = "".join(
                f'<mergeCell ref="{c}{chance.randint(1, 9)}:{c}{chance.randint(3, 14)}"/>'
                for c in chance.sample("ABCDEF", 2)
            )
            data = xlsx(*[row(text("BIỂU"))] * chance.randint(0, 2), heading(), *rows, *[row(text("x", f"GZ{count + 9}"))] * far, formats=("0%", ";;;"), after=f"<mergeCells>{merged}</mergeCells>",
                        strict=chance.random() < 0.3, names=chance.choice((str, str.upper)))  # fmt: skip
        (commune / f"so-lieu.{done[0]}").write_bytes(data)

        def judge(raw):
            read, told = len(raw.tables["results"]), [r.code for r in raw.remarks]
            assert (read, told.count("hidden-row"), told.count("unread-cell")) == (
                count - len(hidden),
                len(hidden),
                far,
            )

        survives(judge)

    each(TRIES // 8, attempt)


def test_strange_things_in_the_folder_are_told(commune, each):
    def attempt(chance, done):
        emptied(commune)
        for _ in range(chance.randint(1, 4)):
            done.append(m.strange_file(commune, chance).name)

        def judge(raw):
            read = {r.file.rpartition("/")[2] for rows in raw.tables.values() for r in rows} | {
                "commune.yml",
                "results.csv",
            }
            told = {r.file.partition("hung-my/")[2] for r in raw.remarks if r.code in LEFT}
            assert all(
                p.name in read | told
                or p.suffix.lower() in (".csv", ".txt", ".tsv")
                or p.name == "sources"
                or p.is_dir()
                for p in commune.iterdir()
            )

        survives(judge)

    each(TRIES // 8, attempt)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """An empty workbook of ``make template``."""
    from ntm_lib.template.new_template import write_template

    root, before = tmp_path_factory.mktemp("template"), os.environ.get("NTM_ROOT")
    (root / "data/raw/communes").mkdir(parents=True)
    for name in ("rules", "layouts", "communes/registry.csv"):
        (root / "data/raw" / name).symlink_to(paths.raw() / name)
    os.environ["NTM_ROOT"] = str(root)
    path = write_template("hung-my", 2023, "ntm-2021-2025", name="02314")[-1]
    os.environ.pop("NTM_ROOT") if before is None else os.environ.update(NTM_ROOT=before)
    return path.name, path.read_bytes()


def test_damaged_templates_end_in_a_message_or_are_read(commune, each, template):
    def attempt(chance, done):
        emptied(commune)
        mutate = chance.choice((m.attribute, m.content, m.content, m.between, m.element, m.names, m.no_attribute))
        done.append(mutate.__name__)
        (commune / template[0]).write_bytes(mutate(template[1], chance))
        survives()

    each(TRIES // 32, attempt)


def test_damaged_descriptions_end_in_a_message_or_are_read(commune, each):
    pytest.importorskip("ntm_lib.yaml_text")  # the parser with limits; the other crashes on deep nesting
    from ntm_lib import rules

    good = (SOURCE / "commune.yml").read_text(encoding="utf-8")

    def attempt(chance, done):
        emptied(commune)
        (commune / "commune.yml").write_bytes(m.description(good, chance))
        try:
            described = rules.load_commune("hung-my")
        except NtmError as error:
            assert len(error.message) < 5_000
            return
        list_findings(check(clean(read_commune("hung-my"), indicators=INDICATORS), described, INDICATORS))

    each(TRIES // 16, attempt)
