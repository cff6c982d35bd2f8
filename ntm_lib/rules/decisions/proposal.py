"""What the lines of a proposal say to the person who looks through them."""

from collections.abc import Iterable
from pathlib import Path

from ntm_lib import paths
from ntm_lib.language import Translate, translator
from ntm_lib.office.approval import MARKS
from ntm_lib.rules.decisions.annex_fit import SET_BY_WORDS, Row
from ntm_lib.rules.decisions.annex_import import Proposal
from ntm_lib.rules.decisions.annex_match import Proposed, State

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
}
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


def understood(line: Proposed) -> str:
    """``≥ 80 %``; for an indicator its kind; – where nothing was understood."""
    if not line.column:
        return line.kind or "–"
    value = {"met": "đạt", "": SET_BY_WORDS[line.set_by] if line.read and line.state != "doubtful" else "–"}
    return " ".join(
        filter(None, (SIGNS[line.operator] if line.threshold else "", value.get(line.threshold, line.threshold), line.unit if line.threshold else ""))
    )  # fmt: skip


def row_of(line: Proposed, proposal: Proposal, t: Translate) -> Row:
    source = proposal.source
    amount = "đạt" if line.threshold == "met" else line.threshold
    fields = {
        "accept": "",
        "person": "",
        "reason": "",
        "state": state_words(line.state, translator("vi")),
        "sign": SIGNS[line.operator],
    }
    fields |= {"amount": amount, "why": "; ".join(line.why), "document": source.document, "article": source.article}
    fields |= {
        "rule_set": proposal.rule_set,
        "province": proposal.province,
        "file": source.file,
        "sha256": source.sha256,
    }
    return {name: fields[name] if name in fields else getattr(line, name) for name in HEADINGS}
