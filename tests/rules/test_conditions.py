"""Conditions on traits: three-valued, and what is unknown never decides."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_lib.rules.columns import holds, in_words, parse, traits

VALUES = {"schools": ("2", "3", "4"), "area": ("I", "II", "III"), "atk": ("yes", "no")}
TESTS = ("schools>3", "schools<=3", "area=II|III", "area!=I", "atk=yes")
texts = st.lists(
    st.lists(st.sampled_from(TESTS), min_size=1, max_size=3).map(" and ".join), min_size=1, max_size=3
).map(" or ".join)
knowledge = st.fixed_dictionaries({name: st.sampled_from((None, *values)) for name, values in VALUES.items()})


@given(texts, knowledge)
def test_a_condition_holds_exactly_if_it_does_however_the_unknown_traits_turn_out(text, known):
    ways = itertools.product(*((value,) if value else VALUES[name] for name, value in known.items()))
    results = {holds(parse(text), dict(zip(known, way, strict=True))) for way in ways}
    assert None not in results
    decided = holds(parse(text), known)
    assert decided is None or results == {decided}


@given(st.integers(0, 10))
def test_the_two_parts_of_5_1_share_out_every_number_of_schools(schools):
    known = {"schools": str(schools)}
    assert holds(parse("schools>3"), known) is not holds(parse("schools<=3"), known)


@pytest.mark.parametrize("text", ["", "schools", "schools > many", "schools >", "a=b or", "=x"])
def test_what_cannot_be_read_is_refused(text):
    with pytest.raises(ValueError):
        parse(text)


def test_a_condition_is_said_in_words_and_names_its_traits():
    names = {
        "schools": {"name": {"vi": "số trường"}},
        "area": {"name": {"vi": "khu vực"}, "values": {"II": {"vi": "khu vực II"}}},
    }
    condition = parse("schools>3 and area=II|III or area!=II")
    assert (
        in_words(condition, names, "vi")
        == "số trường > 3 và khu vực: khu vực II/III hoặc khu vực không phải: khu vực II"
    )
    assert traits(condition) == ("schools", "area")
