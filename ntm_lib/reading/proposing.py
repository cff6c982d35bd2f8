"""Writes what was read for a person to look through: the text beside its rows, as a page and as a workbook."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ntm_lib import paths
from ntm_lib.doc.blocks import Block, bullets, callout, heading, paragraph, stack, strong, table
from ntm_lib.doc.notebook import Document as Page
from ntm_lib.doc.render import render_page
from ntm_lib.intake.schema import N_, TABLES
from ntm_lib.language import Translate, translator
from ntm_lib.office import approval
from ntm_lib.office.approval import Row
from ntm_lib.places import named
from ntm_lib.reading.found import Found, in_words
from ntm_lib.reading.whole_text import Reading
from ntm_lib.text.names import file_slug

# Field → heading: a person's marks, what the text says beside how it was understood, then what is seldom looked at. Most
# become cells of a raw table. Those of width 0 are hidden in the workbook.
HEADINGS = {
    "accept": approval.MARKS["accept"], "quote": "văn bản ghi", "table": "bảng", "year": "năm", "criterion": "tiêu chí", "indicator": "chỉ tiêu",
    "part": "phần", "item": "nội dung", "value": "giá trị", "kind": "loại", "state": "đọc được", "why": "cần xem",
    "reason": approval.MARKS["reason"], "person": approval.MARKS["person"], "village": "thôn", "place": "địa điểm", "source": "nguồn vốn",
    "cost": "kinh phí", "spent": "đã giải ngân", "who": "ai làm", "builder": "đơn vị thực hiện", "frequency": "bao lâu một lần",
    "day": "ngày trong kỳ", "deadline": "hạn", "addressee": "gửi cho", "base_year": "năm gốc", "part_of": "là phần của dòng", "id": "dòng số",
    "section": "mục", "at": "chỗ trong tệp", "rule_set": "bộ tiêu chí", "title": "tên văn bản", "issuer": "nơi ban hành",
    "date": "ngày văn bản", "document": "văn bản", "commune": "xã", "file": "tệp", "sha256": "SHA-256 của tệp",
}  # fmt: skip
WIDTHS = {
    "quote": 52, "table": 10, "year": 6, "criterion": 7, "indicator": 7, "part": 6, "item": 32, "value": 20, "why": 26, "reason": 18,
    "person": 14, "place": 18, "who": 20, **dict.fromkeys(("title", "issuer", "date", "document", "commune", "file", "sha256"), 0),
}  # fmt: skip
# Raw table → its columns that stand under another field. The others have the field of their own name.
FIELDS: dict[str, dict[str, str]] = {
    "works": {"quantity": "value", "state": "kind"},
    "funding": {"amount": "value", "name": "item"},
    "production": {"quantity": "value"},
    "assignments": {"duty": "item"},
    "schedule": {"what": "item"},
}
STATES = {
    "doubtful": N_("nghi ngờ"),
    "unread": N_("chưa đọc"),
    "proposed": N_("đề nghị"),
    "refused-before": N_("đã từ chối trước đây"),
    "same": N_("đã có trong bảng"),
}
TABLE_NAMES = {
    "results": N_("kết quả"), "plan": N_("kế hoạch"), "works": N_("công trình"), "funding": N_("kinh phí"), "production": N_("sản xuất"),
    "assignments": N_("phân công"), "schedule": N_("lịch"), "documents": N_("văn bản"), "provisions": N_("điều khoản"),
}  # fmt: skip

FIGURES = ("results", "plan", "works", "funding", "production")  # tables by which verdicts and money are told
# Field → code of the tables → what page and workbook say for it. In the workbook a person may write either.
WORDS: dict[str, dict[str, str]] = {
    "table": TABLE_NAMES,
    "criterion": {"all": N_("cả xã"), "other": N_("ngoài tiêu chí")},
    "kind": {
        "measured": N_("đo, đếm được"), "declared": N_("công bố"), "target": N_("mức phải đạt"), "change": N_("tăng, giảm thêm"),
        "split": N_("một phần"), "other": N_("thông tin khác"), "planned": N_("chưa làm"), "requested": N_("đề nghị đơn vị khác làm"),
        "under-way": N_("đang làm"), "accepted": N_("đã nghiệm thu"), "settled": N_("đã quyết toán"), "paid": N_("đã thanh toán"),
        "header": N_("phần đầu văn bản"), "basis": N_("căn cứ"), "aim": N_("mục đích"), "requirement": N_("yêu cầu"),
        "annex": N_("biểu kèm theo"), "recipient": N_("nơi nhận"), "signature": N_("người ký"),
    },
    "source": {
        "total": N_("tổng cộng"), "central": N_("ngân sách trung ương"), "ntm": N_("CTMTQG nông thôn mới"),
        "dtts": N_("CTMTQG vùng dân tộc thiểu số và miền núi"), "poverty": N_("CTMTQG giảm nghèo"), "province": N_("ngân sách tỉnh"),
        "district": N_("ngân sách huyện"), "credit": N_("tín dụng"), "enterprises": N_("doanh nghiệp"), "people": N_("nhân dân đóng góp"),
        "other": N_("nguồn khác"),
    },
}  # fmt: skip
_LONG = 80  # letters of a value that is not said a second time beside its sentence


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file says for a commune: ``rows`` of the workbook in the order of the text."""

    commune: str
    file: str
    rows: tuple[Row, ...]

    def counts(self) -> Counter[str]:
        states = {words: state for state, words in STATES.items()}
        return Counter(states[row["state"]] for row in self.rows)


def proposal_of(
    reading: Reading, commune: str, file: Path, existing: Mapping[str, list[Row]], refused: list[Row]
) -> Proposal:
    """The proposal that a reading makes. ``existing``: rows of the commune's tables; ``refused``: what a person did not take."""
    document = reading.document.number or file.stem
    base = {
        "document": document,
        "commune": commune,
        "file": file.name,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }
    base |= {
        "title": f"{reading.document.sort.capitalize()} {reading.document.title}".strip(),
        "issuer": reading.document.issuer,
        "date": reading.document.date,
    }
    order = {id(statement): n for n, statement in enumerate(reading.statements)}
    rows = [
        (order.get(id(found.statement), len(order)), _row(found, base, existing, refused)) for found in reading.rows
    ]
    for statement, numbers in reading.unread:
        why = f"{', '.join(numbers)}"
        row = {
            "state": STATES["unread"],
            "quote": statement.quote,
            "why": why,
            "section": statement.section,
            "at": statement.place,
        }
        rows.append((order.get(id(statement), len(order)), dict.fromkeys(HEADINGS, "") | base | row))
    return Proposal(commune, file.name, tuple(row for _, row in sorted(rows, key=lambda pair: pair[0])))


def _row(found: Found, base: Row, existing: Mapping[str, list[Row]], refused: list[Row]) -> Row:
    fields = FIELDS.get(found.table, {})
    cells = {fields.get(column, column): text for column, text in found.cells.items()}
    row = (
        dict.fromkeys(HEADINGS, "")
        | base
        | cells
        | {"table": found.table, "quote": found.quote, "at": found.statement.place}
    )
    row["why"] = "; ".join(in_words(d, translator("vi")) for d in found.doubts)
    state = "doubtful" if found.doubts else "proposed"
    if any(all(r[c] == row[c] for c in SAME) for r in refused):
        state = "refused-before"
    if any(_is_same(found.table, raw_of(row, raw.get("id", "")), raw) for raw in existing.get(found.table, ())):
        state = "same"
    return row | {"state": STATES[state]}


SAME = ("table", "year", "criterion", "indicator", "part", "item", "value", "kind", "village", "document")


def _is_same(table_name: str, row: Row, raw: Row) -> bool:
    """Whether a table of the commune holds the row already: the same but for id, wording of item and quote, and notes."""
    free = {"id", "item", "quote", "note", "section", "part_of", "title", "issuer", "address"}
    return all(row[c] == raw.get(c, "") for c in TABLES[table_name].columns if c not in free)


def raw_of(row: Row, name: str) -> Row:
    """The cells of a raw table that a row of the proposal stands for; ``name``: its id there."""
    fields = FIELDS.get(row["table"], {})
    cells = {column: row.get(fields.get(column, column), "") for column in TABLES[row["table"]].columns}
    return cells | ({"id": name} if "id" in cells else {}) | ({"note": ""} if "note" in cells else {})


def worded(row: Row) -> Row:
    """The row with words for its codes, as a person reads it."""
    return row | {field: words.get(row[field], row[field]) for field, words in WORDS.items()}


def coded(row: Row) -> Row:
    """The row with the codes of the tables for the words that ``worded`` wrote, or a person."""
    codes = {field: {said.casefold(): code for code, said in words.items()} for field, words in WORDS.items()}
    return row | {field: codes[field].get(row[field].casefold(), row[field]) for field in WORDS}


def folder_of(commune: str, file: str) -> Path:
    return paths.outputs() / "read" / commune / (file_slug(Path(file).stem) or "van-ban")


def write(proposal: Proposal, language: str) -> list[Path]:
    """proposal.html, .xlsx and .csv; in the workbook what needs a person stands first, and of that the figures."""
    order = {words: n for n, words in enumerate(STATES.values())}
    ordered = sorted(proposal.rows, key=lambda row: (order[row["state"]], row["table"] not in (*FIGURES, "")))
    rows = [worded(row) for row in ordered]
    page = page_of(proposal, language)
    return approval.write_proposal(folder_of(proposal.commune, proposal.file), page, HEADINGS, rows, WIDTHS, language)


def page_of(proposal: Proposal, language: str) -> str:
    """One self-contained page: each sentence of the text with the rows it gave, in the order of the text."""
    t = translator(language)
    name = named.line_of(proposal.commune, "name") or proposal.commune
    title = t("Đọc từ {file}: đề nghị cho {commune}").format(file=proposal.file, commune=name)
    blocks = [_head(proposal, t), *_summary(proposal, t)]
    columns = [t("Mục"), t("Văn bản ghi"), t("Hiểu là"), t("Đọc được"), t("Cần xem")]
    body = [_cells(group, t) for group in _groups(proposal.rows)]
    blocks += [
        heading(t("Văn bản và những dòng đọc được"), 2),
        table(columns, body, t("Theo thứ tự của văn bản"), phone="cards"),
    ]
    description = t("Bản đề nghị: chưa có gì được ghi vào số liệu.")
    return render_page(stack(*blocks).html, Page(title, language, "", "2000-01-01", "", description), "diff")


def _head(proposal: Proposal, t: Translate) -> Block:
    counts = proposal.counts()
    states = "; ".join(f"{t(words)}: {counts[state]}" for state, words in STATES.items() if counts[state])
    row = proposal.rows[0] if proposal.rows else {"document": "–", "sha256": "–"}
    return stack(
        paragraph(strong(t("Chưa có gì được ghi.")), f" {states}."),
        paragraph(t("Văn bản: {document}. SHA-256 của tệp: {sha}").format(document=row["document"], sha=row["sha256"])),
        callout(
            "info",
            t("Mở proposal.xlsx ở cùng thư mục. Với mỗi dòng đã so với văn bản, ghi x (nhận) hoặc k (không nhận) ở cột đầu; sửa ô nào sai ngay trong dòng ấy. Dòng kết quả, kế hoạch, kinh phí còn nghi ngờ, hoặc đã sửa số, chỉ được nhận khi có lý do. Lưu lại rồi gõ: make read ACCEPT=…/proposal.xlsx BY=\"Họ và tên\"."),
        ),
    )  # fmt: skip


def _summary(proposal: Proposal, t: Translate) -> Iterator[Block]:
    unread = [row for row in proposal.rows if row["state"] == STATES["unread"]]
    if unread:
        yield heading(t("Câu có số chưa đọc được"), 2)
        yield bullets([f"{row['section']} ({row['at']}): {row['quote']} – {row['why']}" for row in unread])
    doubtful = [row for row in proposal.rows if row["state"] == STATES["doubtful"] and row["table"] in FIGURES]
    if doubtful:
        yield heading(t("Số liệu, công việc còn nghi ngờ"), 2)
        yield bullets([f"{row['section']} ({row['at']}): {_understood(row, t)} – {row['why']}" for row in doubtful])


def _groups(rows: tuple[Row, ...]) -> list[list[Row]]:
    """Rows of the same sentence together."""
    groups: list[list[Row]] = []
    for row in rows:
        if groups and (groups[-1][0]["at"], groups[-1][0]["quote"]) == (row["at"], row["quote"]):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _cells(group: list[Row], t: Translate) -> list[Block | str]:
    first = group[0]
    understood = (
        bullets([_understood(row, t) for row in group if row["table"]]) if any(r["table"] for r in group) else "–"
    )
    whys = dict.fromkeys(row["why"] for row in group if row["why"])
    return [
        f"{first['section']} ({first['at']})", first["quote"], understood,
        ", ".join(dict.fromkeys(t(row["state"]) for row in group)), "; ".join(whys) or "–",
    ]  # fmt: skip


def _understood(row: Row, t: Translate) -> str:
    """``Kết quả 2023, 17.8 a: Hộ có nhà tiêu = 1.276/1.413 hộ (đo, đếm được)``."""
    where = (
        t(WORDS["criterion"][row["criterion"]])
        if row["criterion"] in WORDS["criterion"]
        else t("tiêu chí {n}").format(n=row["criterion"])
        if row["criterion"]
        else ""
    )
    if row["indicator"]:
        where = f"{row['indicator']} {row['part']}".strip()
    head = ", ".join(filter(None, (f"{t(TABLE_NAMES[row['table']])} {row['year']}".strip(), where)))
    value = (
        row["value"] or row["frequency"] or row["deadline"] or (row["document"] if row["table"] == "documents" else "")
    )
    whole = row["quote"].endswith(value) and len(value) > _LONG
    said = t("cả câu") if whole else " = ".join(filter(None, (row["item"], value)))
    said_of = [t(WORDS[c][row[c]]) for c in ("kind", "source") if row[c] in WORDS[c]]
    more = [row[c] for c in ("village", "place", "who", "builder", "day", "cost") if row[c]]
    part = [t("là phần của dòng {row}").format(row=row["part_of"])] if row["part_of"] else []
    return f"{head}: {said}" + (f" ({'; '.join([*said_of, *more, *part])})" if said_of or more or part else "")
