"""Villages are added up: fractions, never averages; all of them or none; and what the commune misses is split among them."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib.places.village_sums import sum_rows, village_sums
from ntm_lib.plan.villages import split
from ntm_lib.tables import TABLES

NAMES = ("An", "Bằng", "Cả", "Đình")


def row(village: str, n: int, d: int, **cells):
    figures = {
        "numerator": str(n),
        "denominator": str(d),
        "value": str(Fraction(100 * n, d)),
        "unit": "%",
        "text": f"{n}/{d} hộ",
    }
    place = {"table": "results", "kind": "measured", "year": 2024, "criterion": "17", "indicator": "17.8", "part": "a"}
    return (
        dict.fromkeys(TABLES["observations"][1], "")
        | place
        | figures
        | {"observation": village, "village": village}
        | cells
    )


def none_of(village: str):
    return row(village, 0, 1, numerator="", denominator="", value="not-applicable")


counts = st.integers(1, 500).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))


@given(st.lists(counts, min_size=4, max_size=4))
@settings(max_examples=60)
def test_numerators_and_denominators_are_added(figures):
    rows = [row(name, n, d) for name, (n, d) in zip(NAMES, figures, strict=True)]
    (found,) = sum_rows(village_sums(rows, NAMES, 4))
    exact = Fraction(sum(n for n, _ in figures), sum(d for _, d in figures))
    assert Fraction(int(found["numerator"]), int(found["denominator"])) == exact
    assert found["village"] == ""


def test_all_villages_or_none():
    rows = [row("An", 1, 2), row("Bằng", 1, 2), row("Cả", 1, 2)]
    (found,) = village_sums(rows, NAMES, 4)
    assert (found.missing, found.unnamed, sum_rows([found])) == (("Đình",), 0, [])
    (found,) = village_sums(rows, NAMES[:3], 4)  # the commune says four, the register names three
    assert (found.missing, found.unnamed, sum_rows([found])) == ((), 1, [])
    (found,) = village_sums(rows, (), 0)  # nobody knows how many there are
    assert not found.is_whole
    assert sum_rows(village_sums([*rows, none_of("Đình")], NAMES, 4))[0]["denominator"] == "6"  # a village without any


def test_two_figures_of_one_village_and_the_commune_s_own_go_before():
    rows = [row(name, 1, 2) for name in NAMES]
    (found,) = village_sums([*rows, row("An", 2, 2, observation="again")], NAMES, 4)
    assert (found.twice, found.is_whole) == (("An",), False)
    (found,) = village_sums([*rows, row("An", 1, 2, observation="same")], NAMES, 4)
    assert found.is_whole
    (found,) = village_sums([*rows, row("", 3, 8)], NAMES, 4)
    assert found.is_whole and sum_rows([found]) == []


def test_a_village_told_alone_or_without_its_total_is_no_part_of_a_sum():
    assert village_sums([row("An", 1, 2)], NAMES, 4) == []
    bare = row("Bằng", 5, 1, numerator="", denominator="", value="5", unit="hộ")
    assert village_sums([row("An", 1, 2), row("Cả", 1, 2), bare], NAMES, 4) == []


@given(st.integers(0, 400), st.dictionaries(st.sampled_from(NAMES), st.integers(0, 100), min_size=1))
@settings(max_examples=100)
def test_what_is_missing_is_split_without_rest_and_nobody_gets_more_than_it_lacks(missing, lacking):
    shares = split(missing, lacking)
    assert sum(shares.values()) == min(missing, sum(lacking.values()))
    assert all(0 <= shares[name] <= lacking[name] for name in lacking)
    exact = {
        name: Fraction(min(missing, sum(lacking.values())) * lack, sum(lacking.values()) or 1)
        for name, lack in lacking.items()
    }
    assert all(abs(shares[name] - exact[name]) < 1 for name in lacking)
