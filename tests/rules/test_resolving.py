"""The table of thresholds for a commune and a year, for every shape an indicator can have."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_lib import tables
from ntm_lib.rules import load_set, resolve, rule_sets
from tests.rules.rule_rows import commune, indicator, rule_set, threshold

MOUNTAINS = commune(region="tdmnpb", province_slug="tuyen-quang")
YEARS = range(2021, 2026)


def _row(table, indicator, part=""):
    return table[(table["indicator"] == indicator) & (table["part"] == part)].iloc[0]


def _resolved(thresholds, indicators=None, year=2023, of=None, **meta):
    return resolve(rule_set(thresholds, indicators, **meta), of or commune(region="tdmnpb"), year)


@pytest.mark.parametrize("name", ["ntm-2021-2025", "ntm-nang-cao-2021-2025", "ntm-kieu-mau-2021-2025", "ntm-2026-2030"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_set_resolves_to_a_valid_table_in_every_column_and_year(name, language):
    rules = load_set(name)
    for region in (None, rules.meta["columns"][0]["code"], rules.meta["columns"][-1]["code"]):
        for year in (2019, 2024, 2027, 2031):
            table = resolve(rules, MOUNTAINS, year, region, language)
            pd.testing.assert_frame_equal(tables.as_table("thresholds", table), table)
            assert set(table["criterion"]) - {""} == {c["id"] for c in rules.meta["criteria"]}


@given(st.sets(st.integers(0, 59), min_size=1, max_size=6), st.integers(2021, 2025))
def test_the_row_valid_on_31_december_of_the_year_judged_is_the_threshold(months, year):
    starts = sorted(f"{2021 + m // 12}-{1 + m % 12:02}-01" for m in months)
    rows = [threshold(valid_from=start, valid_to="", threshold=str(n)) for n, start in enumerate(starts)]
    begun = [n for n, start in enumerate(starts) if start <= f"{year}-12-31"]
    found = _row(_resolved(rows, year=year), "1.1")
    assert found["threshold"] == (str(begun[-1]) if begun else "")


@given(st.integers(0, 100), st.integers(0, 100), st.integers(2021, 2025))
def test_the_order_of_the_rows_in_the_file_never_matters(low, high, year):
    rows = [
        threshold(valid_to="2022-12-31", threshold=str(low)),
        threshold(valid_from="2023-01-01", threshold=str(high)),
        threshold(set_by="ministry", threshold="50", valid_from="2024-01-01"),
    ]
    pd.testing.assert_frame_equal(_resolved(rows, year=year), _resolved(rows[::-1], year=year))


def test_the_layers_that_lost_are_listed():
    row = _row(
        _resolved(
            [threshold(), threshold(set_by="province", threshold="85"), threshold(set_by="ministry", threshold="75")]
        ),
        "1.1",
    )
    assert (row["threshold"], row["set_by"]) == ("85", "province")
    assert row["layers"] == "nation:>= 70;ministry:>= 75"


def test_parts_of_an_every_item_indicator_share_its_threshold():
    rows = [indicator(join="every-item"), indicator(part="a"), indicator(part="b")]
    table = _resolved([threshold()], rows)
    assert list(table["threshold"]) == ["70", "70", "70"]
    assert set(table["confidence"]) == {"one-source"}


def test_an_indicator_joined_from_parts_says_what_its_parts_agree_on_and_is_as_sure_as_the_least_sure():
    rows = [indicator(join="all"), indicator(part="a"), indicator(part="b")]
    table = _resolved([threshold(part="a"), threshold(part="b", confidence="unverified", document="khác")], rows)
    whole = _row(table, "1.1")
    assert (whole["threshold"], whole["set_by"], whole["document"], whole["confidence"]) == (
        "",
        "nation",
        "",
        "unverified",
    )


def test_a_part_can_have_parts_of_its_own():
    table = resolve(load_set("ntm-2026-2030"), commune(group="nhom3"), 2026)
    assert _row(table, "3.6")["join"] == "all"
    assert _row(table, "3.6", "d2")["join"] == "any"
    either = [_row(table, "3.6", p) for p in ("d2.a", "d2.b")]
    assert [(r["kind"], r["operator"], r["threshold"], r["unit"]) for r in either] == [
        ("growth", ">=", "5", "%/năm"),
        ("number", ">=", "10", "thành viên/năm"),
    ]
    assert {r["years_running"] for r in [*either, _row(table, "3.6", "b")]} == {"2"}


@pytest.mark.parametrize(("schools", "applying"), [("4", "ab"), ("3", "ac"), (None, "a")])
def test_the_number_of_schools_selects_the_part_of_5_1(schools, applying):
    table = resolve(load_set("ntm-2021-2025"), commune(region="tdmnpb", schools=schools), 2023)
    applies = {p: _row(table, "5.1", p)["applies"] for p in "abc"}
    assert "".join(p for p, a in applies.items() if a == "yes") == applying
    if schools is None:
        assert applies["b"] == applies["c"] == "unknown"
        assert "số trường học" in _row(table, "5.1", "b")["applies_reason"]


@pytest.mark.parametrize("region", ["dbsh", "dnb"])
def test_where_all_schools_must_be_of_level_1_the_number_of_schools_does_not_matter(region):
    table = resolve(load_set("ntm-2021-2025"), commune(region=region), 2023)
    assert [_row(table, "5.1", p)["applies"] for p in "abc"] == ["no", "yes", "no"]
    assert _row(table, "5.1", "b")["threshold"] == "100"


@pytest.mark.parametrize(
    ("value", "applies", "reason"),
    [("yes", "yes", ""), ("no", "no", "không có"), (None, "unknown", "chưa biết làng nghề")],
)
def test_if_any_is_a_trait_of_the_commune(value, applies, reason):
    row = _row(resolve(load_set("ntm-2021-2025"), commune(region="tdmnpb", craft_village=value), 2023), "13.4")
    assert row["applies"] == applies and reason in row["applies_reason"]


def test_strict_blanks_what_is_unverified_and_nothing_else():
    rules = load_set("ntm-2021-2025")
    free, strict = resolve(rules, MOUNTAINS, 2023), resolve(rules, MOUNTAINS, 2023, strict=True)
    unverified = free["confidence"] == "unverified"
    assert unverified.any() and not unverified.all()
    assert (strict.loc[unverified, ["operator", "threshold"]] == "").all(axis=None)
    pd.testing.assert_frame_equal(strict[~unverified], free[~unverified])
    assert (strict["confidence"] == free["confidence"]).all()


def test_old_data_under_rules_that_begin_later_is_judged_by_their_first_year_and_says_so():
    rules = load_set("ntm-2026-2030")
    row = _row(resolve(rules, commune(group="nhom2"), 2023), "3.1")
    assert (row["year"], row["threshold"]) == (2023, "9.5")
    assert "năm 2023 trước thời gian của bộ tiêu chí" in row["note"]


def test_after_its_last_year_a_set_has_no_threshold():
    table = resolve(load_set("ntm-2021-2025"), MOUNTAINS, 2026)
    assert set(table["threshold"]) == {""}
    assert all("hết hiệu lực sau năm 2025" in note for note in table["note"])


def test_without_a_column_no_threshold_is_guessed():
    table = resolve(load_set("ntm-2021-2025"), commune(), 2023)
    assert set(table["threshold"]) == {""} and set(table["column"]) == {""}


def test_the_province_s_open_slot_names_its_decision_where_the_nation_leaves_it_to_the_province():
    rules = load_set("ntm-2021-2025")
    assert _row(resolve(rules, MOUNTAINS, 2023), "2.1")[["threshold", "set_by", "document"]].tolist() == [
        "",
        "province",
        "479/QĐ-UBND",
    ]
    assert _row(resolve(rules, MOUNTAINS, 2021), "2.1")["document"] == "318/QĐ-TTg"
    assert _row(resolve(rules, MOUNTAINS, 2023), "6.3")[["threshold", "document"]].tolist() == [
        "100",
        "1064/HD-BVHTTDL",
    ]


def test_filling_the_province_s_slot_is_an_edit_of_one_cell(broken):
    file = broken / "provinces" / "tuyen-quang" / "ntm-2021-2025.csv"
    file.write_text(
        file.read_text(encoding="utf-8").replace("2.1,,tdmnpb,>=,,", "2.1,,tdmnpb,>=,65,", 1), encoding="utf-8"
    )
    row = _row(resolve(load_set("ntm-2021-2025"), MOUNTAINS, 2023), "2.1")
    assert (row["operator"], row["threshold"], row["set_by"]) == (">=", "65", "province")


def test_a_province_s_decision_holds_where_the_national_number_is_not_known():
    table = resolve(load_set("ntm-2021-2025"), commune(region="dnb", province_slug="dong-nai"), 2024)
    assert [(_row(table, "17.1", p)["threshold"], _row(table, "17.1", p)["set_by"]) for p in "ab"] == [
        ("84.5", "province"),
        ("40", "province"),
    ]
    assert (
        _row(resolve(load_set("ntm-2021-2025"), commune(region="dnb", province_slug="dong-nai"), 2023), "17.1", "a")[
            "threshold"
        ]
        == ""
    )


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("region", ["chung", "tdmnpb", "dbsh", "btb", "dhntb", "tn", "dnb", "dbscl"])
def test_the_income_of_a_model_commune_is_a_tenth_above_the_advanced_level(year, region):
    advanced = _row(resolve(load_set("ntm-nang-cao-2021-2025"), {}, year, region), "10.1")
    model = _row(resolve(load_set("ntm-kieu-mau-2021-2025"), {}, year, region), "10.1")
    assert tables.fraction(model["threshold"]) == tables.fraction(advanced["threshold"]) * 11 / 10
    assert model["confidence"] == advanced["confidence"] == "unverified"
    assert model["layers"] == f"nation:>= {advanced['threshold']}"
    assert model["document"] == "319/QĐ-TTg"


def test_a_model_commune_must_also_meet_all_that_an_advanced_one_must():
    advanced = resolve(load_set("ntm-nang-cao-2021-2025"), MOUNTAINS, 2023)
    model = resolve(load_set("ntm-kieu-mau-2021-2025"), MOUNTAINS, 2023)
    assert set(advanced["indicator"]) | {"KM1.1", "KM2.1"} == set(model["indicator"])
    shared = model[~model["indicator"].isin(["10.1", "KM1.1", "KM2.1"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(shared, advanced[advanced["indicator"] != "10.1"].reset_index(drop=True))


def test_the_caller_may_change_what_it_gets():
    rules = load_set("ntm-2021-2025")
    first = resolve(rules, MOUNTAINS, 2023)
    first["threshold"] = "spoilt"
    assert "spoilt" not in set(resolve(rules, MOUNTAINS, 2023)["threshold"])


def test_resolve_does_not_mutate_the_set_or_the_commune():
    rules, of = rule_set([threshold()]), commune(region="tdmnpb")
    before = rules.thresholds.copy(), rules.indicators.copy(), repr(of), repr(rules.meta)
    resolve(rules, of, 2023)
    pd.testing.assert_frame_equal(rules.thresholds, before[0])
    pd.testing.assert_frame_equal(rules.indicators, before[1])
    assert (repr(of), repr(rules.meta)) == before[2:]


def test_every_set_there_is_has_been_resolved_above():
    assert set(rule_sets()) == {"ntm-2021-2025", "ntm-nang-cao-2021-2025", "ntm-kieu-mau-2021-2025", "ntm-2026-2030"}


@pytest.mark.parametrize(("rule_set", "indicator", "year", "kind", "threshold"), [
    ("ntm-2021-2025", "15.4", 2023, "share", "50"), ("ntm-2021-2025", "15.4", 2024, "status", "met"),
    ("ntm-nang-cao-2021-2025", "14.2", 2023, "share", ""), ("ntm-nang-cao-2021-2025", "14.2", 2024, "status", "met"),
    ("ntm-nang-cao-2021-2025", "4.1", 2023, "share", ""), ("ntm-nang-cao-2021-2025", "4.1", 2024, "share", "98"),
    ("ntm-kieu-mau-2021-2025", "14.2", 2023, "share", ""), ("ntm-kieu-mau-2021-2025", "14.2", 2025, "status", "met"),
])  # fmt: skip
def test_an_indicator_is_of_the_kind_that_holds_in_the_year(rule_set, indicator, year, kind, threshold):
    """15.4 was a share until Decision 211/QĐ-TTg; since then it asks whether the record book is put into use."""
    table = resolve(load_set(rule_set), MOUNTAINS, year)
    [row] = [r for r in table.to_dict("records") if r["indicator"] == indicator and not r["part"]]
    assert (row["kind"], row["threshold"]) == (kind, threshold)
