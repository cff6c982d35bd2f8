"""Takes over what a person accepted of a proposal: thresholds.csv, indicators.csv, the province's file; keeps what was.

Nothing is written unless the files of the rules are as sound afterwards as before.
"""

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from ntm_lib import paths
from ntm_lib.errors import SHOWN, NtmError
from ntm_lib.language import Translate, translator
from ntm_lib.office.approval import faults_of_mark, mark_of, put, read_marks, read_table, refuse, table_text
from ntm_lib.problems import Problem, as_text
from ntm_lib.rules.check import check_rules
from ntm_lib.rules.check_rows import SURE
from ntm_lib.rules.decisions.annex_fit import Row, day_before, standing_words
from ntm_lib.rules.decisions.annex_import import Proposal
from ntm_lib.rules.decisions.annex_values import numbers_in, read_value
from ntm_lib.rules.decisions.proposal_page import HEADINGS, SIGNS, in_codes, state_words
from ntm_lib.rules.sets import INDICATOR_COLUMNS, THRESHOLD_COLUMNS
from ntm_lib.tables import natural_key

HISTORY_COLUMNS = (*THRESHOLD_COLUMNS, "province", "replaced_on", "replaced_by", "replaced_with")
INDICATOR_HISTORY_COLUMNS = (*INDICATOR_COLUMNS, "replaced_on", "replaced_by", "replaced_with")
REFUSED_KEY = ("indicator", "part", "column", "operator", "threshold", "name")
REFUSED_COLUMNS = ("province", *REFUSED_KEY, "document", "sha256", "person", "date", "reason")
# The workbook keeps its words in one language, whatever that of the messages.
_STATES = {state: state_words(state, translator("vi")) for state in ("missing", "doubtful", "refused-before", "same")}
_OPERATORS = {sign: operator for operator, sign in SIGNS.items() if sign}


@dataclass(slots=True)
class Files:
    """The rows of the files that change, by file; and how many lines were taken over, confirmed and refused."""

    rules: Path
    rule_set: str
    province: str
    today: str
    official: bool
    thresholds: list[Row] = field(default_factory=list)
    indicators: list[Row] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)
    indicator_history: list[Row] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)
    written: int = 0
    confirmed: int = 0
    left: int = 0
    names: int = 0  # lines with a wording that a province's file does not hold

    @property
    def threshold_file(self) -> Path:
        if self.province:
            return self.rules / "provinces" / self.province / f"{self.rule_set}.csv"
        return self.rules / self.rule_set / "thresholds.csv"


def accept(path: Path, person: str, official: bool, today: str, language: str = "vi") -> Files:
    """Writes the rows of a proposal that were accepted and notes those that were refused.

    ``person``: who compared them, where the row names nobody. ``official``: the file is the decision itself.
    ``today``: ISO date. Raises NtmError, and writes nothing, where a mark cannot be followed.
    """
    t = translator(language)
    marks = [in_codes(row) | {"person": row["person"] or person} for row in read_marks(path, HEADINGS, language)]
    _refuse_odd_marks(marks, t)
    one = marks[0]
    files = Files(paths.rules_folder(), one["rule_set"], one["province"], today, official)
    files.thresholds = read_table(files.threshold_file, THRESHOLD_COLUMNS)
    files.indicators = read_table(files.rules / files.rule_set / "indicators.csv", INDICATOR_COLUMNS)
    for row in marks:
        if mark_of(row) == "no":
            files.refused.append(_refusal(row, today))
        elif mark_of(row) == "":
            files.left += 1
    accepted = [row for row in marks if mark_of(row) == "yes"]
    for row in accepted:
        if not row["column"]:
            _take_indicator(files, row)
    for row in accepted:
        if row["column"]:
            _take_threshold(files, row, t)
    _write(files, language, t)
    return files


def _refuse_odd_marks(marks: list[Row], t: Translate) -> None:
    """Raises NtmError naming every row whose mark cannot be followed."""
    faults = [
        f"{row['indicator']} {row['part']} {row['column']}".rstrip() + f": {fault}"
        for row in marks
        for fault in _faults(row, t)
    ]
    if len({(row["rule_set"], row["province"], row["sha256"]) for row in marks}) > 1:
        faults.append(t("các dòng là của nhiều tệp hoặc nhiều bộ tiêu chí: mỗi đề nghị một tệp riêng"))
    refuse(faults, t)


def _faults(row: Row, t: Translate) -> Iterable[str]:
    yield from faults_of_mark(row, row["state"] in (_STATES["doubtful"], _STATES["refused-before"]), t)
    if mark_of(row) != "yes":
        return
    if not row["document"]:
        yield t("chưa có số văn bản: điền cột «văn bản»")
    if row["state"] == _STATES["missing"]:
        yield t("văn bản không có mức này, không có gì để nhận")
    elif not row["indicator"]:
        yield t("chưa rõ của chỉ tiêu nào: điền số chỉ tiêu, cột, dấu và mức")
    elif not row["column"] and not row["name"]:
        yield t("dòng này không có nội dung nào để ghi: việc bãi bỏ phải do người giữ bộ quy định ghi")
    elif row["column"] and not row["amount"] and row["set_by"] not in ("province", "ministry"):
        yield t("chưa có mức: đọc văn bản, điền cột «dấu» và «mức»")
    if row["moved"] and not row["reason"]:
        yield t(
            "các ô của dòng không còn khớp nhau (bị sửa, hay sắp xếp riêng một cột): lập lại đề nghị, hoặc ghi lý do"
        )
    if row["column"] and not row["reason"] and not _is_asread_table(row):
        yield t('mức "{amount}" không đúng như văn bản ghi "{read}": hãy ghi lý do').format(
            amount=row["amount"], read=row["read"]
        )


def _is_asread_table(row: Row) -> bool:
    """Whether sign and amount of a row are those of the text that was read."""
    value, amount = read_value(row["read"]), row["amount"]
    if value is None:
        return False
    if amount in ("", "đạt"):
        return value.form in (("province", "ministry") if not amount else ("met",))
    if not amount.replace(".", "").isdigit():
        return value.form in ("words", "met")  # a rating; «Đạt» where the wording names it
    if value.form == "none":
        return amount == "0"
    return (amount, _operator(row)) in {(number, sign or _operator(row)) for number, sign in numbers_in(value)}


def _refusal(row: Row, today: str) -> Row:
    operator, threshold = _operator(row), _amount(row)
    kept = {c: row[c] for c in ("province", "indicator", "part", "column", "document", "sha256", "person", "reason")}
    name = "" if row["column"] else row["name"]
    return kept | {"operator": operator, "threshold": threshold, "name": name, "date": today}


def _amount(row: Row) -> str:
    return "met" if row["amount"] == "đạt" else row["amount"].replace(",", ".")


def _operator(row: Row) -> str:
    return "=" if row["amount"] == "đạt" else _OPERATORS.get(row["sign"], "")


def _take_threshold(files: Files, row: Row, t: Translate) -> None:
    """One accepted threshold in place of the one that held, which goes to the history."""
    about = next((r for r in files.indicators if (r["indicator"], r["part"]) == (row["indicator"], row["part"])), None)
    if about is None:
        words = t(
            "ACCEPT: chưa ghi gì. Chỉ tiêu {indicator} chưa có trong indicators.csv: hãy nhận cả dòng «tên, loại» của chỉ tiêu ấy, hoặc ghi nó vào indicators.csv trước"
        )
        raise NtmError(words.format(indicator=row["indicator"]))
    if about["join"] in ("all", "any"):  # its parts have the values: there is nothing to write
        files.confirmed += 1
        return
    new = _threshold_row(files, row)
    key = tuple(new[c] for c in ("indicator", "part", "column"))
    holding = [r for r in files.thresholds if tuple(r[c] for c in ("indicator", "part", "column")) == key]
    standing = next((r for r in holding if r["valid_from"] <= new["valid_from"] <= (r["valid_to"] or "9999")), None)
    if standing is None and files.province and row["state"] == _STATES["same"]:
        files.confirmed += 1  # as the nation has it: the province's file holds only what differs
        return
    if standing is not None and _confirmed(files, standing, new, row):
        files.confirmed += 1
        return
    if standing is not None and standing_words(standing) != row["standing"]:
        words = t("ACCEPT: chỉ tiêu {key}: tệp quy định đã đổi từ khi lập đề nghị (nay là {now}). Hãy chạy lại IMPORT")
        raise NtmError(words.format(key=" ".join(filter(None, key)), now=standing_words(standing)))
    files.written += 1
    if standing is None:
        at = max(
            (n + 1 for n, r in enumerate(files.thresholds) if r["indicator"] == key[0]), default=len(files.thresholds)
        )
        files.thresholds.insert(at, new)
        return
    _keep(files, standing, row)
    at = files.thresholds.index(standing)
    if standing["valid_from"] < new["valid_from"]:
        standing["valid_to"] = day_before(new["valid_from"])
        files.thresholds.insert(at + 1, new)
    else:
        files.thresholds[at] = new


def _threshold_row(files: Files, row: Row) -> Row:
    threshold = _amount(row)
    confidence = "unknown" if not threshold else "official" if files.official else "one-source"
    read_by = f"{row['person']}, {files.today}" + (f" ({row['reason']})" if row["reason"] else "")
    return {
        **{c: row[c] for c in ("indicator", "part", "column", "unit", "valid_from", "valid_to", "set_by", "document")},
        "operator": _operator(row), "threshold": threshold, "confidence": confidence,
        "article": ", ".join(filter(None, (row["article"], row["place"]))), "source": _source(row),
        "note": f"đối chiếu: {read_by}", "note_en": f"compared by: {read_by}",
    }  # fmt: skip


def _source(row: Row) -> str:
    return f"{row['file']} (SHA-256 {row['sha256']})"


def _confirmed(files: Files, standing: Row, new: Row, row: Row) -> bool:
    """Notes a second reader, or a second document for what another layer set; whether that is all there is to do."""
    if any(standing[c] != new[c] for c in ("operator", "threshold", "unit")):
        return False
    if standing["source"] == new["source"] and standing["note"].startswith("đối chiếu:"):
        if row["person"] not in standing["note"]:
            standing["note"] += f"; người thứ hai: {row['person']}, {files.today}"
            standing["note_en"] += f"; second reader: {row['person']}, {files.today}"
        return True
    if standing["confidence"] in SURE and standing["set_by"] not in ("", new["set_by"]):
        if row["document"] in standing["note"]:
            return True
        _keep(files, standing, row)
        standing["confidence"] = "official" if standing["confidence"] == "official" else "two-sources"
        for column, word in (("note", "cũng ghi trong"), ("note_en", "also stated in")):
            told = f"{word} {row['document']}, {new['article']} ({row['person']}, {files.today})"
            standing[column] = "; ".join(filter(None, (standing[column], told)))
        return True
    return False


def _keep(files: Files, standing: Row, row: Row) -> None:
    replaced = {"replaced_on": files.today, "replaced_by": row["person"], "replaced_with": row["document"]}
    files.history.append({c: standing[c] for c in THRESHOLD_COLUMNS} | {"province": files.province} | replaced)


def _take_indicator(files: Files, row: Row) -> None:
    """The wording of an indicator, and its kind where that was not known; a number that is new takes the place of one unknown."""
    if files.province:
        files.names += 1
        return
    held = [r for r in files.indicators if (r["indicator"], r["part"]) == (row["indicator"], "")]
    now = next(
        (r for r in held if r["valid_from"] <= row["valid_from"] <= (r["valid_to"] or "9999")),
        held[-1] if held else None,
    )
    source = f"{row['document']}, {row['article']}: {_source(row)}".replace(", :", ":")
    if now is not None and (now["name_vi"], now["name_source"]) == (row["name"], source):
        files.confirmed += 1
        return
    if now is None:
        now = dict.fromkeys(INDICATOR_COLUMNS, "") | {"indicator": row["indicator"], "name_confidence": "unknown"}
        now["criterion"] = row["indicator"].partition(".")[0]
        files.indicators.append(now)
        _drop_unknown(files, now["criterion"], row)
        files.indicators.sort(key=lambda r: natural_key(r["indicator"]))
    else:
        told = {"replaced_on": files.today, "replaced_by": row["person"], "replaced_with": row["document"]}
        files.indicator_history.append({c: now[c] for c in INDICATOR_COLUMNS} | told)
        start = now["valid_from"] or min((r["valid_from"] for r in files.thresholds), default="")
        if start < row["valid_from"]:
            now = _from_then_on(files, now, start, row)
    if now["name_confidence"] == "unknown":
        now |= {"kind": row["kind"] or now["kind"], "unit": row["unit"]}
        for threshold in files.thresholds:
            if threshold["indicator"] == row["indicator"] and not threshold["part"] and not threshold["threshold"]:
                threshold |= {"unit": row["unit"], "operator": ""}
    if not now["name_en"]:
        now["name_en"] = row["name"]
        now["note"], now["note_en"] = (
            "; ".join(filter(None, (now["note"], "tên chưa dịch"))),
            "; ".join(filter(None, (now["note_en"], "name not translated yet"))),
        )
    now |= {"name_vi": row["name"], "name_confidence": "official" if files.official else "one-source"}
    now["name_source"] = source
    files.written += 1


def _from_then_on(files: Files, before: Row, start: str, row: Row) -> Row:
    """A row of its own for what an amendment makes of an indicator; what it was stays, up to the day before."""
    now = before | {"valid_from": row["valid_from"], "name_en": "", "note": "", "note_en": ""}
    if row["kind"] and row["kind"] != before["kind"]:
        now |= dict.fromkeys(("scale", "count_unit", "both_sexes", "years_running", "definition", "definition_en"), "")
        now |= {"kind": row["kind"], "unit": row["unit"]}
    before |= {"valid_from": start, "valid_to": day_before(row["valid_from"])}
    files.indicators.insert(files.indicators.index(before) + 1, now)
    return now


def _drop_unknown(files: Files, criterion: str, row: Row) -> None:
    """Takes out the row that stood for an indicator not yet known: of the criterion, else one of no known criterion."""
    unknown = [
        r for r in files.indicators if r["name_confidence"] == "unknown" and not r["name_vi"].strip("0123456789.")
    ]
    named = [r for r in files.indicators if r["indicator"] == f"{criterion}.x"] or [
        r for r in unknown if r["criterion"] == "" and r["indicator"].startswith("x")
    ]
    for gone in named[:1]:
        told = {"replaced_on": files.today, "replaced_by": row["person"], "replaced_with": row["document"]}
        files.indicator_history.append({c: gone[c] for c in INDICATOR_COLUMNS} | told)
        files.indicators.remove(gone)
        files.thresholds = [r for r in files.thresholds if r["indicator"] != gone["indicator"]]


def _write(files: Files, language: str, t: Translate) -> None:
    """Writes the files that changed, after the rules with them have been checked in a copy. Raises NtmError for a new fault."""
    history = files.rules / "history"
    changed = {files.threshold_file: table_text(THRESHOLD_COLUMNS, files.thresholds)}
    if not files.province:
        changed[files.rules / files.rule_set / "indicators.csv"] = table_text(INDICATOR_COLUMNS, files.indicators)
    for path, columns, more in (
        (history / f"{files.rule_set}.csv", HISTORY_COLUMNS, files.history),
        (history / f"{files.rule_set}-indicators.csv", INDICATOR_HISTORY_COLUMNS, files.indicator_history),
        (refused_file(files.rule_set), REFUSED_COLUMNS, files.refused),
    ):
        before = read_table(path, columns)
        fresh = [row for row in more if row not in before]
        if fresh:
            changed[path] = table_text(columns, [*before, *fresh])
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "rules"
        shutil.copytree(files.rules, copy)
        for path, text in changed.items():
            put(copy / path.relative_to(files.rules), text)
        after = check_rules(copy, language)
    known = {_fault(p) for p in check_rules(files.rules, language)} if after else set()
    if faults := [p for p in after if _fault(p) not in known]:
        shown = [f"    {p.in_words(language)}" for p in faults[:SHOWN]]
        raise NtmError("\n".join([t("ACCEPT: chưa ghi gì, vì các tệp quy định sẽ có lỗi:"), *shown]))
    for path, text in changed.items():
        if not path.is_file() or path.read_text("utf-8") != text:
            put(path, text)


def _fault(problem: Problem) -> tuple[str, ...]:
    """What a fault is, wherever its row and folder are."""
    return problem.file.rpartition("/")[2], problem.column, problem.read, problem.code, as_text(problem.fields)


def refused_before(rule_set: str) -> list[Row]:
    """What a person refused to take over into a rule set."""
    return read_table(refused_file(rule_set), REFUSED_COLUMNS)


def refused_file(rule_set: str) -> Path:
    return paths.rules_folder() / "history" / f"{rule_set}-refused.csv"


def without_refused(proposal: Proposal, refused: Iterable[Row], t: Translate) -> Proposal:
    """The proposal with what a person refused before marked as such, so that it does not come back unasked."""
    keys = {tuple(row[c] for c in REFUSED_KEY): row for row in refused if row["province"] == proposal.province}
    lines = []
    for line in proposal.lines:
        row = keys.get((line.level.indicator, line.level.part, line.level.column, line.level.operator, line.level.threshold, line.name if not line.level.column else ""))  # fmt: skip
        words = t("đã từ chối ngày {date}: {person}. {reason}")
        why = words.format(date=row["date"], person=row["person"], reason=row["reason"]).strip() if row else ""
        lines.append(replace(line, state="refused-before", why=(why, *line.why)) if row else line)
    return replace(proposal, lines=tuple(lines))
