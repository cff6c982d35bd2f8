"""Nation, ministry, province: who wins, whatever the order of the rows."""

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from ntm_lib.rules.resolving import choose, stricter, weaker
from ntm_lib.rules.sets import Threshold
from ntm_lib.tables import CONFIDENCES
from tests.rules.rule_rows import LAYERS
from tests.rules.rule_rows import threshold as cells_of


def threshold(**cells: str) -> Threshold:
    return Threshold(**cells_of(**cells))


WINS = {layer["layer"]: layer["wins"] for layer in LAYERS}
numbers = st.integers(0, 20).map(lambda n: str(Fraction(n, 2)) if n % 2 == 0 else f"{n // 2}.5")
operators = st.sampled_from([">=", ">", "<=", "<"])
rows = st.builds(lambda o, n: threshold(operator=o, threshold=n), operators, numbers)
days = st.dates().map(str)


def _meets(value: Fraction, row: Threshold) -> bool:
    limit = Fraction(row.threshold)
    return {">=": value >= limit, ">": value > limit, "<=": value <= limit, "<": value < limit}[row.operator]


@given(rows, rows, st.integers(-4, 44).map(lambda n: Fraction(n, 4)))
def test_whoever_meets_the_stricter_threshold_meets_the_other(one, other, value):
    if stricter(one, other):
        assert not stricter(other, one)
        assert _meets(value, other) or not _meets(value, one)


@given(rows)
def test_no_threshold_is_stricter_than_itself(row):
    assert not stricter(row, row)


def test_more_than_is_stricter_than_at_least():
    assert stricter(threshold(operator=">"), threshold(operator=">="))
    assert stricter(threshold(operator="<"), threshold(operator="<="))
    assert not stricter(threshold(operator="<="), threshold(operator=">="))


def test_ratings_are_compared_by_their_place_on_the_scale():
    scale = {"scale": "trung bình|khá|tốt", "operator": ">="}
    assert stricter(threshold(threshold="tốt", **scale), threshold(threshold="khá", **scale))
    assert not stricter(threshold(threshold="giỏi", **scale), threshold(threshold="khá", **scale))


@given(numbers, numbers, operators)
def test_a_province_can_only_make_a_national_number_stricter(nation, province, operator):
    national = threshold(operator=operator, threshold=nation)
    local = threshold(operator=operator, threshold=province, set_by="province")
    winner, lost = choose([national, local], WINS)
    assert not stricter(national, winner)
    assert (winner is local) == stricter(local, national)
    assert lost == [national if winner is local else local]


@given(st.permutations(["nation", "ministry", "province"]), st.tuples(numbers, numbers, numbers))
def test_the_order_of_the_rows_never_matters(order, limits):
    by_layer = {layer: threshold(set_by=layer, threshold=limit) for layer, limit in zip(WINS, limits, strict=True)}
    assert choose([by_layer[layer] for layer in order], WINS) == choose(list(by_layer.values()), WINS)


def test_what_the_nation_leaves_to_the_province_is_the_province_s_even_if_low():
    left = threshold(set_by="province", threshold="", confidence="unknown")
    local = threshold(set_by="province", threshold="5", valid_from="2022-08-04")
    assert choose([left, local], WINS) == (local, [])


def test_a_ministry_s_value_replaces_the_nation_s():
    ministry = threshold(set_by="ministry", threshold="50")
    assert choose([threshold(), ministry], WINS) == (ministry, [threshold()])


@given(st.lists(st.tuples(days, numbers), min_size=2, max_size=5, unique_by=lambda pair: pair[0]))
def test_within_a_layer_the_row_that_begins_last_counts(periods):
    layer = [threshold(valid_from=day, threshold=limit) for day, limit in periods]
    winner, lost = choose(layer, WINS)
    assert winner.valid_from == max(day for day, _ in periods)
    assert len(lost) == len(periods) - 1


def test_a_province_that_lowers_its_value_falls_back_to_the_nation_s():
    before = threshold(set_by="province", threshold="85", valid_from="2022-01-01")
    now = threshold(set_by="province", threshold="60", valid_from="2024-01-01")
    assert choose([threshold(), before, now], WINS)[0] == threshold()


@given(st.lists(rows, min_size=1, max_size=4), st.booleans())
def test_a_blank_row_never_displaces_a_known_one(known, first):
    blank = threshold(threshold="", set_by="province", confidence="unknown")
    together = [blank, *known] if first else [*known, blank]
    assert choose(together, WINS)[0].threshold


def test_of_blank_rows_the_province_s_slot_stands_only_where_the_nation_leaves_it_to_the_province():
    slot = threshold(threshold="", set_by="province", document="479/QĐ-UBND")
    left, unclear = threshold(threshold="", set_by="province"), threshold(threshold="", set_by="")
    assert choose([left, slot], WINS)[0] is slot
    assert choose([unclear, slot], WINS)[0] is unclear


def test_who_set_it_unknown_counts_as_the_nation():
    unclear = threshold(set_by="", threshold="80")
    assert choose([unclear, threshold(set_by="province", threshold="60")], WINS)[0] is unclear


@given(st.lists(st.sampled_from(CONFIDENCES), min_size=1))
def test_a_chain_is_as_sure_as_its_weakest_link(confidences):
    assume(all(confidences))
    assert CONFIDENCES.index(weaker(*confidences)) == max(map(CONFIDENCES.index, confidences))


def test_the_rows_are_not_changed():
    national, local = threshold(), threshold(set_by="province", threshold="80")
    choose([national, local], WINS)
    assert (national, local) == (threshold(), threshold(set_by="province", threshold="80"))
