"""Scenario files: what they may say, and how what cannot be meant is refused, with file and line."""

from fractions import Fraction

import pytest

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.plan.scenario_file import load_scenario, read_scenario, scenario_titles

RULE_SET = "ntm-2021-2025"
HEAD = """\
name: thu
title: Thử
author: Nguyễn Thị Nhì
date: "2024-03-01"
reason: Thử xem
base_year: 2023
"""


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Loads a scenario text as the file ``thu.yml`` of a copy of the data."""
    (tmp_path / "data").symlink_to(paths.root() / "data")
    folder = tmp_path / "communes" / "hung-my" / "scenarios"
    folder.mkdir(parents=True)
    monkeypatch.setattr(paths, "communes_folder", lambda: tmp_path / "communes")
    monkeypatch.setattr(paths, "root", lambda: tmp_path)

    def load_text(text, language="vi"):
        (folder / "thu.yml").write_text(text, encoding="utf-8")
        return load_scenario("hung-my", "thu", RULE_SET, language)

    return load_text


def refusal(load, text):
    with pytest.raises(NtmError) as caught:
        load(text)
    return caught.value.message


@pytest.mark.parametrize("name", ["ke-hoach-2024", "nua-ke-hoach", "nang-cao"])
def test_the_scenarios_of_hung_my_are_sound(name):
    scenario = load_scenario("hung-my", name, RULE_SET)
    assert scenario.name == name
    assert scenario.author == "nhóm xây dựng công cụ"
    assert scenario.reason and scenario.changes


def test_reads_every_kind_of_change(load):
    scenario = load(
        HEAD
        + """\
judge: {year: 2025, region: chung}
changes:
  - {indicator: "10", set: "49,5"}
  - {indicator: "10.1", grow: "7,5", reason: Giá dưa chuột tăng}
  - {indicator: "17.8", part: a, add: 56, cost: "560"}
  - {indicator: 17.8b, add: {Bàu: 10, Đình: 5}}
  - {indicator: "17.8", part: d, move: 5, from: Bàu, to: Đình}
  - fund: [HM045, HM062]
"""
    )
    ten, grow, latrines, bathrooms, move, fund = scenario.changes
    assert (ten.key, ten.assumption.value) == (("10.1", ""), Fraction("49.5"))
    assert (grow.op, grow.amount, grow.reason) == ("grow", Fraction("7.5"), "Giá dưa chuột tăng")
    assert (latrines.key, latrines.amount, latrines.cost) == (("17.8", "a"), 56, 560)
    assert (bathrooms.amount, bathrooms.villages) == (15, (("Bàu", 10), ("Đình", 5)))
    assert move.villages == (("Bàu", -5), ("Đình", 5)) and move.amount == 0
    assert fund.works == ("HM045", "HM062")
    assert (scenario.year, scenario.region, scenario.rule_set) == (2025, "chung", "")
    assert [c.line for c in scenario.changes] == [9, 10, 11, 12, 13, 14]


def test_reads_stated_uncertainties(load):
    text = (
        HEAD
        + "uncertainty: {reason: Kinh nghiệm, delivery: {low: 60, likely: 85, high: 100}, growth: {low: -2, likely: 3, high: 8}, seed: 7}"
    )
    stated = load(text).uncertainty
    assert (stated.delivery, stated.growth, stated.seed, stated.draws) == ((60, 85, 100), (-2, 3, 8), 7, 10_000)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("changs: []", 7, "không có mục “changs”. Có phải là “changes”?"),
        ("changes:\n  - {indicator: '17.13', add: 5}", 8, "không có chỉ tiêu “17.13”. Cho phép: 17.1"),
        ("changes:\n  - {indicator: '17.8', part: z, add: 5}", 8, "không có chỉ tiêu “17.8z”. Cho phép: 17.8, 17.8a"),
        ("changes:\n  - {indicator: '99', add: 5}", 8, "không có chỉ tiêu “99”. Cho phép: 1, 2, 3"),
        ("changes:\n  - {indicator: '17', add: 5}", 8, "không có chỉ tiêu “17”. Cho phép: 17.1"),
        ("changes:\n  - {indicator: '11.1', set: 1500/1413}", 8, "tỷ lệ 1500/1413 nằm ngoài khoảng 0–100%"),
        ("changes:\n  - {indicator: '11.1', set: 5/0}", 8, "mẫu số"),
        ("changes:\n  - {indicator: '11.1', add: 1.413}", 8, "add là “1.413”, không phải một số rõ ràng"),
        ("changes:\n  - {indicator: '11.1', add: nhiều}", 8, "add là “nhiều”"),
        ("changes:\n  - {indicator: '11.1', add: 5, set: '4'}", 8, "đúng một trong: set, add, grow, move, fund"),
        ("changes:\n  - {indicator: '11.1'}", 8, "đúng một trong"),
        ("changes:\n  - {add: 5}", 8, "thiếu mục “indicator”"),
        ("changes:\n  - {indicator: '17.8', part: a, move: 5, from: Bàu}", 8, "thiếu mục “to”"),
        ("changes:\n  - {indicator: '17.8', part: a, move: 5, from: Bàu, to: Bàu}", 8, "hai thôn khác nhau"),
        ("changes:\n  - {indicator: '17.8', part: a, move: 0, from: Bàu, to: Đình}", 8, "lớn hơn 0"),
        ("changes:\n  - {indicator: '17.8', part: a, add: 5, to: Đình}", 8, "mục “to” không dùng với “add”"),
        ("changes:\n  - {fund: HM045}", 8, "fund phải là danh sách mã"),
        ("changes:\n  - {indicator: '11.1', add: 5, cost: -1}", 8, "cost là -1, phải từ 0 trở lên"),
        ("changes: 5", 7, "changes phải là danh sách"),
        ("changes:\n  - 5", 8, "phải là các mục dạng tên: giá trị"),
        ("judge: {rule_set: ntm-2030}", 7, "rule_set là “ntm-2030”, không có. Cho phép: ntm-2021-2025"),
        ("judge: {region: xyz}", 7, "region là “xyz”, không có. Cho phép: chung, tdmnpb"),
        ("judge: {year: hai nghìn}", 7, "year là “hai nghìn”, phải là một năm"),
        ("judge: {year: 2030}", 7, "year là 2030, nhưng bộ tiêu chí ntm-2021-2025 dùng cho các năm 2021–2025"),
        ("uncertainty: {delivery: {low: 90, likely: 80, high: 100}}", 7, "low ≤ likely ≤ high"),
        ("limits: {wanted: ['20']}", 7, "wanted là “20”, không có. Cho phép: 1, 2"),
        ("limits: {households_each: 2,5}", 7, "không có mục “5”"),
        ("limits: {households_each: '2,5'}", 7, "households_each là 2,5, phải là số nguyên"),
        ("limits: {budgets: {dtts: -1}}", 7, "dtts là -1, phải từ 0 trở lên"),
        ("uncertainty: {reason: x, draws: 0}", 7, "draws phải từ 1"),
    ],
)
def test_refuses_with_file_and_line(load, text, line, words):
    message = refusal(load, HEAD + text)
    assert f"communes/hung-my/scenarios/thu.yml, dòng {line}: " in message
    assert words in message


@pytest.mark.parametrize(
    "text", ["changes:\n  - {indicator: '11.1', add: LONG}", "judge: {year: LONG}", "limits: {budgets: {dtts: LONG}}"]
)
def test_a_figure_of_thousands_of_digits_is_refused_in_a_short_message(load, text):
    message = refusal(load, f"{HEAD}{text}".replace("LONG", "9" * 4_400))
    assert "thu.yml, dòng " in message and len(message) < 900


@pytest.mark.parametrize("key", ["name", "title", "author", "date", "reason", "base_year"])
def test_every_scenario_says_who_when_and_why(load, key):
    text = "\n".join(line for line in HEAD.splitlines() if not line.startswith(key))
    assert f"dòng 1: thiếu mục “{key}”" in refusal(load, text)
    assert f"thiếu mục “{key}”" in refusal(load, text + f"\n{key}:\n")


def test_tells_every_problem_at_once_in_the_order_of_the_file(load):
    message = refusal(load, HEAD + "changes:\n  - {indicator: '99', add: 5}\n  - {indicator: '11.1', add: x}\nfoo: 1")
    assert [line.split(": ")[0].rsplit(" ", 1)[1] for line in message.splitlines()] == ["8", "9", "10"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("changes: [", 7, "không đọc được YAML"),
        ("changes: &a [1]\nx: *a", 8, "không dùng được ký hiệu *"),
        ("name: hai", 7, "“name” được ghi hai lần"),
        ("changes: " + "[" * 5000, 7, "quá nhiều lớp"),
        ("changes: {a: b: c}", 7, "không đọc được YAML"),
    ],
)
def test_refuses_what_is_no_plain_yaml(load, text, line, words):
    message = refusal(load, HEAD + text)
    assert words in message
    assert "thu.yml, dòng" in message


def test_a_name_must_be_that_of_the_file(load):
    assert "dòng 1: name là “khac” nhưng tệp tên là “thu”" in refusal(load, HEAD.replace("name: thu", "name: khac"))


def test_a_date_must_exist(load):
    assert "dòng 4: date là “2024-02-30”" in refusal(load, HEAD.replace("2024-03-01", "2024-02-30"))


def test_codes_and_words_are_not_guessed_at(load):
    scenario = load(HEAD.replace("Thử xem", "no") + "changes:\n  - {indicator: 17.10, set: 98}")
    assert scenario.reason == "no"
    assert scenario.changes[0].indicator == "17.10"


def test_a_missing_file_is_named():
    with pytest.raises(NtmError, match="Thiếu tệp data/raw/communes/hung-my/scenarios/khong-co.yml"):
        load_scenario("hung-my", "khong-co", RULE_SET)


def test_the_parameter_is_a_file_changes_or_both():
    assert read_scenario("hung-my", "", RULE_SET) is None
    typed = read_scenario("hung-my", "10=47 11=150/1413", RULE_SET)
    assert (typed.name, [a.indicator for a in typed.typed], typed.changes) == ("10=47 11=150/1413", ["10", "11"], ())
    both = read_scenario("hung-my", "ke-hoach-2024 10=47", RULE_SET)
    assert (both.name, len(both.typed)) == ("ke-hoach-2024", 1) and both.changes


def test_the_message_is_in_the_language_of_the_run(load):
    with pytest.raises(NtmError) as caught:
        load(HEAD + "changs: []", "en")
    assert "thu.yml, line 7: there is no entry “changs”. Did you mean “changes”?" in caught.value.message


def test_pages_carry_the_titles_of_the_scenarios_and_not_the_names_of_their_files():
    assert scenario_titles("hung-my", "nua-ke-hoach 10=47") == "Chỉ thực hiện được một nửa kế hoạch năm 2024, 10=47"
    both = scenario_titles("hung-my", "", "ke-hoach-2024,nua-ke-hoach")
    assert both == "Thực hiện đủ kế hoạch năm 2024; Chỉ thực hiện được một nửa kế hoạch năm 2024"
    assert (scenario_titles("hung-my", "khong-co"), scenario_titles("hung-my", "")) == ("khong-co", "")
