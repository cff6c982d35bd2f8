"""Damaged files, and the same rows written by other habits: no traceback, no hang, no row lost untold.

``make fuzz`` tries a hundred thousand. Each try has a seed, from which its kind and all it does follow; a failure names
it, and the rest go on. What was read is cleaned and checked many tries at a time, and each by itself where that fails.
"""

import csv
import io
import os
import random
import shutil
import signal
import traceback
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from ntm_lib import paths, rules
from ntm_lib.checks import check
from ntm_lib.errors import NtmError
from ntm_lib.intake import Raw, clean, read_commune, schema
from ntm_lib.intake.schema import LEFT
from ntm_lib.wording.problem_words import list_findings
from tests.intake import books
from tests.intake import mutations as m
from tests.intake.books import heading, number, ods_cell, ods_heading, ods_result, ods_row, result, row, text, xlsx

TRIES = int(os.environ.get("FUZZ", "320"))
LONG = 4_000  # tries of a run whose progress is shown
SECONDS = 30  # of the processor, for one try
TOGETHER = 150  # rows that are cleaned and checked at once
SOURCE = paths.communes_folder() / "hung-my"
INDICATORS = pd.read_csv(paths.rules_folder() / "ntm-2021-2025" / "indicators.csv", dtype=str, keep_default_na=False)
TABLES = [f"{name}.csv" for name in (*schema.OBSERVED, "documents", "notes") if (SOURCE / f"{name}.csv").is_file()]
ROWS = {n: list(csv.reader(io.StringIO((SOURCE / n).read_text(encoding="utf-8"), newline=""))) for n in TABLES}
HEADING = (",".join(ROWS["results.csv"][0]) + "\n").encode()
YML = (SOURCE / "commune.yml").read_bytes()
SHORT = b'code: "02314"\nslug: hung-my\nname: H\xc3\xb9ng M\xe1\xbb\xb9\n'


class Try(NamedTuple):
    """``files``: name → bytes, beside a commune.yml and a results.csv without rows; ``judge`` looks at what was read of them."""

    what: str
    files: dict[str, bytes]
    judge: object = lambda raw: None


# --- kinds of tries: each makes one from a Random -------------------------------------------------


def damaged_csv(chance):
    name = chance.choice(TABLES)
    countable = (m.cut_rows, m.swap_columns, m.repeat_rows)  # after these the records can be counted
    mutate = chance.choice((m.flip_bytes, m.cut, m.mix_encodings, m.insert, *countable))
    hurt = mutate(as_csv([ROWS[name][0], *some(ROWS[name][1:], chance)]), chance)

    def judge(raw):
        if mutate in countable:
            told = sum(remark.code == "note-row" for remark in raw.remarks)
            assert len(raw.tables[name.removesuffix(".csv")]) + told == records(hurt)

    return Try(f"{mutate.__name__} {name}", {name: hurt}, judge)


def csv_of_another_layout(chance):
    name = chance.choice(TABLES)
    rows = [ROWS[name][0], *some(ROWS[name][1:], chance)]
    shown = chance.choice((name, name.upper(), *(name.replace("csv", suffix) for suffix in ("CSV", "tsv", "txt"))))

    def judge(raw):
        assert len(raw.tables[name.removesuffix(".csv")]) == len(rows) - 1

    gone = {"results.csv": None} if name == "results.csv" else {}
    return Try(shown, gone | {shown: m.other_layout(rows, chance)}, judge)


def damaged_workbook(chance):
    name, data = chance.choice(good_books())
    mutate = chance.choice((m.flip_bytes, m.cut, m.zip_level, *m.IN_PARTS, *m.IN_PARTS))
    done = mutate.__name__
    for _ in range(chance.choice((1, 1, 2, 3))):
        data = mutate(data, chance)
        mutate = chance.choice(m.IN_PARTS) if mutate in m.IN_PARTS else m.flip_bytes
    return Try(f"{done} {name}", {name: data})


def workbook_with_hidden_merged_far(chance):
    """Every row is read or told, whatever is hidden, merged or far to the right."""
    count, far = chance.randint(1, 8), chance.random() < 0.3
    hidden = {i for i in range(count) if chance.random() < 0.2}
    if as_ods := chance.random() < 0.4:
        gap, hiding = '<table:table-cell table:number-columns-repeated="300"/>', 'table:visibility="collapse"'
        rows = [ods_result(ods_cell("9%"), f"X{i}", hiding if i in hidden else "") for i in range(count)]
        titles, ends = [ods_row(ods_cell("BIỂU"))] * chance.randint(0, 2), [ods_row(gap, ods_cell("x"))] * far
        data = books.ods(*titles, ods_heading(), *rows, *ends)
    else:
        cells = [text("90%"), number(0.9, 1), number(5, 2), number("0", formula="1-1"), text(""), text("x" * 11_000)]
        cells += ['<c t="b"><v>1</v></c>', '<c t="e"><v>#REF!</v></c>', number("1e999"), number("1", 99)]
        rows = [result(chance.choice(cells), f"X{i}", more=' hidden="1"' if i in hidden else "") for i in range(count)]
        areas = ((c, chance.randint(1, 9), chance.randint(3, 14)) for c in chance.sample("ABCDEF", 2))
        merged = "".join(f'<mergeCell ref="{c}{top}:{c}{bottom}"/>' for c, top, bottom in areas)
        data = xlsx(
            *[row(text("BIỂU"))] * chance.randint(0, 2), heading(), *rows, *[row(text("x", f"GZ{count + 9}"))] * far,
            formats=("0%", ";;;"), after=f"<mergeCells>{merged}</mergeCells>", strict=chance.random() < 0.3,
            names=chance.choice((str, str.upper)),
        )  # fmt: skip

    def judge(raw):
        told = Counter(r.code for r in raw.remarks)
        read = len(raw.tables["results"]), told["hidden-row"], told["unread-cell"]
        assert read == (count - len(hidden), len(hidden), far)

    return Try("ods" if as_ods else "xlsx", {f"so-lieu.{'ods' if as_ods else 'xlsx'}": data}, judge)


def form_of_any_shape(chance):
    """Headings, titles, values and merged cells of forms as chance has them: each row is read or told."""
    rows, merged = m.form(chance)
    lines = [row(*(text(str(c), f"{chr(65 + i)}{n}") if isinstance(c, str) else number(c, place=f"{chr(65 + i)}{n}") for i, c in enumerate(cells) if c != ""), more=f' r="{n}"')
             for n, cells in enumerate(rows, start=1)]  # fmt: skip
    after = f"<mergeCells>{''.join(f'<mergeCell ref={chr(34)}{area}{chr(34)}/>' for area in merged)}</mergeCells>"

    def judge(raw):
        if any(r.code in ("unread-sheet", "household-list", "unread-table") for r in raw.remarks):
            return
        known = {r.row for found in raw.tables.values() for r in found if r.sheet} | {r.row for r in raw.remarks}
        assert {n for n, cells in enumerate(rows, start=1) if any(str(c).strip() for c in cells)} <= known

    return Try("form", {"bieu.xlsx": xlsx(*lines, after=after, sheet="Biểu", program="Microsoft Excel")}, judge)


def damaged_template(chance):
    mutate = chance.choice((m.attribute, m.content, m.content, m.between, m.element, m.names, m.no_attribute))
    name, data = template()
    return Try(mutate.__name__, {name: mutate(data, chance)})


def damaged_description(chance):
    described = lambda raw: rules.load_commune("hung-my")  # noqa: E731
    return Try("yml", {"commune.yml": m.description(YML.decode(), chance)}, described)


KINDS = {  # share of the tries, in thousandths
    damaged_csv: 210, csv_of_another_layout: 120, damaged_workbook: 330, workbook_with_hidden_merged_far: 130,
    form_of_any_shape: 100, damaged_description: 100, damaged_template: 10,
}  # fmt: skip


# --- what they are made of ------------------------------------------------------------------------


def some(rows: list, chance) -> list:
    return chance.sample(rows, min(len(rows), chance.randint(1, 8)))


def as_csv(rows: list) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def records(data: bytes) -> int:
    """Records below the heading, counted by another reader; empty ones are none."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    return sum(any(cell.strip() for cell in row) for row in rows[1:])


def good_books(made=[]) -> list[tuple[str, bytes]]:  # noqa: B006
    """A raw table, a form and an ODS, each with what such files have: formulas, formats, merged cells, hidden rows."""
    if made:
        return made
    rows = [result(number(0.903, 1), f"X{i}", more=' hidden="1"' if i == 3 else "") for i in range(4)]
    formulas = result(number("12", 2, "6+6"), "Y1"), result(text("Đạt"), "Y2"), result(number(45344, 3), "Y3")
    table = xlsx(
        heading(), *rows, *formulas, formats=("0.0%", "#,##0", "d/m/yyyy"), columns='<col min="9" max="9" hidden="1"/>',
        after='<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>', program="Microsoft Excel", more=beside_the_cells(),
    )  # fmt: skip
    heads = ("TT", "Nội dung tiêu chí", "Đơn vị tính", "Chỉ tiêu", "Kết quả thực hiện năm 2024", "Đánh giá")
    lines = [
        row(text(code), text("Tỷ lệ hộ"), text("%"), text("≥ 80"), number(value), text("Đạt"))
        for code, value in (("11.1", "2.5"), ("17.8", "90.3"), ("9.2", "85"))
    ]
    title = row(text("BIỂU KẾT QUẢ NĂM 2024"))
    form = xlsx(title, row(*map(text, heads)), *lines, sheet="Biểu 1", program="Microsoft Excel")
    share, hiding = ods_cell("90,3 %", "percentage", 'office:value="0.903"'), 'table:visibility="filter"'
    noted = "<office:annotation><text:p>5 hộ</text:p></office:annotation><draw:frame><draw:text-box><text:p>7</text:p></draw:text-box></draw:frame>"
    share = share.replace("<text:p>", f'{noted}<text:p><text:span text:style-name="c">', 1).replace(
        " %</text:p>", "</text:span> %</text:p>"
    )
    looks = '<style:text-properties style:text-line-through-style="none" fo:color="#fff0f0" style:text-position="33% 58%"/><style:table-cell-properties fo:background-color="#ffffff"/>'
    struck = f'<style:style style:name="c" style:family="text">{looks}</style:style>'
    calc = books.ods(
        ods_heading(), *(ods_result(share, f"X{i}", hiding if i == 2 else "") for i in range(4)), styles=struck
    )
    made += [("so-lieu.xlsx", table), ("bieu.xlsx", form), ("so-lieu.ods", calc)]
    return made


def beside_the_cells() -> dict[str, str]:
    """Parts of a workbook that say how cells look and what is noted and drawn over them."""
    kinds = {"comments": "../c.xml", "threadedComment": "../t.xml", "drawing": "../d.xml", "table": "../ta.xml"}
    links = "".join(f'<Relationship Id="{kind}" Type="x/{kind}" Target="{target}"/>' for kind, target in kinds.items())
    fonts = '<fonts><font/><font><color rgb="FFFFFFFF"/></font><font><color theme="0" tint="-0.1"/></font></fonts>'
    fills = '<fills><fill/><fill><patternFill patternType="solid"><fgColor indexed="9"/></patternFill></fill></fills>'
    codes = "".join(
        f'<numFmt numFmtId="{170 + i}" formatCode="{code}"/>' for i, code in enumerate(("0.0%", "#,##0", "d/m/yyyy"), 1)
    )
    styles = "".join(f'<xf numFmtId="{170 + i}" fontId="{i % 3}" fillId="{i % 2}"/>' for i in range(4))
    return {
        "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="x">{links}</Relationships>',
        "xl/c.xml": '<comments><commentList><comment ref="E2"><text><r><t>A:</t></r><r><t>\n5 hộ</t></r></text></comment></commentList></comments>',
        "xl/t.xml": '<ThreadedComments><threadedComment ref="E2"><text>9%</text></threadedComment></ThreadedComments>',
        "xl/d.xml": "<xdr:wsDr xmlns:xdr='x' xmlns:a='a'><xdr:sp><a:t>12 hộ</a:t></xdr:sp><xdr:pic/></xdr:wsDr>",
        "xl/ta.xml": '<table ref="E3:E4"/>',
        "xl/styles.xml": f'<styleSheet xmlns="{books.SPREADSHEET}"><numFmts>{codes}</numFmts>{fonts}{fills}<cellXfs>{styles}</cellXfs></styleSheet>',
    }  # fmt: skip


def template(made=[]) -> tuple[str, bytes]:  # noqa: B006
    """An empty workbook of ``make template``."""
    if made:
        return made[0]
    from ntm_lib.template.new_template import write_template

    folder = paths.communes_folder() / "mau"  # of the temporary checkout of this run
    path = write_template("mau", 2023, "ntm-2021-2025", name="02314")[-1]
    made.append((path.name, path.read_bytes()))
    shutil.rmtree(folder)
    return made[0]


# --- reading, cleaning, checking ------------------------------------------------------------------


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    """The folder of a commune in a checkout of its own."""
    root = tmp_path_factory.mktemp("fuzz")
    folder = root / "data" / "raw" / "communes" / "hung-my"
    folder.mkdir(parents=True)
    for name in ("layouts", "rules", "communes/registry.csv"):
        (root / "data/raw" / name).symlink_to(paths.raw() / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NTM_ROOT", str(root))
        yield folder


def lay(folder: Path, files: dict) -> None:
    """The files of a try and nothing else but commune.yml and an empty results.csv."""
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for name, data in ({"commune.yml": SHORT, "results.csv": HEADING} | files).items():
        if data is not None:
            (folder / name).write_bytes(data)


def read(judge) -> Raw | None:
    """What is read of the commune; None where a plain message says why nothing can be."""
    try:
        raw = read_commune("hung-my")
        judge(raw)
    except NtmError as error:
        assert len(error.message) < 5_000
        assert "Traceback" not in error.message
        assert "root:" not in error.message
        return None
    return raw


def examine(raw: Raw) -> None:
    """Cleans and checks: a plain message, or a result that has every row."""
    try:
        cleaned = clean(raw, indicators=INDICATORS)
    except NtmError as error:
        assert len(error.message) < 5_000 * TOGETHER
        return
    assert len(cleaned.observations) + len(cleaned.rejects) == sum(len(raw.tables[name]) for name in schema.OBSERVED)
    list_findings(check(cleaned, {}, INDICATORS))


def together(raws: list[tuple[int, Raw]]) -> Raw:
    """The rows of several tries as those of one commune, with ids and files of their own."""

    def own(seed: int, found):
        ids = {name: f"{seed}-{found.cells[name]}" for name in ("id", "part_of") if found.cells.get(name)}
        return found._replace(file=f"{seed}/{found.file}", cells={**found.cells, **ids})

    tables = {name: tuple(own(seed, r) for seed, raw in raws for r in raw.tables[name]) for name in raws[0][1].tables}
    return replace(raws[0][1], tables=tables, remarks=tuple(r for _, raw in raws for r in raw.remarks))


class Run:
    """Tries one after another; what failed, by seed."""

    def __init__(self, folder: Path):
        self.folder, self.waiting, self.failures, self.figures = folder, [], [], Counter()

    def attempt(self, seed: int, kind, chance) -> None:
        one = kind(chance)
        lay(self.folder, one.files)
        raw = self.guarded(f"seed {seed} {kind.__name__} {one.what}", read, one.judge)
        self.figures[f"{kind.__name__} {'read' if raw else 'refused'}"] += 1
        if raw:
            self.waiting.append((seed, raw))
        if sum(len(rows) for _, waiting in self.waiting for rows in waiting.tables.values()) > TOGETHER:
            self.settle()

    def settle(self) -> None:
        if self.waiting and not self.guarded("", lambda: examine(together(self.waiting)) or True):
            for seed, raw in self.waiting:
                self.guarded(f"seed {seed} cleaned", examine, raw)
            self.failures += [] if self.failures else [f"together only: seeds {[seed for seed, _ in self.waiting]}"]
        self.waiting = []

    def guarded(self, name: str, call, *given):
        """What the call gives; None where it fails or takes too long, which is a failure under ``name`` if it has one."""
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            return call(*given)
        except Exception as error:  # a traceback of any kind is what is looked for  # noqa: BLE001
            last = traceback.extract_tb(error.__traceback__)[-1]
            told = f"{name}: {type(error).__name__} {str(error)[:150]} at {Path(last.filename).name}:{last.lineno}"
            self.failures += [told] if name else []
            return None
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def hang(*_):
    raise TimeoutError("hang")


def test_no_file_ends_in_a_traceback_or_loses_a_row(commune):
    template()
    run, before = Run(commune), signal.signal(signal.SIGVTALRM, hang)
    for seed in range(TRIES):
        chance = random.Random(seed)
        run.attempt(seed, chance.choices(list(KINDS), list(KINDS.values()))[0], chance)
        if TRIES >= LONG and seed % 1_000 == 999:
            print(f"{seed + 1} tries, {len(run.failures)} failed", *run.failures[-3:], sep="\n", flush=True)
    run.settle()
    signal.signal(signal.SIGVTALRM, before)
    print(f"{TRIES} tries: {dict(run.figures)}")
    assert not run.failures, f"{len(run.failures)} of {TRIES}:\n" + "\n".join(run.failures[:200])


@pytest.mark.parametrize("seed", range(min(TRIES // 8, 2_000)))
def test_strange_things_in_the_folder_are_told(commune, seed):
    chance = random.Random(seed)
    lay(commune, {})
    for _ in range(chance.randint(1, 4)):
        m.strange_file(commune, chance)

    def judge(raw):
        of_rows = {r.file.rpartition("/")[2] for rows in raw.tables.values() for r in rows}
        told = {r.file.partition("hung-my/")[2] for r in raw.remarks if r.code.partition("/")[0] in LEFT}
        for path in commune.iterdir():
            table = path.suffix.lower() in (".csv", ".txt", ".tsv")
            assert table or path.is_dir() or path.name in {"commune.yml"} | of_rows | told

    if raw := read(judge):
        examine(raw)
