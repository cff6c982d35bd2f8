"""Is one thing written in one way? Fixed terms, tone marks, names of villages.

Looks at the text of the documents where it is at hand, else at the words quoted in the tables.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from ntm_lib.checks.common import Context, Finding, finding, listed, not_checked
from ntm_lib.checks.counts import is_all_villages
from ntm_lib.text.names import bare_key, clean_text, match_village, spelling_key

_TERMS = Path(__file__).parent / "terms.yml"


class Line(NamedTuple):
    """A line of a document, or the words a row quotes."""

    document: str
    file: str
    row: str
    text: str


def check_terms(context: Context) -> Iterable[Finding]:
    """Fixed terms are spelled right."""
    t = context.t
    for right, spellings in terms()["wrong"].items():
        for wrong in spellings:
            for document, hits in _hits(context, rf"(?<!\w){re.escape(wrong)}(?!\w)").items():
                message = t("Viết «{wrong}», đúng là «{right}» (dòng {lines}).").format(
                    wrong=wrong, right=right, lines=listed(h.row for h in hits)
                )
                yield _on_line(
                    context, "term", message, t("Sửa ở văn bản sau; số liệu không đổi."), hits[0], f"{document}-{wrong}"
                )


def check_forms(context: Context) -> Iterable[Finding]:
    """One term has one form throughout a document."""
    t = context.t
    for term, forms in terms()["forms"].items():
        found = defaultdict(dict)
        for form in forms:
            for document, hits in _hits(context, rf"(?<!\w){re.escape(form)}(?!\w)").items():
                found[document][form] = hits
        for document, by_form in found.items():
            if len(by_form) > 1:
                shown = "; ".join(f"«{form}» ({listed((h.row for h in hits), 4)})" for form, hits in by_form.items())
                message = t("«{term}» viết {n} kiểu trong một văn bản (số dòng trong ngoặc): {forms}.").format(
                    term=term, n=len(by_form), forms=shown
                )
                rarest = min(by_form.values(), key=len)[0]
                yield _on_line(context, "mixed-term", message, t("Chọn một cách viết."), rarest, f"{document}-{term}")


def check_tone_marks(context: Context) -> Iterable[Finding]:
    """The tone mark of a syllable stands in one place: Hoá or Hóa, not both."""
    t = context.t
    for document in dict.fromkeys(line.document for line in _lines(context)):
        spellings: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
        for line in (x for x in _lines(context) if x.document == document):
            for word in re.findall(r"[^\W\d_]+", line.text):
                if not word.isascii():
                    spellings[spelling_key(word)][word.lower()].append(line)
        for forms in spellings.values():
            if len(forms) > 1:
                shown = "; ".join(
                    f"«{form}» ({listed(dict.fromkeys(x.row for x in hits), 6)})"
                    for form, hits in sorted(forms.items())
                )
                rarest = min(forms.values(), key=len)[0]
                message = t("Dấu thanh đặt hai kiểu (số dòng trong ngoặc): {forms}.").format(forms=shown)
                action = t("Thống nhất một kiểu. Khi đọc, phần mềm coi là một chữ.")
                yield _on_line(context, "tone-mark", message, action, rarest, f"{document}-{next(iter(sorted(forms)))}")


def check_villages(context: Context) -> Iterable[Finding]:
    """Every village that a row names is one of the register, spelled as there."""
    t = context.t
    register = context.cleaned.villages["village"].tolist()
    if not register:
        yield not_checked(context, "village", t("chưa có danh sách thôn"), t("Nhập villages.csv."))
        return
    for match in context.cleaned.matches.itertuples(index=False):
        if is_all_villages(match.written):
            continue  # told by counts
        row = context.by_id[match.observation]
        place = {"key": f"{match.observation}-{match.written}", "column": "village", "text": match.written}
        if match.how == "near":
            message = t("Thôn «{written}» không có trong danh sách; gần giống «{village}» nên tạm coi là một.").format(
                written=match.written, village=match.village
            )
            yield finding(
                "village",
                "warning",
                message,
                t("Nếu đúng, thêm cách viết này vào cột variants của villages.csv; nếu không, thêm thôn."),
                [row],
                **place,
            )
        elif match.how == "none":
            near = t(" Gần giống: {names}.").format(names=match.candidates) if match.candidates else ""
            message = t("Thôn «{written}» không có trong danh sách.").format(written=match.written) + near
            yield finding("village", "error", message, t("Thêm thôn vào villages.csv, hoặc sửa tên."), [row], **place)
        elif match.how in ("variant", "tone") and clean_text(match.written) != match.village:
            message = t("Thôn «{written}» được coi là «{village}».").format(
                written=match.written, village=match.village
            )
            yield finding(
                "village",
                "info",
                message,
                t("Xác nhận hai tên là một thôn; văn bản sau viết một kiểu."),
                [row],
                **place,
            )


def check_villages_alike(context: Context) -> Iterable[Finding]:
    """Two villages of the register whose names differ by one letter may be one, misspelled."""
    t = context.t
    rows = [r for r in context.rows if r.table == "villages"]
    for i, one in enumerate(rows):
        for other in rows[i + 1 :]:
            if _alike(one.village, other.village):
                message = t(
                    "Tên thôn «{one}» và «{other}» chỉ khác một chữ hay dấu: hai thôn hay một thôn viết sai?"
                ).format(one=one.village, other=other.village)
                yield finding(
                    "village-alike",
                    "info",
                    message,
                    t("Đối chiếu với danh sách thôn của huyện hoặc tỉnh."),
                    [one, other],
                    column="village",
                    text=one.village,
                )


def check_village_as_place(context: Context) -> Iterable[Finding]:
    """The name of one village is not used for a place inside another."""
    t = context.t
    register = dict.fromkeys(context.cleaned.villages["village"], ())
    for work in context.cleaned.works.itertuples(index=False):
        own = [v.strip() for v in work.village.split(";") if v.strip()]
        for name in register:
            if (
                own
                and name not in own
                and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", work.place)
                and match_village(name, register).how == "exact"
            ):
                message = t(
                    "«{name}» là tên một thôn trong danh sách, ở đây là một nơi thuộc thôn {villages}: «{place}»."
                ).format(name=name, villages=", ".join(own), place=work.place)
                action = t("Xác định {name} là thôn hay khu dân cư; ghi rõ trong villages.csv.").format(name=name)
                yield finding(
                    "village-as-place",
                    "warning",
                    message,
                    action,
                    [context.by_id[work.observation]],
                    column="place",
                    text=work.place,
                )


def _alike(one: str, other: str) -> bool:
    a, b = bare_key(one), bare_key(other)
    if re.findall(r"\d+", a) != re.findall(r"\d+", b):
        return False
    return a == b or (len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1)


@cache
def terms() -> dict:
    return yaml.safe_load(_TERMS.read_text(encoding="utf-8"))


def _lines(context: Context) -> list[Line]:
    cleaned = context.cleaned
    lines = [
        Line(d, cleaned.text_files.get(d, ""), str(n), text)
        for d, texts in cleaned.texts.items()
        for n, text in enumerate(texts, start=1)
    ]
    quoted = [r for r in context.rows if r.document not in cleaned.texts]
    return lines + [Line(r.document, r.file, r.row, f"{r.quote} {r.text}") for r in quoted]


def _hits(context: Context, pattern: str) -> dict[str, list[Line]]:
    """Lines in which the pattern is found, by document."""
    hits = defaultdict(list)
    for line in _lines(context):
        if re.search(pattern, line.text):
            hits[line.document].append(line)
    return hits


def _on_line(context: Context, code: str, message: str, action: str, line: Line, key: str) -> Finding:
    return finding(code, "info", message, action, key=key, file=line.file, row=line.row, text=line.text.strip()[:80])
