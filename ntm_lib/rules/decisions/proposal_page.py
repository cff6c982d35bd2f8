"""A proposal as page, workbook and CSV: what the source says beside what was understood and what our files hold."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ntm_lib import paths
from ntm_lib.doc import tree
from ntm_lib.doc.blocks import Block, bullets, callout, group, heading, paragraph, stack, strong, table
from ntm_lib.doc.notebook import Document
from ntm_lib.doc.render import render_page
from ntm_lib.language import Translate, translator
from ntm_lib.office import approval
from ntm_lib.office.approval import MARKS, put
from ntm_lib.rules.check_rows import KINDS
from ntm_lib.rules.columns import column_name
from ntm_lib.rules.decisions.annex_fit import SET_BY_WORDS, Proposed, Row, State, kind_word
from ntm_lib.rules.decisions.annex_import import Proposal
from ntm_lib.rules.sets import load_set

ORDER: tuple[State, ...] = ("doubtful", "different", "new", "missing", "refused-before", "same")
SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "", "": ""}
# Field → heading that the reviewer reads; MARKS are to be filled in, the rest says what is marked.
HEADINGS = {
    **MARKS,
    "state": "so với tệp của ta",
    "indicator": "chỉ tiêu",
    "part": "phần",
    "column": "cột",
    "read": "văn bản ghi",
    "sign": "dấu",
    "amount": "mức",
    "unit": "đơn vị",
    "standing": "tệp của ta ghi",
    "why": "cần xem",
    "place": "chỗ trong tệp",
    "valid_from": "từ ngày",
    "valid_to": "đến ngày",
    "set_by": "cấp quy định",
    "name": "nội dung",
    "kind": "loại",
    "document": "văn bản",
    "article": "phụ lục",
    "rule_set": "bộ tiêu chí",
    "province": "tỉnh",
    "file": "tệp",
    "sha256": "SHA-256 của tệp",
    "code": "mã dòng",
}
_LAYERS = {"nation": "trung ương", "ministry": "bộ, ngành", "province": "tỉnh", "": ""}
WIDTHS = {"read": 28, "name": 48, "why": 40, "standing": 18, "person": 18, "reason": 18, "place": 24}  # of the workbook


def state_words(state: str, t: Translate) -> str:
    """How a line stands to our files."""
    return {
        "same": t("như nhau"),
        "different": t("khác"),
        "new": t("mới"),
        "missing": t("thiếu trong văn bản"),
        "doubtful": t("nghi ngờ"),
        "refused-before": t("đã từ chối trước đây"),
    }[state]


def folder_of(proposal: Proposal) -> Path:
    """Where a proposal is written: by rule set, province and name of the file."""
    name = "-".join(filter(None, (proposal.rule_set, proposal.province)))
    return paths.outputs() / "rules" / name / Path(proposal.source.file).stem


def ordered(lines: Iterable[Proposed]) -> list[Proposed]:
    """What needs a person first; within that as in the annex."""
    return sorted(lines, key=lambda line: ORDER.index(line.state))


def understood(line: Proposed, t: Translate) -> str:
    """``≥ 80 %``; for an indicator its kind; – where nothing was understood."""
    level = line.level
    if not level.column:
        return kind_word(line.kind, t) if line.kind else "–"
    if not level.threshold:
        return SET_BY_WORDS[level.set_by] if line.read and line.state != "doubtful" else "–"
    if level.threshold == "met":
        return "đạt"
    return " ".join(filter(None, (SIGNS[level.operator], level.threshold, level.unit)))


def row_of(line: Proposed, proposal: Proposal, columns: Mapping[str, str]) -> Row:
    """A line as the reviewer reads it, in Vietnamese whatever the language of the messages. ``columns``: names by code."""
    level, source, vi = line.level, proposal.source, translator("vi")
    told = {name: str(getattr(level, name)) for name in HEADINGS if hasattr(level, name)} | {
        "state": state_words(line.state, vi), "sign": SIGNS[level.operator], "why": "; ".join(line.why),
        "amount": "đạt" if level.threshold == "met" else level.threshold, "column": columns.get(level.column, level.column),
        "set_by": _LAYERS[level.set_by], "kind": kind_word(line.kind, vi) if line.kind else "", "name": line.name,
        "read": line.read, "standing": line.standing, "place": line.place, "document": source.document,
        "article": source.article, "rule_set": proposal.rule_set, "province": proposal.province, "file": source.file,
        "sha256": source.sha256,
    }  # fmt: skip
    return dict.fromkeys(HEADINGS, "") | told | {"code": row_code(told)}


def row_code(row: Row) -> str:
    """Short digest of what a reviewer does not fill in: cells that were sorted or moved by themselves no longer fit it."""
    fixed = (row[name] for name in HEADINGS if name not in (*MARKS, "sign", "amount", "document", "code"))
    return hashlib.sha256("|".join(fixed).encode()).hexdigest()[:8]


def in_codes(row: Row) -> Row:
    """A row of a proposal with the codes of our files in place of the words that the reviewer reads; what is none stays."""
    kinds = {kind_word(kind, translator("vi")): kind for kind in KINDS}
    layers = {word: layer for layer, word in _LAYERS.items() if word}
    code = re.search(r"\((\w+)\)$", row["column"])
    own = {"moved": "" if row["code"] == row_code(row) else "yes"} | {
        "kind": kinds.get(row["kind"], row["kind"]),
        "set_by": layers.get(row["set_by"], row["set_by"]),
    }
    return row | own | {"column": code[1] if code else row["column"]}


def write_proposal(proposal: Proposal, language: str = "vi") -> list[Path]:
    """proposal.html, .xlsx, .csv and .ipynb in outputs; raises NtmError where the folder holds one that a person has marked."""
    columns = {c["code"]: f"{c['name']['vi']} ({c['code']})" for c in load_set(proposal.rule_set).meta["columns"]}
    rows = [row_of(line, proposal, columns) for line in ordered(proposal.lines)]
    blocks, folder = blocks_of(proposal, language), folder_of(proposal)
    page = page_of(proposal, blocks, language)
    written = approval.write_proposal(folder, page, HEADINGS, rows, WIDTHS, language)
    put(folder / "proposal.ipynb", notebook_of(proposal, blocks, language))
    return [*written, folder / "proposal.ipynb"]


def blocks_of(proposal: Proposal, language: str) -> list[Block]:
    """What the page and the notebook show."""
    t = translator(language)
    blocks = [_head(proposal, t, language), *_states(proposal, t, language)]
    return [*blocks, heading(t("Chưa đọc trong tệp"), 2), bullets(proposal.left)] if proposal.left else blocks


def page_of(proposal: Proposal, blocks: Iterable[Block], language: str) -> str:
    """One self-contained page (HTML)."""
    description = translator(language)("Bản đề nghị: chưa có gì được ghi vào tệp quy định.")
    document = Document(_title(proposal, language), language, "", "2000-01-01", "", description)
    return render_page(stack(*blocks).html, document, "diff")


def notebook_of(proposal: Proposal, blocks: Iterable[Block], language: str) -> str:
    """The same as a notebook: each block a cell to read."""
    texts = [f"# {_title(proposal, language)}", *(block.html for block in blocks)]
    cells = [{"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)} for text in texts]
    return json.dumps(
        {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, ensure_ascii=False, indent=1
    )


def _title(proposal: Proposal, language: str) -> str:
    words = translator(language)("Đề nghị từ {file} cho bộ {rule_set}")
    return words.format(
        file=proposal.source.file, rule_set=load_set(proposal.rule_set, language).meta["short"][language]
    )


def _head(proposal: Proposal, t: Translate, language: str) -> Block:
    source = proposal.source
    counts = Counter(line.state for line in proposal.lines)
    indicators = {line.level.indicator for line in proposal.lines if not line.level.column}
    total = load_set(proposal.rule_set, language).meta["indicators_total"]
    document = source.document or t("tệp không ghi số văn bản: hãy điền cột «văn bản»")
    words = t("Đọc được {read}/{total} chỉ tiêu. {states}.")
    states = "; ".join(f"{state_words(s, t)}: {counts[s]}" for s in ORDER if counts[s])
    return stack(
        paragraph(strong(t("Chưa có gì được ghi.")), " ", words.format(read=len(indicators), total=total, states=states)),
        paragraph(t("Văn bản: {document}. SHA-256 của tệp: {sha}").format(document=document, sha=source.sha256)),
        callout(
            "info",
            t("Mở proposal.xlsx ở cùng thư mục. Với mỗi dòng đã so với văn bản, ghi x (nhận) hoặc k (không nhận) ở cột đầu; dòng nghi ngờ chỉ được nhận khi có lý do. Lưu lại rồi gõ: make rules ACCEPT=…/proposal.xlsx BY=\"Họ và tên\"; thêm OFFICIAL=1 khi tệp chính là văn bản đã ban hành."),
        ),
    )  # fmt: skip


def _states(proposal: Proposal, t: Translate, language: str) -> list[Block]:
    blocks: list[Block] = []
    columns = [
        t("Chỉ tiêu"), t("Cột"), t("Văn bản ghi"), t("Hiểu là"), t("Tệp của ta ghi"), t("Cần xem"), t("Chỗ trong tệp"),
    ]  # fmt: skip
    for state in ORDER:
        lines = [line for line in proposal.lines if line.state == state]
        if lines:
            caption = f"{state_words(state, t)} ({len(lines)})"
            blocks += [heading(caption, 2), table(columns, list(_rows(lines, proposal, t, language)), caption)]
    return blocks


def _rows(lines: list[Proposed], proposal: Proposal, t: Translate, language: str) -> Iterator[list[str] | tree.Row]:
    """The lines, under the row of the source that they were read from."""
    above, rules = "", load_set(proposal.rule_set, language)
    names = {c["code"]: f"{column_name(rules, c['code'], language)} ({c['code']})" for c in rules.meta["columns"]}
    for line in lines:
        source = proposal.rows.get(line.place, "")
        if source and source != above:
            yield group(t("Hàng trong văn bản: {row}").format(row=source))
        above = source or above
        yield _cells(line, names, t)


def _cells(line: Proposed, names: Mapping[str, str], t: Translate) -> list[str]:
    return [
        f"{line.level.indicator} {line.level.part}".strip(), names.get(line.level.column, t("tên, loại")), line.read, understood(line, t),
        line.standing or "–", "; ".join(line.why), line.place,
    ]  # fmt: skip
