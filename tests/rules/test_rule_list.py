"""What ``make rules`` prints."""

import re

import pytest

from ntm_lib.errors import NtmError
from ntm_lib.report.rule_list import list_rules
from ntm_lib.rules import load_set, rule_sets


def _line(text, start):
    return next(line for line in text.splitlines() if line.startswith(start))


@pytest.mark.parametrize("name", rule_sets())
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_indicator_is_listed_with_its_confidence(name, language):
    rules = load_set(name)
    text = list_rules(name, "", rules.meta["years"][0], "", language)
    placed = rules.all_indicators[rules.all_indicators["criterion"] != ""]
    for indicator, part in zip(placed["indicator"], placed["part"], strict=True):
        assert re.search(rf"^{re.escape(f'{indicator} {part}'.strip())}  ", text, re.MULTILINE)


def test_a_threshold_is_listed_with_layer_period_confidence_document_and_source():
    line = _line(list_rules("ntm-2021-2025", "tdmnpb", 2022, "tuyen-quang", "vi"), "10.1 ")
    for words in (
        "≥ 39 triệu đồng/người/năm",
        "trung ương",
        "2022-01-01…2022-12-31",
        "một nguồn",
        "318/QĐ-TTg, Phụ lục I",
        "http://phapluatkhanhhoa.vn",
    ):
        assert words in line


def test_the_share_of_official_thresholds_stands_below(broken):
    text = list_rules("ntm-2021-2025", "tdmnpb", 2023, "", "vi")
    assert "Mức chính thức: 0/64 = 0,00" in text
    file = broken / "ntm-2021-2025" / "thresholds.csv"
    spoilt = re.sub(
        r"(?m)^(9\.2,,tdmnpb,.*),\"trí nhớ, chưa đối chiếu\",unverified",
        r"\1,https://vanban.chinhphu.vn,official",
        file.read_text(encoding="utf-8"),
    )
    file.write_text(spoilt, encoding="utf-8")
    assert "Mức chính thức: 1/64 = 1,56" in list_rules("ntm-2021-2025", "tdmnpb", 2023, "", "vi")


def test_indicators_of_unknown_place_are_counted():
    assert "28" in list_rules("ntm-2026-2030", "nhom1", 2026, "", "en").splitlines()[-1]


def test_shapes_are_in_words():
    text = list_rules("ntm-2026-2030", "nhom1", 2026, "", "vi")
    assert "một trong các nội dung dưới đây" in _line(text, "3.6 d2 ")
    assert "≥ mức độ 2" in _line(list_rules("ntm-2021-2025", "tdmnpb", 2023, "", "vi"), "14.1 b")
    assert "không có" in _line(list_rules("ntm-2021-2025", "tdmnpb", 2023, "", "vi"), "9.1 ")


def test_an_unknown_column_is_refused():
    with pytest.raises(NtmError, match="tdmnpb"):
        list_rules("ntm-2021-2025", "nhom1", 2023, "", "vi")
