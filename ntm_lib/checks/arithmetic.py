"""Does what is printed add up? Shares against their counts, parts against totals, money against its sum."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from ntm_lib.checks.common import Context, Finding, amount, finding, listed, rounded, share, truncated
from ntm_lib.checks.scale import off_by_thousands
from ntm_lib.tables import counts_users, decimal_text, fraction


def check_share(context: Context) -> Iterable[Finding]:
    """A printed share is its numerator over its denominator, rounded half up at the printed digits."""
    t = context.t
    for row in context.rows:
        exact, printed = share(row), amount(row)
        if exact is None or printed is None or row.unit != "%" or row.operator:
            continue
        digits = context.parsed(row).decimals
        # A share that the cell does not print was computed here and cannot differ.
        if printed == fraction(decimal_text(exact)) or rounded(exact, digits) == printed:
            continue
        cut = truncated(exact, digits) == printed
        message = t("In {printed}%, nhưng {numerator}/{denominator} = {exact}%{cut}.").format(
            printed=context.show(printed, digits), numerator=context.show(row.numerator), denominator=context.show(row.denominator),
            exact=context.show(exact, max(2, digits)), cut=t(" (số in bị cắt bớt, không làm tròn)") if cut else "",
        )  # fmt: skip
        action = t("Kiểm tra tử số, mẫu số và tỷ lệ với bản gốc; tỷ lệ làm tròn nửa lên theo số chữ số được in.")
        yield finding("share", "warning" if cut else "error", message, action, [row])


def check_parts(context: Context) -> Iterable[Finding]:
    """Rows that are part of another add up to it; those that count whom a work serves are no part of its quantity."""
    parts = defaultdict(list)
    for row in context.rows:
        whole = context.by_id.get(row.part_of)
        if row.part_of and not (whole is not None and row.table == "works" and counts_users(row.unit, whole.unit)):
            parts[row.part_of].append(row)
    for total_id, rows in parts.items():
        yield from _parts_of(context, total_id, rows)


def _parts_of(context: Context, total_id: str, rows: list) -> Iterable[Finding]:
    t, total = context.t, context.by_id.get(total_id)
    if total is None:
        message = t("Ghi là một phần của {id}, nhưng không có dòng {id}.").format(id=total_id)
        yield finding("parts", "error", message, t("Sửa cột part_of, hoặc thêm dòng tổng."), rows)
        return
    values, whole = [amount(row) for row in rows], amount(total)
    known = [abs(v) for v in values if v is not None]
    unit = rows[0].unit
    shown = " + ".join(context.show(v) for v in known)
    if whole is None and known and len(known) == len(rows):
        message = t("Văn bản không ghi tổng; các phần cộng lại: {parts} = {sum} {unit}.").format(
            parts=shown, sum=context.show(sum(known)), unit=unit
        )
        yield finding(
            "parts-no-total", "info", message, t("Nếu có số tổng trong phụ lục, ghi vào dòng tổng."), [total, *rows]
        )
    elif whole is None or len(known) < len(rows):
        missing = [row for row, value in zip(rows, values, strict=True) if value is None] or [total]
        message = t("Không so được tổng với các phần: {ids} không có số.").format(
            ids=listed(r.observation for r in missing)
        )
        yield finding("parts-no-total", "info", message, t("Bổ sung số còn thiếu."), [total, *rows])
    elif len({row.unit for row in [total, *rows]}) > 1:
        message = t("Tổng và các phần khác đơn vị: {units}.").format(
            units=listed(r.unit or "–" for r in [total, *rows])
        )
        yield finding("parts", "error", message, t("Ghi cùng một đơn vị."), [total, *rows])
    elif sum(known) != abs(whole) and (
        len(rows) > 1 or known[0] > abs(whole)
    ):  # one part alone is named out of several
        message = t("Tổng ghi {total} {unit}, các phần cộng lại {parts} = {sum}.").format(
            total=context.show(abs(whole)), unit=unit, parts=shown, sum=context.show(sum(known))
        )
        yield finding("parts", "error", message, t("Đối chiếu tổng và từng phần với bản gốc."), [total, *rows])


def check_works_money(context: Context) -> Iterable[Finding]:
    """What lies inside a work costs and owes no more than the work itself, and works cost no more than their source of funds has."""
    works = context.cleaned.works.to_dict("records")
    for column, word in (("cost", context.t("Kinh phí")), ("debt", context.t("Nợ"))):
        for whole in works:
            parts = [w for w in works if w["part_of"] == whole["observation"] and w[column]]
            added = sum((fraction(w[column]) for w in parts), Fraction(0))
            if whole[column] and added > fraction(whole[column]):
                message = context.t(
                    "{what} ghi {total} triệu đồng, các phần bên trong cộng lại {sum} triệu đồng."
                ).format(what=word, total=context.show(fraction(whole[column])), sum=context.show(added))
                rows = [context.by_id[w["observation"]] for w in (whole, *parts)]
                yield finding(
                    f"works-{column}",
                    "error",
                    message,
                    context.t("Đối chiếu tổng và từng phần với bản gốc."),
                    rows,
                    column=column,
                )
    yield from _over_their_source(context, works)


def _over_their_source(context: Context, works: list[dict]) -> Iterable[Finding]:
    with_cost = {w["observation"] for w in works if w["cost"]}
    spent = defaultdict(list)
    for work in works:
        if work["cost"] and work["source"] and work["part_of"] not in with_cost:
            spent[work["year"], work["source"]].append(work)
    for fund in context.cleaned.funding.to_dict("records"):
        mine = spent[fund["year"], fund["source"]]
        added = sum((fraction(w["cost"]) for w in mine), Fraction(0))
        if fund["planned"] and added > fraction(fund["planned"]):
            message = context.t(
                "Các công trình lấy {sum} triệu đồng từ nguồn này, kế hoạch của nguồn là {total} triệu đồng."
            ).format(sum=context.show(added), total=context.show(fraction(fund["planned"])))
            if added >= 100 * fraction(fund["planned"]):
                message += " " + context.t(
                    "Lệch hơn trăm lần: xem có ô nào ghi bằng đơn vị khác, hay dấu chấm hàng nghìn thành dấu thập phân."
                )
            rows = [context.by_id[row["observation"]] for row in (fund, *mine)]
            yield finding(
                "works-source",
                "error",
                message,
                context.t("Đối chiếu kinh phí từng công trình và kế hoạch của nguồn vốn."),
                rows,
            )


def check_funding(context: Context) -> Iterable[Finding]:
    """The sources of funds add up to the printed total, in each year and document."""
    t = context.t
    groups = defaultdict(list)
    for row in context.cleaned.funding.itertuples(index=False):
        observation = context.by_id[row.observation]
        groups[row.year, observation.document].append((row, observation))
    for rows in groups.values():
        totals = [(r, o) for r, o in rows if r.source == "total"]
        parts = [(r, o) for r, o in rows if r.source != "total"]
        if len(parts) < 2:
            continue  # one figure out of many is no list to add up
        if len(totals) != 1:
            message = t("Có {n} dòng tổng kinh phí (source = total), phải có đúng một.").format(n=len(totals))
            yield finding(
                "funding-sum",
                "warning",
                message,
                t("Thêm dòng tổng như văn bản in, hoặc bỏ dòng thừa."),
                [o for _, o in totals or parts],
            )
            continue
        (total, observation), values = totals[0], [fraction(r.planned) for r, _ in parts]
        blank = [o for (_, o), value in zip(parts, values, strict=True) if value is None]
        if blank or not total.planned:
            message = t("Không cộng được nguồn vốn: {ids} không có số.").format(
                ids=listed(o.observation for o in blank or [observation])
            )
            yield finding("funding-sum", "warning", message, t("Bổ sung số còn thiếu."), [observation, *blank])
        elif sum(values, Fraction(0)) != fraction(total.planned):
            yield _wrong_sum(
                context, observation, fraction(total.planned), sum(values, Fraction(0)), [o for _, o in parts]
            )


def _wrong_sum(context: Context, total, printed: Fraction, added: Fraction, parts: list) -> Finding:
    t = context.t
    message = t(
        "Tổng kinh phí in {printed} triệu đồng, {n} nguồn cộng lại {sum} triệu đồng, lệch {difference}."
    ).format(
        printed=context.show(printed), n=len(parts), sum=context.show(added), difference=context.show(added - printed)
    )
    if off_by_thousands(printed, added):
        message += " " + t(
            "Lệch khoảng một nghìn lần hoặc hơn: xem có ô nào ghi bằng đơn vị khác (đồng, nghìn đồng, tỷ đồng)."
        )
    return finding("funding-sum", "error", message, t("Đối chiếu từng nguồn với bản gốc."), [total, *parts])
