"""Any form that the generator writes: each figure is read as what it is, or somebody is told; never another value, never nothing."""

from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ntm_lib.tables import fraction
from tests.intake.form_books import make_root, read_book, told

# Indicator → (name in the set, what is counted).
SHARES = {
    "2.1": "Tỷ lệ đường xã được nhựa hóa hoặc bê tông hóa", "2.2": "Tỷ lệ đường thôn, bản, ấp và đường liên thôn, bản, ấp ít nhất được cứng hóa",
    "4.2": "Tỷ lệ hộ có đăng ký trực tiếp và được sử dụng điện sinh hoạt", "9.2": "Tỷ lệ hộ có nhà ở kiên cố hoặc bán kiên cố",
    "11.1": "Tỷ lệ nghèo đa chiều giai đoạn 2021-2025", "17.1": "Tỷ lệ hộ được sử dụng nước sạch theo quy chuẩn",
    "17.7": "Tỷ lệ bao gói thuốc bảo vệ thực vật sau sử dụng và chất thải rắn y tế được thu gom", "17.11": "Tỷ lệ hộ gia đình thực hiện phân loại chất thải rắn tại nguồn",
}  # fmt: skip
CRITERIA = {
    "2": "Giao thông",
    "4": "Điện",
    "9": "Nhà ở dân cư",
    "11": "Nghèo đa chiều",
    "17": "Môi trường và an toàn thực phẩm",
}
SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("forms")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NTM_ROOT", str(root))
        yield make_root(root)


class Written(NamedTuple):
    """A sheet, and what stands in it: ``figures``: (year, indicator) → share; ``marks``: indicator → met or unmet."""

    rows: list
    merges: list
    formats: dict
    figures: dict
    marks: dict


def decimal(share):
    """A share in tenths as a Vietnamese official writes it."""
    return f"{share / 10:.1f}".replace(".", ",").removesuffix(",0")


@st.composite
def heads(draw):
    """Columns of results: [(lines of the heading, what stands in the column, year)]."""
    year = draw(st.sampled_from([2022, 2023, 2024]))
    kind = draw(
        st.sampled_from(
            ["plain", "year", "years", "bare-years", "count-share", "whole", "months", "plan", "appraised", "compare"]
        )
    )
    word = draw(st.sampled_from(["Kết quả thực hiện", "Kết quả đạt được", "Thực hiện"]))
    if kind == "year":
        return year, [((f"{word} năm {year}",), "share", year)]
    if kind in ("years", "bare-years"):
        label = "Năm {}" if kind == "years" else "{}"
        return year, [((word, label.format(y)), "share", y) for y in (year - 1, year)]
    return year, {
        "plain": [((word,), "share", year)],
        "count-share": [((word, "Số lượng"), "count", year), ((word, "Tỷ lệ (%)"), "share", year)],
        "whole": [
            ((word, "Tổng số hộ"), "total", year),
            ((word, "Số hộ đạt"), "count", year),
            ((word, "Tỷ lệ (%)"), "share", year),
        ],
        "months": [(("Thực hiện 9 tháng",), "other", 0), ((word,), "share", year)],
        "plan": [((f"Kế hoạch năm {year + 1}",), "plan", year + 1), ((word,), "share", year)],
        "appraised": [((word,), "share", year), (("Kết quả thẩm định của huyện",), "other", 0)],
        "compare": [((word,), "share", year), ((f"So sánh với năm {year - 1} (%)",), "other", 0)],
    }[kind]


@st.composite
def sheets(draw):
    """A form of criteria with one head, style of codes, place of the unit, order of columns and some noise."""
    year, measured = draw(heads())
    shares = {
        code: draw(st.integers(11, 1000))
        for code in draw(
            st.lists(st.sampled_from(list(SHARES)), min_size=1, max_size=5, unique=True).map(
                lambda c: sorted(c, key=list(SHARES).index)
            )
        )
    }
    annex = draw(st.booleans())
    unit = draw(st.sampled_from(["column", "heading", "cell", "format", "line"]))
    marks = draw(st.sampled_from(["none", "words", "crosses"]))
    title_year = None if len(measured) == 1 and str(year) in measured[0][0][0] and draw(st.booleans()) else year
    columns = [
        (("TT",), "code", 0),
        *([(("Tên tiêu chí",), "criterion", 0)] if annex else []),
        (("Nội dung tiêu chí" if annex else "Nội dung",), "name", 0),
    ]
    tail = [(("Tiêu chuẩn",), "required", 0)] if draw(st.booleans()) else []
    tail += [(("Đơn vị tính",), "unit", 0)] if unit == "column" else []
    for heading, what, y in measured:
        own = what == "share" and unit == "heading" and len(heading) == 1
        tail.append(((f"{heading[0]} (%)",) if own else heading, what, y))
    tail += {
        "none": [],
        "words": [(("Tự đánh giá",), "mark", year)],
        "crosses": [(("Tự đánh giá", "Đạt"), "met", year), (("Tự đánh giá", "Chưa đạt"), "unmet", year)],
    }[marks]
    tail += [(("Ghi chú",), "note", 0)] if draw(st.booleans()) else []
    if draw(st.booleans()):
        tail = tail[::-1] if not any(len(h) > 1 for h, *_ in tail) else tail
    return _written(draw, columns + tail, shares, annex, unit, title_year, year)


def _written(draw, columns, shares, annex, unit, title_year, year):
    rows = draw(
        st.sampled_from(
            [
                [],
                [
                    ["ỦY BAN NHÂN DÂN", "", "CỘNG HÒA XÃ HỘI"],
                    ["XÃ HÙNG MỸ", "", f"Hùng Mỹ, ngày 15 tháng 01 năm {year + 1}"],
                ],
            ]
        )
    )[:]
    rows.append(["KẾT QUẢ THỰC HIỆN CÁC TIÊU CHÍ NÔNG THÔN MỚI" + (f" NĂM {title_year}" if title_year else "")])
    rows += draw(st.sampled_from([[], [["(Kèm theo Quyết định số 318/QĐ-TTg năm 2022)"]], [[]]]))
    rows += [["", "", "Đơn vị tính: %"]] if unit == "line" else []
    merges, top = [], len(rows) + 1
    depth = max(len(heading) for heading, *_ in columns)
    merged = draw(st.booleans())
    lines = [[(h[line] if line < len(h) else "") for h, *_ in columns] for line in range(depth)]
    for i in range(len(columns) - 1, 0, -1):
        if depth > 1 and len(columns[i][0]) > 1 and columns[i - 1][0][0] == columns[i][0][0]:
            lines[0][i] = ""
    rows += [[int(c) if c.isdigit() else c for c in line] for line in lines]
    if depth > 1 and merged:
        first = None
        for i, (heading, *_) in enumerate(columns):
            if len(heading) == 1:
                merges.append(f"{_letter(i)}{top}:{_letter(i)}{top + 1}")
                continue
            first = i if lines[0][i] else first
            if i + 1 == len(columns) or len(columns[i + 1][0]) == 1 or lines[0][i + 1]:
                merges.append(f"{_letter(first)}{top}:{_letter(i)}{top}")
    rows += [[f"({i})" for i in range(1, len(columns) + 1)]] if draw(st.booleans()) else []
    formats, figures, marks, before = {}, {}, {}, ""
    for code, share in shares.items():
        criterion = code.partition(".")[0]
        if criterion != before and not annex and draw(st.booleans()):
            rows.append([criterion, CRITERIA[criterion]])
        met, text = draw(st.booleans()), draw(st.booleans())
        cells = []
        for i, (_, what, y) in enumerate(columns):
            value = share + (7 if what == "share" and y != year else 0)
            cells.append(_cell(what, code, criterion, criterion != before, annex, value, unit, met, text))
            if what == "share":
                figures[y, code] = Fraction(value, 10)
                if unit == "format":
                    cells[-1] = value / 1000
                    formats[f"{_letter(i)}{len(rows) + 1}"] = "0.0%"
        if any(what in ("mark", "met") for _, what, _ in columns):
            marks[code] = "met" if met else "unmet"
        rows.append(cells)
        before = criterion
        if draw(st.integers(0, 5)) == 0:
            rows.append(["" for _ in columns])
            name = next(i for i, (_, what, _) in enumerate(columns) if what == "name")
            rows[-1][name] = "- trong đó: hộ nghèo"
            rows[-1][next(i for i, (_, what, _) in enumerate(columns) if what == "share")] = "5%"
    rows += draw(st.sampled_from([[], [["Ghi chú: số liệu đến cuối năm"]], [[], ["Người lập biểu"]]]))
    return Written(rows, merges, formats, figures, marks)


def _letter(index):
    return chr(ord("A") + index)


def _cell(what, code, criterion, begins, annex, share, unit, met, text):
    number = decimal(share) if text else share / 10
    return {
        "code": (criterion if begins else "") if annex else code, "criterion": CRITERIA[criterion] if begins else "",
        "name": f"{code}. {SHARES[code]}" if annex else SHARES[code], "required": "≥ 50%", "unit": "%",
        "share": f"{decimal(share)}%" if unit == "cell" else number, "count": share, "total": 1000, "plan": f"{decimal(share)}%", "other": 77.7,
        "mark": "Đạt" if met else "Chưa đạt", "met": "x" if met else "", "unmet": "" if met else "x", "note": "theo thống kê",
    }[what]  # fmt: skip


@SETTINGS
@given(written=sheets())
def test_a_form_of_criteria_says_what_was_written(folder, written):
    outcome = read_book(folder, written.rows, merges=written.merges, formats=written.formats)
    rows = [r for r in outcome.observations.itertuples() if r.table == "results"]
    for row in rows:
        if row.kind == "measured" and row.value:
            assert fraction(row.value) == written.figures[row.year, row.indicator] and row.unit == "%", (row, written)
        if row.kind == "declared":
            assert row.value == written.marks[row.indicator], (row, written)
        if row.kind == "split":
            assert row.value == "5"
    read = {(r.year, r.indicator) for r in rows if r.kind == "measured"}
    assert read == set(written.figures), (read, written)
    declared = {r.indicator for r in rows if r.kind == "declared"}
    assert declared == set(written.marks), written
    assert outcome.rejects.empty, written
    others = [
        c
        for row in written.rows
        for c in row
        if isinstance(c, str) and c.startswith(("Thực hiện 9 tháng", "Kết quả thẩm định", "So sánh"))
    ]
    named = " ".join(
        t for code in ("part-year-column", "appraisal-column", "derived-column") for t in told(outcome, code)
    )
    assert all(heading in named for heading in others), (others, named)


UNITS = {
    "đồng": Fraction(1, 1_000_000),
    "nghìn đồng": Fraction(1, 1000),
    "1.000 đồng": Fraction(1, 1000),
    "triệu đồng": Fraction(1),
    "tr.đ": Fraction(1),
    "tỷ đồng": Fraction(1000),
}


@SETTINGS
@given(
    unit=st.sampled_from(list(UNITS)), where=st.sampled_from(["brackets", "label", "line", "line-right"]), debt=st.booleans(), text=st.booleans(), stacked=st.booleans(),
    amount=st.integers(1, 99_999), word=st.sampled_from(["Tổng mức đầu tư", "Kinh phí", "Dự toán"]), lower=st.booleans(),
)  # fmt: skip
def test_money_is_in_the_unit_that_is_written_wherever_it_is(
    folder, unit, where, debt, text, stacked, amount, word, lower
):
    heading = {"brackets": f"{word} ({unit})", "label": f"{word} (ĐVT: {unit})"}.get(where, word)
    owed = {"brackets": f"Nợ đọng ({unit})", "label": f"Nợ đọng (ĐVT: {unit})"}.get(where, "Nợ đọng")
    value = decimal(amount) if text else amount / 10
    rows = [
        ["DANH MỤC CÔNG TRÌNH NĂM 2024"],
        *{"line": [[f"Đơn vị tính: {unit}"]], "line-right": [["", "", "", f"(ĐVT: {unit})"]]}.get(where, []),
    ]
    if stacked:
        rows += [
            ["TT", "Tên công trình", "Khối lượng", heading, "", *([owed] if debt else [])],
            ["", "", "", "Tổng số", "Vốn NTM"],
        ]
        cells = [1, "Đường", "2 km", value, 0.1, *([value] if debt else [])]
    else:
        rows += [["TT", "Tên công trình", "Khối lượng", heading, *([owed] if debt else [])]]
        cells = [1, "Đường", "2 km", value, *([value] if debt else [])]
    above = (
        [["KẾT QUẢ CÁC TIÊU CHÍ NĂM 2023"], ["TT", "Nội dung", "Kết quả thực hiện"], ["9.2", "Nhà ở", "80%"], []]
        if lower
        else []
    )
    outcome = read_book(folder, [*above, *rows, cells])
    [work] = outcome.works.itertuples()
    assert (work.year, fraction(work.cost)) == (2024, Fraction(amount, 10) * UNITS[unit])
    assert not debt or fraction(work.debt) == Fraction(amount, 10) * UNITS[unit]
    assert not stacked or "Vốn NTM" in told(outcome, "doubled-column")[0]
