"""Figures a thousand times off, dates that are none, quantities without a unit, funds that cannot be told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.checked import checked, few, of

SOURCES = ("ntm", "dtts", "province", "district", "credit", "people")


def funds(*amounts, year: str = "2024", total: str = ""):
    rows = [
        {"id": f"F{i}", "source": s, "name": s, "amount": str(a)}
        for i, (s, a) in enumerate(zip(SOURCES, amounts, strict=False))
    ]
    rows += [{"id": "T", "source": "total", "name": "Tổng", "amount": total}] if total else []
    return {"funding.csv": [row | {"year": year, "allocated": "", "spent": ""} for row in rows]}


def works(*costs, **more):
    rows = [
        {
            "id": f"W{i}",
            "item": f"đường {i}",
            "quantity": "0,51 km",
            "cost": str(c),
            "debt": "",
            "deadline": "",
            "part_of": "",
        }
        for i, c in enumerate(costs)
    ]
    return {"works.csv": [row | {"year": "2024", "criterion": "2"} | more for row in rows]}


@few
@given(amounts=st.lists(st.integers(50, 90000), min_size=1, max_size=6), slip=st.booleans(), at=st.integers(0, 5))
def test_dong_typed_under_million_is_found(folder, amounts, slip, at):
    at %= len(amounts)
    typed = [a * 1_000_000 if slip and i == at else a for i, a in enumerate(amounts)]
    for files, column in ((funds(*typed), "amount"), (works(*typed), "cost")):
        found = checked(folder, files, "scale")
        assert found.severity.tolist() == ["error"] * slip
        assert found.column.tolist() == [column] * slip


@few
@given(
    amounts=st.lists(st.integers(200, 1000), min_size=4, max_size=6),
    step=st.sampled_from((1, 1000, 1_000_000)),
    at=st.integers(0, 5),
)
def test_a_figure_a_thousand_times_off_its_neighbours_is_found(folder, amounts, step, at):
    at %= len(amounts)
    rows = [
        of("17.8a", f"{a * (step if i == at else 1)} hộ", id=f"R{i}", village=f"Thôn {i}")
        for i, a in enumerate(amounts)
    ]
    found = checked(folder, {"results.csv": rows}, "scale")
    assert found.observation.tolist() == ([f"R{at}"] if step > 1 else [])
    costs = [(a + 0.5) / 1000 if step > 1 and i == at else a for i, a in enumerate(amounts)]
    assert checked(folder, works(*(str(c).replace(".", ",") for c in costs)), "scale").empty == (step == 1)


def test_thousands_that_a_spreadsheet_took_for_decimals_are_found(folder):
    finding = checked(folder, funds("8,321", "1,714", "1,5"), "scale").iloc[0]
    assert finding.severity == "warning" and "8.321" in finding.message and "1.714" in finding.message
    assert checked(folder, works("2,015"), "scale").iloc[0].column == "cost"
    assert checked(folder, funds("8,321 triệu đồng", "1,71", "8,321 tỷ đồng"), "scale").empty


def test_a_village_of_one_household_is_found(folder):
    register = {
        "villages.csv": [
            {"id": "V1", "village": "Đình", "households": "1"},
            {"id": "V2", "village": "Bàu", "households": "85"},
        ]
    }
    finding = checked(folder, register, "scale").iloc[0]
    assert finding.observation == "V1" and "1.000" in finding.message


def test_a_sum_a_thousand_times_off_says_so(folder):
    assert "một nghìn lần" in checked(folder, funds(1000, 2000, total="3,0"), "funding-sum").iloc[0].message
    assert "một nghìn lần" not in checked(folder, funds(1000, 2000, total="3100"), "funding-sum").iloc[0].message


@pytest.mark.parametrize(
    ("text", "far"),
    [
        ("4,5 triệu đồng/người/năm", True),
        ("281.566 triệu đồng", True),
        ("43,1 triệu đồng/người/năm", False),
        ("90 triệu đồng", False),
    ],
)
def test_an_income_far_from_its_threshold_is_found(folder, text, far):
    found = checked(folder, {"results.csv": [of("10.1", text)]})
    assert bool({*found.code} & {"scale", "ambiguous", "misfit"}) == far


@pytest.mark.parametrize(
    ("before", "after", "jumps"),
    [("4,25%", "12,17%", True), ("12,17%", "4,25%", True), ("12,17%", "9,5%", False), ("1%", "3%", False)],
)
def test_a_small_share_that_trebles_is_a_jump(folder, before, after, jumps):
    rows = [of("11.1", before, year="2023"), of("11.1", after, id="R2")]
    assert checked(folder, {"results.csv": rows}, "jump").empty != jumps


GOOD = [
    "30/9/2024", "tháng 10/2024", "quý IV/2024", "T10/2024", "năm 2024", "2024", "2024-10", "2024-09-30", "2021-2025",
    "ngày 30 tháng 9 năm 2024",
]  # fmt: skip
BAD = ["31/9/2024", "cuối năm", "2024-09-31", "30/02/2024", "tháng 13/2024", "sớm"]


@pytest.mark.parametrize("text", GOOD + BAD)
def test_a_deadline_is_a_date(folder, text):
    found = checked(folder, works("100", deadline=text), "works-deadline")
    assert found.text.tolist() == ([text] if text in BAD else [])


@few
@given(day=st.integers(1, 31), month=st.integers(1, 12))
def test_a_document_is_dated_by_a_day_of_the_calendar(folder, day, month):
    last = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    for date in (f"{day:02d}/{month:02d}/2023", f"2023-{month:02d}-{day:02d}"):
        documents = {
            "documents.csv": [
                {"document": "KH", "title": "Kế hoạch", "kind": "", "date": date, "address": "", "note": ""}
            ]
        }
        found = checked(folder, documents, "document-date")
        assert found.text.tolist() == ([date] if day > last else [])


@pytest.mark.parametrize(
    ("quantity", "told"),
    [("0,51", True), ("2", True), ("0,51 km", False), ("2 cầu", False), ("31/40 hộ", False), ("", False)],
)
def test_a_quantity_has_a_unit_of_its_own(folder, quantity, told):
    found = checked(folder, works("100", quantity=quantity, indicator="2.1"))
    assert ("works-unit" in found.code.tolist()) == told
    assert "share-or-percent" not in found.code.tolist() and "ambiguous" not in found.code.tolist()


def test_a_total_without_sources_and_funds_of_another_year_are_told(folder):
    assert checked(folder, funds(total="80 tỷ đồng"), "funding-total-alone").iloc[0].year == 2024
    assert checked(folder, funds("80 tỷ đồng"), "funding-total-alone").empty
    assert "2024" in checked(folder, funds("80 tỷ đồng"), "funding-year", year=2023).iloc[0].message
    assert checked(folder, funds("80 tỷ đồng"), "funding-year").empty


@pytest.mark.parametrize(("year", "severity"), [("2021", "info"), ("2022", "warning")])
def test_a_leap_across_a_new_poverty_standard_is_told_with_it_and_asks_for_no_cause(folder, year, severity):
    rows = [of("11.1", "4,25%", "R1", year=year), of("11.1", "12,17%", "R2", year=str(int(year) + 1))]
    (row,) = (
        checked(folder, {"results.csv": rows}, year=int(year) + 1)
        .query("finding.str.startswith('jump')")
        .to_dict("records")
    )
    assert row["severity"] == severity and ("từ 01/01/2022 chỉ tiêu được tính theo cách khác" in row["message"]) == (
        severity == "info"
    )
