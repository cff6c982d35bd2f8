"""History of merged communes: sums of what can be added, a reason for what cannot."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib.places.merge import merge_rows
from ntm_lib.tables import TABLES, as_table, fraction, records
from ntm_lib.wording.problem_words import worded

TAN_MY = {"code": "02308", "name": "Tân Mỹ", "kind": "xã"}
DIVIDED = "00988"  # xã Yên Định, divided in the registry; one part went to 00994


def _meta(code="02314", name="Hùng Mỹ", into="02308", **profile):
    merged = {"code": into, "name": "Tân Mỹ", "date": "2025-07-01"} if into else None
    return {"code": code, "name": name, "profile": profile, "merged_into": merged}


def _row(observation="A1", **cells):
    row = {
        "table": "results",
        "year": 2023,
        "kind": "measured",
        "criterion": "17",
        "indicator": "17.8",
        "part": "a",
        "unit": "%",
    }
    row |= {"observation": observation, "file": f"communes/{observation}.csv", "row": "2", "column": "value"}
    return dict.fromkeys(TABLES["observations"][1], "") | row | cells


def _share(observation, numerator, denominator, **cells):
    value = {
        "numerator": str(numerator),
        "denominator": str(denominator),
        "value": "",
        "text": f"{numerator}/{denominator} hộ",
    }
    return _row(observation, **value | cells)


def _table(*rows):
    return as_table("observations", rows)


def _merged(*pairs, successor=TAN_MY, language="vi"):
    merged, findings = merge_rows([(meta, records(_table(*rows))) for meta, rows in pairs], successor, language)
    return _table(*merged), worded(as_table("findings", [finding.as_row() for finding in findings]), language)


HUNG_MY, OLD_TAN_MY = _meta(), _meta("02308", "Tân Mỹ cũ")


def _two(rows_a, rows_b, **options):
    return _merged((HUNG_MY, rows_a), (OLD_TAN_MY, rows_b), **options)


def _codes(findings):
    return list(findings["code"])


def test_numerators_and_denominators_are_added():
    merged, findings = _two([_share("A1", 1276, 1413)], [_share("B1", 400, 1000)])
    (row,) = merged.to_dict("records")
    assert (row["numerator"], row["denominator"]) == ("1676", "2413")
    assert fraction(row["value"]) == round(Fraction(167600, 2413), 6)
    assert row["text"] == "400/1.000 (Tân Mỹ cũ) + 1.276/1.413 (Hùng Mỹ)"
    assert "Hùng Mỹ: A1" in row["note"] and row["file"] == "communes/B1.csv; communes/A1.csv"
    assert findings.empty


def test_predecessor_without_a_folder_leaves_no_value():
    merged, findings = _merged((HUNG_MY, [_share("A1", 1276, 1413)]))
    assert merged.empty and _codes(findings) == ["merge-missing"]
    assert "Tân Mỹ" in findings["message"][0] and findings["observation"][0] == "A1"


def test_predecessor_without_the_figure_leaves_no_value():
    merged, findings = _two([_share("A1", 1276, 1413)], [])
    assert merged.empty and _codes(findings) == ["merge-missing"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"value": "met", "unit": "status"}, "merge-status"),
        ({"value": "90.3", "unit": "%"}, "merge-share"),
        ({"value": "90", "unit": "%", "operator": ">"}, "merge-bound"),
        ({"value": "3", "unit": "mức độ"}, "merge-level"),
        ({"value": "hoàn thành tốt nhiệm vụ", "unit": "rating"}, "merge-level"),
        ({"value": "43", "unit": "triệu đồng/người/năm"}, "merge-population"),
    ],
)
def test_what_cannot_be_added_has_no_value_but_a_reason(cells, code):
    merged, findings = _two([_row("A1", **cells)], [_row("B1", **cells)])
    assert merged.empty and _codes(findings) == [code] and findings["observation"][0] == "B1;A1"


def test_criteria_declared_met_are_not_added():
    row = {"indicator": "", "part": "", "criterion": "all", "kind": "declared", "item": "Số tiêu chí"}
    merged, findings = _two([_share("A1", 19, 19, **row)], [_share("B1", 15, 19, **row)])
    assert merged.empty and _codes(findings) == ["merge-status"]


def test_share_with_numbers_and_share_without_are_not_added():
    merged, findings = _two([_share("A1", 1276, 1413)], [_row("B1", value="80")])
    assert merged.empty and _codes(findings) == ["merge-share"]


def test_counts_are_added_by_item():
    rows = [
        [
            _row(f"{c}{i}", unit="nhà", value=v, indicator="9.1", part="", item=item)
            for i, (v, item) in enumerate([("3", "nhà tạm"), ("2", "nhà dột nát")])
        ]
        for c in "AB"
    ]
    merged, findings = _two(*rows)
    assert sorted(zip(merged["item"], merged["value"], strict=True)) == [("nhà dột nát", "4"), ("nhà tạm", "6")]
    assert findings.empty


def test_planned_changes_are_added_for_the_same_base_year():
    cells = {"table": "plan", "kind": "change", "unit": "hộ", "year": 2024, "base_year": "2023"}
    merged, _ = _two([_row("A1", value="56", **cells)], [_row("B1", value="-6", **cells)])
    assert list(merged["value"]) == ["50"] and list(merged["table"]) == ["plan"]


def test_income_is_weighted_with_the_population_of_the_year():
    income = {"indicator": "10.1", "part": "", "unit": "triệu đồng/người/năm"}
    people = [
        _meta(population={"value": 6000, "year": 2023}),
        _meta("02308", "Tân Mỹ cũ", population=[{"value": 2000, "year": 2023}]),
    ]
    merged, findings = _merged(
        (people[0], [_row("A1", value="43", **income)]), (people[1], [_row("B1", value="39", **income)])
    )
    assert list(merged["value"]) == ["42"] and findings.empty and "số dân" in merged["note"][0]


def test_income_is_not_weighted_with_the_population_of_another_year():
    income = {"indicator": "10.1", "part": "", "unit": "triệu đồng/người/năm", "year": 2022}
    people = [
        _meta(population={"value": 6000, "year": 2023}),
        _meta("02308", "Tân Mỹ cũ", population={"value": 2000, "year": 2022}),
    ]
    merged, findings = _merged(
        (people[0], [_row("A1", value="43", **income)]), (people[1], [_row("B1", value="39", **income)])
    )
    assert merged.empty and "Hùng Mỹ" in findings["message"][0] and "cũ" not in findings["message"][0]


def test_two_values_of_one_predecessor_are_not_chosen_between():
    merged, findings = _two([_share("A1", 1, 10), _share("A2", 2, 10)], [_share("B1", 1, 10)])
    assert merged.empty and _codes(findings) == ["merge-two-values"]


def test_the_same_value_twice_counts_once():
    merged, _ = _two([_share("A1", 1, 10), _share("A2", 1, 10)], [_share("B1", 1, 10)])
    assert list(merged["numerator"]) == ["2"]


def test_women_and_men_are_added_apart():
    rows = [
        [_share(f"{c}{sex}", n, 100, item=sex, indicator="12.1") for sex, n in (("nam", 40), ("nữ", 30))] for c in "AB"
    ]
    merged, findings = _two(*rows)
    assert (
        sorted(zip(merged["item"], merged["numerator"], strict=True)) == [("nam", "80"), ("nữ", "60")]
        and findings.empty
    )


def test_divided_predecessor_leaves_no_value():
    successor = {"code": "00994", "name": "Minh Ngọc"}
    others = [_meta(c, c, into="") for c in ("00994",)]
    pairs = [(m, [_share(m["code"], 1, 2)]) for m in [_meta(DIVIDED, "Yên Định", into=""), *others]]
    merged, findings = _merged(*pairs, successor=successor)
    assert merged.empty and set(_codes(findings)) == {"merge-divided"} and "Yên Định" in findings["message"][0]


def test_word_of_the_commune_wins_over_the_registry():
    elsewhere = _meta(into="99999")
    merged, findings = _merged((elsewhere, [_share("A1", 1, 2)]), (OLD_TAN_MY, [_share("B1", 1, 4)]))
    assert list(merged["denominator"]) == ["4"] and _codes(findings) == ["merge-stranger"]


def test_year_of_the_merger_and_rows_that_are_no_history_are_left_with_their_commune():
    rows = [
        _share("A1", 1, 2, year=2025),
        _share("A2", 1, 2, village="Bàu"),
        _row("A3", kind="split"),
        _row("A4", table="works"),
    ]
    merged, findings = _two(rows, [])
    assert (
        merged.empty
        and _codes(findings) == ["merge-left-out"]
        and findings["message"][0].startswith("4 dòng của Hùng Mỹ")
    )


def test_findings_are_worded_in_english_too():
    _, findings = _two([_row("A1", value="met", unit="status")], [_share("B1", 1, 2, year=2025)], language="en")
    assert all(message.isascii() or "Tân Mỹ" in message for message in findings["message"])


def test_merging_does_not_mutate_input():
    rows = [_share("A1", 1276, 1413), _row("A2", value="met", unit="status")]
    before = [dict(row) for row in rows]
    merge_rows([(HUNG_MY, rows)], TAN_MY, "vi")
    assert rows == before


# --- properties ----------------------------------------------------------------------------------

SHARES = st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)).map(lambda p: (min(p), max(p)))


@given(SHARES, SHARES)
def test_merged_share_is_exact_and_lies_between_the_two(a, b):
    (row,), _ = merge_rows([(HUNG_MY, [_share("A1", *a)]), (OLD_TAN_MY, [_share("B1", *b)])], TAN_MY, "vi")
    exact = Fraction(int(row["numerator"]), int(row["denominator"]))
    assert exact == Fraction(a[0] + b[0], a[1] + b[1])
    assert min(Fraction(*a), Fraction(*b)) <= exact <= max(Fraction(*a), Fraction(*b))


ROWS = st.lists(
    st.builds(
        lambda i, share, **cells: (_share(f"X{i}", *share, **cells) if cells["unit"] == "%" else _row(f"X{i}", value=str(share[0]), **cells)),
        st.integers(0, 10**9), SHARES, year=st.integers(2020, 2026), unit=st.sampled_from(["%", "hộ", "status", "mức độ"]),
        kind=st.sampled_from(["measured", "target", "change", "split"]), indicator=st.sampled_from(["11.1", "17.8", ""]),
        part=st.sampled_from(["", "a"]), item=st.sampled_from(["", "hộ nghèo"]), village=st.sampled_from(["", "", "Bàu"]),
    ),
    max_size=6, unique_by=lambda row: row["observation"],
)  # fmt: skip


@given(ROWS, ROWS)
def test_every_row_is_added_or_has_a_finding_and_the_order_does_not_matter(a, b):
    b = [row | {"observation": f"Y{row['observation']}"} for row in b]
    merged, findings = merge_rows([(HUNG_MY, a), (OLD_TAN_MY, b)], TAN_MY, "vi")
    assert merged == merge_rows([(OLD_TAN_MY, b), (HUNG_MY, a)], TAN_MY, "vi")[0]
    named = {o for finding in findings for o in finding.observation.split(";")}
    noted = " ".join(row["note"] for row in merged)
    left_out = sum(int(f.problem.fields["n"]["number"]) for f in findings if f.problem.code == "merge-left-out")
    rows = {row["observation"]: row for row in [*a, *b]}
    history = [o for o in rows if o in named or f": {o}" in noted]
    twins = {o for o in rows if o not in history and not _left(rows[o])}  # said the same as another row of the commune
    assert left_out == sum(map(_left, rows.values()))
    assert all(any(_same(rows[o], rows[h]) for h in history) for o in twins)


def _left(row):
    return row["kind"] == "split" or bool(row.get("village")) or row["year"] >= 2025


def _same(a, b):
    return all(a.get(c) == b.get(c) for c in ("year", "kind", "indicator", "part", "unit", "numerator", "denominator"))


def test_an_income_without_a_head_is_still_no_sum():
    """«43 triệu đồng» under the income of a head: two of them are not 86."""
    income = {
        "criterion": "10",
        "indicator": "10.1",
        "part": "",
        "unit": "triệu đồng",
        "value": "43",
        "numerator": "",
        "denominator": "",
    }
    merged, findings = _two([_row("A1", **income)], [_row("B1", **income)])
    assert merged.empty and _codes(findings) == ["merge-level"]


@settings(deadline=None, max_examples=50)
@given(st.integers(2_000, 30_000), st.integers(2_000, 30_000))
def test_a_weighted_income_just_short_of_the_threshold_stays_short(first, second):
    """One commune at 45, the other at 44.99: the mean is below 45, however small the second."""
    income = {
        "criterion": "10",
        "indicator": "10.1",
        "part": "",
        "unit": "triệu đồng/người/năm",
        "numerator": "",
        "denominator": "",
    }
    people = {"year": 2023, "document": "x"}
    pairs = [
        (_meta(population=people | {"value": first * 1000}), [_row("A1", **income, value="45")]),
        (
            _meta("02308", "Tân Mỹ cũ", population=people | {"value": second // 1000}),
            [_row("B1", **income, value="44.99")],
        ),
    ]
    merged, _ = _merged(*pairs)
    assert fraction(merged["value"][0]) < 45
