"""The library's judge beside another that shares nothing with it: on every commune at hand, and on figures made up.

Both are given the same figures and the same rule files; they must agree on every indicator.
"""

import random
import re
import shutil
from collections import Counter
from fractions import Fraction

import pytest

from ntm_lib import intake, judge, parameters, paths, rules, tables
from tests.second_judge import HOLDS, Case, Rules

SETS = {
    "ntm-2021-2025": (2021, 2025),
    "ntm-nang-cao-2021-2025": (2021, 2025),
    "ntm-kieu-mau-2021-2025": (2021, 2025),
    "ntm-2026-2030": (2026, 2030),
}
PAIRS = (
    ("ntm-2021-2025", "ntm-nang-cao-2021-2025"),
    ("ntm-nang-cao-2021-2025", "ntm-2021-2025"),
    ("ntm-nang-cao-2021-2025", "ntm-kieu-mau-2021-2025"),
    ("ntm-2021-2025", "ntm-2026-2030"),
)
REGIONS = ("tdmnpb", "dbsh", "btb", "dhntb", "tn", "dnb", "dbscl")
MADE = 96  # communes made up, with some eighty figures each
PROVINCES = ("tuyen-quang", "dong-nai", "vinh-long", "nam-dinh", "khac")


def commune(traits: dict, province: str) -> dict:
    known = [{"trait": name, "value": value, "from": None, "to": None} for name, value in traits.items()]
    return {"slug": "x", "name": "X", "code": "00001", "province_slug": province, "traits": known}


def made_traits(draw: random.Random) -> dict:
    known = {
        "region": draw.choice((*REGIONS, *REGIONS, None)), "area": draw.choice(("I", "II", "III", "none", None)), "atk": draw.choice(("yes", "no", None)),
        "coastal": draw.choice(("yes", "no", "no", None)), "poor_district": draw.choice(("yes", "left-2018-2020", "no", None)),
        "schools": draw.choice(("2", "3", "4", "5", None)), "craft_village": draw.choice(("yes", "no", None)), "urbanising": draw.choice(("yes", "no", None)),
        "group": draw.choice(("nhom1", "nhom2", "nhom3", None)), "cemetery": draw.choice(("yes", "no", None)), "tourist_spot": draw.choice(("yes", "no")),
        "industrial_zone": draw.choice(("yes", "no", None)),
    }  # fmt: skip
    return {name: value for name, value in known.items() if value is not None}


def made_facts(draw: random.Random, second: Rules, traits: dict, province: str, year: int) -> dict:
    """Figures round the thresholds: of the year and of the one before, of every kind, bound, sex and shape."""
    facts = {}
    for when in (year - 1, year):
        day = f"{when}-12-31"
        about = second.about(day)
        wholes = {(i, p.rpartition(".")[0]) for i, p in about if p}
        for key, row in about.items():
            shared = key[1] and about[key[0], ""]["join"] == "every-item"
            if key not in wholes and draw.random() < (0.97 if shared else 0.8 if when == year else 0.4):
                column = draw.choice(second.columns(traits, day))
                asked = second.asked((key[0], "" if shared else key[1]), column, day, province)[1]
                if shared and draw.random() < 0.7:
                    asked = str(draw.randint(80, 99))  # high enough for many to hold every item
                facts[when, *key] = [made_fact(draw, row, asked, sex) for sex in sexes(draw, row)]
    return facts


def sexes(draw: random.Random, row: dict) -> tuple[str, ...]:
    if row["both_sexes"] != "yes" or draw.random() < 0.2:
        return ("",)
    return draw.choice((("",), ("nam",), ("", "nữ"), ("nam", "nữ"), ("", "nam", "nữ")))


def made_fact(draw: random.Random, row: dict, asked: str, sex: str) -> dict:
    fact = {"kind": "amount", "bound": draw.choice(("", "", "", "", ">=", ">", "<=", "<")), "sex": sex, "counts": None}
    if row["kind"] == "status" or (draw.random() < 0.05 and not sex and row["both_sexes"] != "yes"):
        return fact | {"kind": "status", "value": draw.choice(("met", "met", "unmet")), "bound": ""}
    if row["kind"] == "rating":
        return fact | {"value": draw.choice(row["scale"].split("|"))}
    if row["kind"] == "none":
        return fact | {"value": Fraction(draw.choice((0, 0, 1, 3))), "bound": ""}
    if row["kind"] == "level":
        return fact | {"value": Fraction(draw.randint(1, 3)), "bound": draw.choice(("", ">="))}
    near = Fraction(asked) if asked and asked.replace(".", "").isdigit() else Fraction(draw.randint(5, 95))
    if row["kind"] != "share":
        return fact | {
            "value": max(Fraction(0), near + draw.choice((-10, -1, Fraction(-1, 10), 0, 0, Fraction(1, 10), 1, 10)))
        }
    if draw.random() < 0.5:
        whole = draw.choice((7, 12, 97, 878, 1413))
        part = min(whole, max(0, round(near * whole / 100) + draw.randint(-1, 1)))
        return fact | {"value": Fraction(100 * part, whole), "counts": (part, whole), "bound": ""}
    return fact | {
        "value": min(
            Fraction(100), max(Fraction(0), near + draw.choice((-5, Fraction(-1, 100), 0, 0, Fraction(1, 100), 5)))
        )
    }


def observed(facts: dict, second: Rules) -> list[dict]:
    """The same figures as observations."""
    rows = []
    for (year, indicator, part), found in facts.items():
        row = second.about(f"{year}-12-31")[indicator, part]
        for fact in found:
            cells = {"observation": f"R{len(rows)}", "table": "results", "year": year, "kind": "measured", "criterion": row["criterion"],
                     "indicator": indicator, "part": part, "item": fact["sex"], "operator": fact["bound"], "rule_set": second.name}  # fmt: skip
            if fact["kind"] == "status":
                cells |= {"kind": "declared", "value": fact["value"], "unit": "status"}
            elif row["kind"] == "rating":
                cells |= {"value": fact["value"], "unit": "rating"}
            else:
                unit = "%" if row["kind"] == "share" else "triệu đồng" if row["kind"] == "growth" else row["unit"]
                cells |= {"value": tables.decimal_text(fact["value"], 15), "unit": unit}
                if fact["counts"]:
                    cells |= dict(zip(("numerator", "denominator"), map(str, fact["counts"]), strict=True))
            rows.append(cells)
    return rows


def of_other_sets(draw: random.Random, facts: dict, second: Rules) -> list[dict]:
    """Verdicts that somebody gave to the same numbers under another set: they are none under this one."""
    bases = (second.name, second.base and second.base.name)  # what a set takes over from another is its own rule
    others = [name for name in (*SETS, "ntm-2016-2020", "ntm-nang-cao-2016-2020") if name not in bases]
    rows = []
    for number, (year, indicator, _part) in enumerate(draw.sample([*facts], len(facts) // 8)):
        place = {
            "table": "results",
            "year": year,
            "kind": "declared",
            "criterion": indicator.split(".")[0],
            "indicator": indicator,
        }
        said = {"value": draw.choice(("met", "unmet")), "unit": "status", "rule_set": draw.choice(others)}
        rows.append({"observation": f"S{number}"} | place | said)
    return rows


@pytest.fixture(params=["as they are", "sharper"])
def rule_files(request, tmp_path, monkeypatch):
    """The rule files; and a copy of them that asks for more than (>) and less than (<), as no decision known to us does."""
    if request.param == "sharper":
        shutil.copytree(paths.rules_folder(), tmp_path / "data/raw/rules")
        for file in (tmp_path / "data/raw/rules").rglob("*.csv"):
            file.write_text(re.sub(r",([<>])=,(?=[\d.]+,)", r",\1,", file.read_text("utf-8")), "utf-8", newline="")
        monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    return paths.rules_folder()


@pytest.mark.parametrize("name", SETS)
def test_on_figures_made_up_both_judge_alike(name, rule_files):
    """Every shape: bounds, sexes, joins with unknown parts, unknown traits, growth, two years running, four sets."""
    second = Rules(rule_files, name)
    found, figures = Counter(), 0
    for seed in range(MADE // len(SETS)):
        draw = random.Random(f"{name} {seed}")
        traits, province = made_traits(draw), draw.choice(PROVINCES)
        year = draw.randint(SETS[name][0] + 1, SETS[name][1])
        facts = made_facts(draw, second, traits, province, year)
        known = tables.as_table("observations", [*observed(facts, second), *of_other_sets(draw, facts, second)])
        figures += len(known)
        history = judge.judge_history(known, rules.load_set(name), commune(traits, province), year)
        case = Case(second, traits, province, facts)
        for row in tables.records(history.indicators):
            if row["year"] == year and not row["part"]:
                mine = "" if row["verdict"] == "no-data" else row["verdict"]
                assert mine == case.verdict(year, row["indicator"]), (
                    seed,
                    row["indicator"],
                    traits,
                    province,
                    row["reason"],
                    row["note"],
                )
                found[mine] += 1
    assert figures > 20 * MADE // len(SETS)
    assert min(found["met"], found["unmet"], found[""]) > 20


@pytest.mark.parametrize(("home", "name"), PAIRS)
def test_figures_of_one_set_judged_by_another_both_judge_alike(home, name):
    """Renumbered by the table of correspondences, read here anew; what was declared under the other set counts for nothing."""
    first, second = Rules(paths.rules_folder(), home), Rules(paths.rules_folder(), name)
    found = Counter()
    for seed in range(MADE // len(PAIRS) // 2):
        draw = random.Random(f"{home} {name} {seed}")
        traits, province = made_traits(draw), draw.choice(PROVINCES)
        year = draw.randint(SETS[name][0] + 1, SETS[name][1])
        facts = made_facts(draw, first, traits, province, year)
        facts = {key: facts[key] for key in one_of_each(facts, first, second)}
        history = judge.judge_history(
            tables.as_table("observations", observed(facts, first)),
            rules.load_set(name),
            commune(traits, province),
            year,
        )
        case = Case(second, traits, province, renumbered(facts, first, second))
        for row in tables.records(history.indicators):
            if row["year"] == year and not row["part"]:
                mine = "" if row["verdict"] == "no-data" else row["verdict"]
                theirs = case.verdict(year, row["indicator"])
                assert mine == theirs, (seed, row["indicator"], traits, province, row["reason"], row["note"])
                found[mine] += 1
    assert found["met"] + found["unmet"] and found[""] > 3  # of the set of 2026 four thresholds are known


def one_of_each(facts: dict, first: Rules, second: Rules) -> list[tuple]:
    """Keys of figures of which no two become the same indicator: two sources would be another matter."""
    kept: dict = {}
    for key in facts:
        place = second.place(first.name, key[1:])
        kept.setdefault((key[0], place) if place else key, key)
    return [key for key in facts if key in set(kept.values())]


def renumbered(facts: dict, first: Rules, second: Rules) -> dict:
    """The figures that count under the other set: measured, and in the unit of the indicator they become."""
    found = {}
    for (year, *key), values in facts.items():
        place, day = second.place(first.name, tuple(key)), f"{year}-12-31"
        asked, given = second.about(day).get(place), first.about(day)[tuple(key)]
        own = second.base and second.base.name == first.name and asked == given
        alike = asked and all(asked[c] == given[c] for c in ("kind", "unit", "scale"))
        grown = (
            asked and asked["kind"] == "growth" and given["unit"].startswith(asked["count_unit"])
        )  # income → its growth
        counted = [fact for fact in values if own or ((alike or grown) and fact["kind"] != "status")]
        if counted:
            found[year, *place] = counted
    return found


@pytest.mark.parametrize("slug", parameters.communes())
def test_on_every_commune_at_hand_both_judge_alike(slug):
    """Each verdict by a number: the column by the commune's traits, the threshold by the files, the fraction exactly."""
    about = rules.load_commune(slug)
    name = "ntm-2021-2025"
    year = max((y for y in parameters.years_judged(slug) if 2021 <= y <= 2025), default=2024)
    rule_set, second = rules.load_set(name), Rules(paths.rules_folder(), name)
    known = intake.clean(intake.read_commune(slug), "vi", rule_set.indicators).observations
    history = judge.judge_history(known, rule_set, about, year)
    traits = {
        e["trait"]: str(e["value"])
        for e in about["traits"]
        if e["value"] is not None and not e.get("from") and not e.get("to")
    }
    for row in tables.records(history.indicators):
        day, key = f"{max(row['year'], rule_set.meta['years'][0])}-12-31", (row["indicator"], row["part"])
        assert row["column"] in second.columns(traits, day)
        if (
            row["basis"] in ("measured", "planned")
            and row["verdict"] in ("met", "unmet")
            and row["value"][:1].isdigit()
        ):
            shared = row["part"] and second.about(day)[row["indicator"], ""]["join"] == "every-item"
            operator, threshold = second.asked(
                (key[0], "" if shared else key[1]), row["column"], day, about["province_slug"]
            )
            assert (row["operator"], row["threshold"]) == (operator, threshold)
            counts = row["numerator"] and row["denominator"]
            value = (
                Fraction(row["numerator"]) * 100 / Fraction(row["denominator"]) if counts else Fraction(row["value"])
            )
            met = HOLDS[operator](value, Fraction(threshold))
            above = row["bound"] in (">", ">=") and operator in (">", ">=")
            assert row["verdict"] == ("met" if met or (above and value == Fraction(threshold)) else "unmet"), row
            assert all((Fraction(m) >= 0) == met or not Fraction(m) for m in (row["margin"], row["margin_count"]) if m)
