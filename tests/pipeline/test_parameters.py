"""Parameters: typed, checked together, told in one message."""

import pytest

from ntm_lib.errors import NtmError
from ntm_lib.parameters import Parameters, check, communes, default_rule_set, years_judged, years_with_rows
from tests.pipeline.helpers import write_commune, write_text


def refusal(**values: str) -> str:
    with pytest.raises(NtmError) as error:
        check(values)
    return str(error.value)


def test_only_a_commune_is_needed(checkout):
    assert check({"COMMUNE": "hung-my"}) == Parameters("hung-my", 2024, "ntm-2021-2025")


def test_the_latest_year_with_rules_is_the_default(checkout):
    write_commune(checkout, "xa-cu", years=(2010,))
    write_text(checkout / "data/raw/communes/xa-cu/plan.csv", "id,year\nP,2031\nP,2022\n")
    assert years_with_rows("xa-cu") == [2010, 2022, 2031]
    assert years_judged("xa-cu") == [2022]
    assert check({"COMMUNE": "xa-cu"}).year == 2022


def test_a_commune_is_a_folder_with_a_commune_file(checkout):
    (checkout / "data/raw/communes/trong").mkdir()
    assert communes() == ["hung-my"]


@pytest.mark.parametrize(
    "value", ["../../etc", "hung-my/../hung-my", "x; touch /tmp/y", "Hung-My", "hung my", "-hung", "."]
)
def test_a_commune_is_a_slug_never_a_path(checkout, value):
    assert "COMMUNE" in refusal(COMMUNE=value)


def test_an_unknown_commune_is_told_with_the_nearest(checkout):
    message = refusal(COMMUNE="hung-mi")
    assert "Đọc được: hung-mi" in message
    assert "Gần giống: hung-my" in message
    assert "Cần làm:" in message


def test_accents_do_not_hide_what_was_meant(checkout):
    assert "Gần giống: hung-my" in refusal(COMMUNE="Hùng Mỹ")


def test_an_ambiguous_name_is_refused_with_its_candidates(checkout):
    write_commune(checkout, "tan-lap-bac-kan")
    write_commune(checkout, "tan-lap-ha-giang")
    assert "tan-lap-bac-kan, tan-lap-ha-giang" in refusal(COMMUNE="tan-lap")


def test_a_long_list_is_cut(checkout):
    for number in range(20):
        write_commune(checkout, f"xa-{number:02}")
    assert "và 9 tên khác" in refusal(COMMUNE="")


@pytest.mark.parametrize("value", ["24", "2024.0", "năm", "2022", "-2024"])
def test_a_year_without_rows_is_refused_with_those_that_have(checkout, value):
    assert "Cho phép: 2021, 2023, 2024" in refusal(COMMUNE="hung-my", YEAR=value)


def test_a_commune_without_rows_is_told_where_to_enter_them(checkout):
    write_commune(checkout, "moi", years=())
    (checkout / "data/raw/communes/moi/plan.csv").unlink()
    assert "data/raw/communes/moi" in refusal(COMMUNE="moi")


def test_a_year_that_no_rule_set_covers_is_reported_by_the_nearest(checkout):
    write_commune(checkout, "xa-cu", years=(2010,))
    assert check({"COMMUNE": "xa-cu", "YEAR": "2010"}).run_name == "xa-cu/2010-ntm-2021-2025"
    assert check({"COMMUNE": "xa-cu", "YEAR": "2010", "RULES": "ntm-2021-2025"}).rule_set == "ntm-2021-2025"


def test_a_commune_with_none_but_such_years_is_reported_by_the_nearest_set(checkout):
    write_commune(checkout, "xa-cu", years=(2010,))
    (checkout / "data/raw/communes/xa-cu/plan.csv").unlink()
    parameters = check({"COMMUNE": "xa-cu"})
    assert (parameters.year, parameters.rule_set, parameters.run_name) == (
        2010,
        "ntm-2021-2025",
        "xa-cu/2010-ntm-2021-2025",
    )


def test_the_default_rule_set_is_a_basic_one(checkout):
    assert default_rule_set(2024) == "ntm-2021-2025"
    assert default_rule_set(2027) == "ntm-2026-2030"
    assert default_rule_set(2015) == ""


def test_regions_are_columns_of_the_rule_set(checkout):
    assert check({"COMMUNE": "hung-my", "REGION": "tdmnpb"}).region == "tdmnpb"
    assert "Cho phép: chung, tdmnpb" in refusal(COMMUNE="hung-my", REGION="tdmn")


def test_a_rule_set_without_columns_allows_no_region(checkout):
    write_text(checkout / "data/raw/rules/ntm-2021-2025/set.yml", '{"years": [2021, 2025]}')
    assert "REGION" in refusal(COMMUNE="hung-my", REGION="../../x")


def test_a_rule_set_that_cannot_be_read_is_told_with_its_file(checkout):
    write_text(checkout / "data/raw/rules/ntm-2021-2025/set.yml", "years: [2021, 2025")
    assert "data/raw/rules/ntm-2021-2025/set.yml" in refusal(COMMUNE="hung-my")


def test_every_problem_is_told_at_once(checkout):
    message = refusal(COMMUNE="x", YEAR="1", RULES="y", SCENARIO="/etc", SET="10", LANGUAGE="fr", STRICT="yes")
    for name in ("COMMUNE", "YEAR", "RULES", "SCENARIO", "SET", "LANGUAGE", "STRICT"):
        assert f"{name}: " in message


def test_messages_follow_the_language(checkout):
    assert "What to do:" in refusal(COMMUNE="x", LANGUAGE="en")


def test_what_was_read_cannot_disturb_the_terminal(checkout):
    message = refusal(COMMUNE="\x1b[2Jhung-my" + "x" * 500)
    assert "\x1b" not in message
    assert len(max(message.splitlines(), key=len)) < 120


@pytest.mark.parametrize(
    "value", ["10=47", "10.1=44,5 11=150/1413", "17.8a+=56", "17.8a=-3", "5.1b.muc=90%", "7=chưa-đạt", "7=met"]
)
def test_changes_of_a_single_run(checkout, value):
    assert sorted(check({"COMMUNE": "hung-my", "SET": value}).scenario.split()) == sorted(value.split())


@pytest.mark.parametrize(
    "value", ["10", "=47", "10=", "a=1", "10=$(touch /tmp/y)", "10=1;2", "10=../x", "10=1 10=2", "17.8a=1 17.8a+=2"]
)
def test_changes_that_cannot_be_meant(checkout, value):
    assert "SET: " in refusal(COMMUNE="hung-my", SET=value)


def test_the_order_of_changes_makes_no_other_run(checkout):
    one, other = (
        check({"COMMUNE": "hung-my", "SET": value}) for value in ("11=150/1413 9=2 10=47", "10=47 9=2 11=150/1413")
    )
    assert one == other
    assert one.scenario == "9=2 10=47 11=150/1413"


def test_a_scenario_is_a_file_of_the_commune(checkout):
    parameters = check({"COMMUNE": "hung-my", "SCENARIO": "them-ho", "SET": "10=47"})
    assert (parameters.scenario_name, parameters.changes) == ("them-ho", {"10": "47"})
    assert "Cho phép: them-ho" in refusal(COMMUNE="hung-my", SCENARIO="khac")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({}, "2024"),
        ({"YEAR": "2023"}, "2023"),
        ({"LANGUAGE": "en"}, "2024-en"),
        ({"LANGUAGE": "vi", "RULES": "ntm-2021-2025"}, "2024"),
        ({"RULES": "ntm-nang-cao-2021-2025"}, "2024-ntm-nang-cao-2021-2025"),
        ({"REGION": "chung", "STRICT": "1"}, "2024-vung-chung-chat-che"),
        ({"SCENARIO": "them-ho", "LANGUAGE": "en"}, "2024-en-kich-ban-them-ho"),
    ],
)
def test_each_variant_has_its_own_folder(checkout, values, name):
    assert check({"COMMUNE": "hung-my", **values}).run_name == f"hung-my/{name}"


def test_changes_that_look_alike_as_names_do_not_share_a_folder(checkout):
    names = {check({"COMMUNE": "hung-my", "SET": value}).run_name for value in ("10=4.7", "10=4/7", "10=4,7")}
    assert len(names) == 3
    assert all(name.startswith("hung-my/2024-kich-ban-10-4-7-") for name in names)


def test_an_ambiguous_name_says_that_the_code_takes_it(checkout):
    for slug, code in (("phuc-ninh-a", "02452"), ("phuc-ninh-b", "02453")):
        write_commune(checkout, slug)
        write_text(checkout / f"data/raw/communes/{slug}/commune.yml", f'code: "{code}"\nname: Phúc Ninh\n')
    for value in ("Phúc Ninh", "phuc-ninh"):
        assert "COMMUNE=02452 (phuc-ninh-a), COMMUNE=02453 (phuc-ninh-b)" in refusal(COMMUNE=value)
    assert check({"COMMUNE": "02452"}).commune == "phuc-ninh-a"


def test_a_year_of_which_only_another_table_has_rows_may_be_asked_for(checkout):
    """The workbook of a year holds the funds of the next: its report says what there is, and what is not."""
    folder = checkout / "data/raw/communes/hung-my"
    (folder / "funding.csv").write_text("year,source,amount\n2026,budget-province,80\n", "utf-8")
    heading = "id,year,criterion,indicator,part,item,village,value,kind,rule_set,document,section,quote,note\n"
    (folder / "results.csv").write_text(heading + "R1,2023,10,10.1,,,,43 triệu đồng/người/năm,measured,,,,,\n", "utf-8")
    (folder / "plan.csv").unlink()  # the checkout's own have too few columns to be read whole
    assert check({"COMMUNE": "hung-my", "YEAR": "2026"}).year == 2026
