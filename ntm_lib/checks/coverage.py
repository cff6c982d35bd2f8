"""What is missing? Criteria without plan, parts without figure, targets without base, works without cost, duties without name."""

from collections import defaultdict
from collections.abc import Iterable

from ntm_lib.checks.common import Context, Finding, amount, finding, listed, not_checked
from ntm_lib.text.dates import find_dates
from ntm_lib.text.names import clean_text
from ntm_lib.text.numbers import tidy

_PLAN_TABLES = ("plan", "works", "production")


def check_criteria_covered(context: Context) -> Iterable[Finding]:
    """A plan that keeps all criteria says something about each."""
    t = context.t
    is_plan = {d.document for d in context.cleaned.documents.itertuples(index=False) if "kế hoạch" in d.kind.lower()}
    plans = defaultdict(list)
    for row in context.rows:
        if row.table in _PLAN_TABLES and row.document in is_plan:  # a newspaper may name one target of many
            plans[row.document, row.year].append(row)
    if not plans:
        yield not_checked(context, "criteria-covered", t("chưa có kế hoạch"), t("Nhập plan.csv và works.csv."))
    for (document, year), rows in plans.items():
        missing = [c for c in context.criteria if c not in {r.criterion for r in rows}]
        for criterion in missing if len(missing) < len(context.criteria) else ():
            message = t("{document} (năm {year}) không có nội dung nào cho tiêu chí {criterion}.").format(
                document=document, year=year, criterion=criterion
            )
            action = t("Bổ sung nội dung duy trì tiêu chí này, hoặc ghi lý do vào notes.csv.")
            yield finding(
                "criteria-covered",
                "warning",
                message,
                action,
                key=f"{document}-{year}-{criterion}",
                year=year,
                criterion=criterion,
                file=rows[0].file,
            )


def check_parts_given(context: Context) -> Iterable[Finding]:
    """An indicator with parts has a figure for each, where it has one for any."""
    t = context.t
    given = defaultdict(list)
    for row in context.rows:
        if (
            row.indicator
            and (row.kind in ("measured", "declared") or row.kind == "target")
            and row.value
            and row.table in ("results", "plan")
        ):
            given[row.indicator, row.kind == "target", row.year].append(row)
    measured = {indicator for indicator, target, _ in given if not target}
    for (indicator, target, year), rows in given.items():
        parts = [p for i, p in context.names if i == indicator and p and not context.names[i, p].applies_if]
        missing = [p for p in parts if p not in {r.part for r in rows}]
        if not missing or len(missing) == len(parts) or (target and indicator in measured):
            continue
        for part in missing:
            name = context.name(indicator, part)
            message = t("{indicator} năm {year}: không có số liệu cho phần {part}) {name}.").format(
                indicator=indicator, year=year, part=part, name=name
            )
            action = t("Bổ sung số liệu (tử số, mẫu số) của phần này; chưa có thì chỉ tiêu chưa đủ căn cứ.")
            yield finding("part-missing", "warning", message, action, rows, key=f"{indicator}{part}-{year}", part=part)


def check_base_given(context: Context) -> Iterable[Finding]:
    """A target or a change has a measured result to start from."""
    t = context.t
    measured = defaultdict(set)
    for row in context.rows:
        if row.table == "results" and row.kind == "measured" and row.value:
            measured[row.indicator, row.part].add(row.year)
    for row in context.rows:
        kind = context.names[row.indicator, row.part].kind if (row.indicator, row.part) in context.names else ""
        if row.table != "plan" or not row.indicator or amount(row) is None or kind in ("status", "rating", ""):
            continue
        years = measured[row.indicator, row.part]
        if row.kind == "change" and int(row.base_year or 0) not in years:
            message = t("«{text}»: không có số đo năm {year} của {indicator}{part} để cộng vào.").format(
                text=tidy(row.text), year=row.base_year, indicator=row.indicator, part=row.part
            )
            yield finding("base-missing", "error", message, t("Nhập kết quả đo của năm gốc vào results.csv."), [row])
        elif row.kind == "target" and not any(year < row.year for year in years):
            message = t("Mục tiêu «{text}» của {indicator} chưa có số đo năm trước để so.").format(
                text=tidy(row.text), indicator=row.indicator + row.part
            )
            yield finding(
                "base-missing", "warning", message, t("Nhập kết quả đo của năm trước vào results.csv."), [row]
            )


def check_target_rate_given(context: Context) -> Iterable[Finding]:
    """A change of a count states the share it leads to, or says nothing of it."""
    t = context.t
    for row in context.rows:
        if (
            row.table == "plan"
            and row.kind == "other"
            and not row.value
            and context.parsed(row).doubt == ""
            and row.indicator
        ):
            message = t("Văn bản không ghi: {item}.").format(item=row.item)
            yield finding(
                "value-missing",
                "info",
                message,
                t("Báo cáo tự tính từ số gốc và số kế hoạch; nếu có trong phụ lục thì bổ sung."),
                [row],
            )


def check_declared_has_figures(context: Context) -> Iterable[Finding]:
    """A criterion declared met has measured values for its indicators that are numbers."""
    t = context.t
    declared = [
        r
        for r in context.rows
        if r.table == "results"
        and r.kind == "declared"
        and r.value == "met"
        and r.criterion in context.criteria
        and not r.indicator
    ]
    for row in declared:
        numeric = [
            i
            for i, p in context.names
            if not p
            and context.names[i, p].criterion == row.criterion
            and context.names[i, p].kind not in ("status", "rating")
        ]
        known = {
            r.indicator
            for r in context.rows
            if r.table == "results" and r.year == row.year and r.kind == "measured" and r.value
        }
        missing = [i for i in numeric if i not in known]
        if missing:
            message = t(
                "Tiêu chí {criterion} được công bố đạt năm {year} nhưng chưa có số liệu của chỉ tiêu {numbers}."
            ).format(criterion=row.criterion, year=row.year, numbers=", ".join(missing))
            yield finding(
                "figures-missing",
                "warning",
                message,
                t("Nhập số liệu (tử số, mẫu số, ngày đo, nguồn) vào results.csv."),
                [row],
            )


def check_works(context: Context) -> Iterable[Finding]:
    """Works have a quantity, a cost and a date of completion."""
    t = context.t
    works = list(context.cleaned.works.itertuples(index=False))
    if not works:
        yield not_checked(context, "works", t("không có công trình, phần việc nào"), t("Nhập works.csv."))
        return
    whole = {w.part_of for w in works}
    for column, word in (("cost", t("kinh phí")), ("deadline", t("thời hạn")), ("quantity", t("khối lượng"))):
        blank = [
            context.by_id[w.observation]
            for w in works
            if not getattr(w, column) and (column != "quantity" or w.observation not in whole)
        ]
        for document in dict.fromkeys(row.document for row in blank):
            rows = [row for row in blank if row.document == document]
            total = sum(context.by_id[w.observation].document == document for w in works)
            message = t("{n}/{total} công trình, phần việc không ghi {what}: {ids}.").format(
                n=len(rows), total=total, what=word, ids=listed((r.observation for r in rows), 50)
            )
            action = t("Bổ sung từ phụ lục hoặc hỏi người phụ trách.")
            yield finding(
                f"works-no-{column}",
                "warning",
                message,
                action,
                rows,
                key=document,
                column=column,
                text="",
                criterion="",
                indicator="",
            )


def check_funding_sources(context: Context) -> Iterable[Finding]:
    """A total of the funds stands with the sources that make it."""
    t = context.t
    by_year = defaultdict(list)
    for row in context.cleaned.funding.itertuples(index=False):
        by_year[row.year].append(row)
    for year, rows in sorted(by_year.items()):
        if {row.source for row in rows} == {"total"}:
            message = t(
                "Năm {year} chỉ có tổng kinh phí, không có từng nguồn vốn; báo cáo không nói được vốn ở đâu ra."
            ).format(year=year)
            observations = [context.by_id[row.observation] for row in rows]
            yield finding(
                "funding-total-alone",
                "warning",
                message,
                t("Ghi thêm từng nguồn (ngân sách, doanh nghiệp, dân góp …) như văn bản in."),
                observations,
            )


def check_funding_year(context: Context) -> Iterable[Finding]:
    """There are funds of the year of the run, where there are of any."""
    t = context.t
    years = sorted({*context.cleaned.funding["year"]})
    if context.year and years and context.year not in years:
        message = t(
            "Có nguồn vốn của năm {years}, không có của năm {year}; báo cáo năm {year} không nêu được nguồn vốn."
        ).format(years=listed(map(str, years)), year=context.year)
        rows = [context.by_id[row.observation] for row in context.cleaned.funding.itertuples(index=False)]
        action = t("Xem năm ghi ở các dòng nguồn vốn; lập báo cáo của năm có vốn bằng YEAR=.")
        yield finding(
            "funding-year", "warning", message, action, rows, key=f"{context.year}", year=context.year, text=""
        )


def check_assignments(context: Context) -> Iterable[Finding]:
    """Each criterion has somebody who answers for it."""
    t = context.t
    rows = [row for row in context.rows if row.table == "assignments"]
    if not rows:
        yield not_checked(context, "assignments", t("không có phân công nào"), t("Nhập assignments.csv."))
        return
    missing = [c for c in context.criteria if c not in {row.criterion for row in rows}]
    if missing:
        message = t("Chưa phân công ai phụ trách {n} tiêu chí: {criteria}.").format(
            n=len(missing), criteria=listed(missing, 19)
        )
        yield finding(
            "no-person",
            "warning",
            message,
            t("Ghi người phụ trách từng tiêu chí vào assignments.csv."),
            key="criteria",
            file=rows[0].file,
            column="criterion",
        )


def check_schedule(context: Context) -> Iterable[Finding]:
    """A report that is due has a date and somebody to go to."""
    t = context.t
    frame = context.cleaned.schedule
    reports = [r for r in frame.itertuples(index=False) if "báo cáo" in clean_text(r.what).lower()]
    for column, word in (("addressee", t("nơi nhận")), ("due", t("ngày phải gửi"))):
        blank = [r for r in reports if not (r.addressee if column == "addressee" else r.day or r.deadline)]
        rows = [context.by_id[r.id] for r in blank if r.id in context.by_id]
        if rows:
            message = t("Báo cáo định kỳ không ghi {what}: {items}.").format(
                what=word, items="; ".join(f"{r.item} ({r.section})" for r in rows)
            )
            yield finding(
                f"schedule-no-{column}",
                "info",
                message,
                t("Thống nhất trong Ban Chỉ đạo và ghi vào schedule.csv."),
                rows,
                key="reports",
                column="addressee" if column == "addressee" else "day",
                text="",
            )


def check_measurement_dates(context: Context) -> Iterable[Finding]:
    """A measured value says when it was measured."""
    t = context.t
    measured = [r for r in context.rows if r.table == "results" and r.kind == "measured"]
    undated = [r for r in measured if not find_dates(f"{r.text} {r.quote}")]
    for document in dict.fromkeys(r.document for r in undated):
        rows = [r for r in undated if r.document == document]
        message = t("{n} số đo không ghi ngày đo: {ids}.").format(
            n=len(rows), ids=listed((r.observation for r in rows), 30)
        )
        yield finding(
            "no-date",
            "info",
            message,
            t("Ghi ngày điều tra, rà soát vào trích dẫn (quote)."),
            rows,
            key=document,
            criterion="",
            indicator="",
            part="",
        )


def check_sources_given(context: Context) -> Iterable[Finding]:
    """Every figure names a document of documents.csv."""
    t = context.t
    known = set(context.cleaned.documents["document"])
    unknown = [r for r in context.rows if r.table not in ("villages",) and r.document not in known]
    unknown = [
        r for r in unknown if r.document or not (r.sheet and r.village)
    ]  # a form of villages has no column for it
    for document in dict.fromkeys(r.document for r in unknown):
        rows = [r for r in unknown if r.document == document]
        if document:
            message = t("{n} dòng dẫn nguồn «{document}», không có trong danh mục văn bản.").format(
                n=len(rows), document=document
            )
            action = t(
                "Thêm văn bản vào danh mục (trang Văn bản của biểu mẫu, hoặc documents.csv), hoặc sửa nguồn ở các dòng này."
            )
        else:
            message = t("{n} dòng không ghi văn bản nguồn: dòng {rows}.").format(
                n=len(rows), rows=listed((str(r.row) for r in rows), 30)
            )
            action = t("Ghi ký hiệu văn bản nguồn ở từng dòng.")
        yield finding(
            "no-source", "warning", message, action, rows, key=document or "trong", criterion="", indicator="", part=""
        )
