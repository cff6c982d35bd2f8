"""A scenario and the same change made in the raw data give the same verdicts, for every change that raw data can say.

Each example draws a change, or none, for each of sixteen indicators, writes them once as a scenario
file and once into plan.csv, and judges both from the files on.
"""

import csv
import shutil
from fractions import Fraction
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ntm_lib import intake, paths, rules
from ntm_lib import judge as status
from ntm_lib.language import number
from ntm_lib.plan.scenario import apply_scenario, judged_by
from ntm_lib.plan.scenario_file import load_scenario
from ntm_lib.tables import decimal_text
from tests.judge.status_rows import judge_criteria, judge_indicators

BASIC, ADVANCED = "ntm-2021-2025", "ntm-nang-cao-2021-2025"
INDICATORS = ["indicator", "part", "verdict", "basis", "value", "numerator", "denominator", "margin", "margin_count"]
CRITERIA = ["criterion", "verdict", "basis"]
INCOME = 43  # triệu đồng năm 2023, thêm vào số liệu để có gốc mà tăng

# Indicator and part: id of its row in plan.csv (empty: none yet), now, whole; in households, of 2023.
SHARES = {
    ("9", "9.2", ""): ("", 1000, 1413),
    ("11", "11.1", ""): ("HM092", 172, 1413),
    ("17", "17.8", "a"): ("HM116", 1276, 1413),
    ("17", "17.8", "b"): ("HM117", 1198, 1413),
    ("17", "17.8", "d"): ("HM118", 1137, 1413),
    ("17", "17.9", ""): ("HM119", 767, 878),
}
RATES = {("3", "3.1", ""): "", ("14", "14.2", ""): "HM106", ("12", "12.1", ""): "", ("17", "17.8", "c"): ""}
LEVELS = {("14", "14.1", "b"): "HM103", ("14", "14.1", "c"): "HM104", ("14", "14.1", "d"): "HM105"}
STATUSES = {("14", "14.1", "a"): "HM102", ("1", "1.1", ""): "", ("7", "7.1", ""): ""}
RATING = ("18", "18.2", "")
WORDS = ("không hoàn thành nhiệm vụ", "hoàn thành nhiệm vụ", "hoàn thành tốt nhiệm vụ", "hoàn thành xuất sắc nhiệm vụ")
WORKS = {"HM071": 14, "HM072": 6}  # households that build, of 9.2; the second is part of the first
IN_ADVANCED = {("10.1", ""): ("10.1", ""), ("11.1", ""): ("11.1", ""), ("17.9", ""): ("17.8", "")} | {
    ("17.8", p): ("18.7", p) for p in "abd"
}


def put(key, row, text, raw):
    return key, row, f'set: "{text}"', {"value": raw, "kind": "target", "base_year": ""}


def add(key, row, amount, operation):
    raw = f"vận động thêm {amount} hộ" if amount >= 0 else f"giảm {-amount} hộ"
    return key, row, operation, {"value": raw, "kind": "change", "base_year": "2023"}


@st.composite
def of_share(draw, key):
    row, now, whole = SHARES[key]
    kind = draw(st.sampled_from(["set", "percent", "add", *(["fund"] if key[1] == "9.2" else [])]))
    if kind == "fund":
        work = draw(st.sampled_from(sorted(WORKS)))
        return add(key, row, WORKS[work], f"fund: [{work}]")
    if kind == "add":
        amount = draw(st.integers(-now, whole - now))
        return add(key, row, amount, f"add: {amount}")
    if kind == "set":
        n = draw(st.integers(0, whole))
        return put(key, row, f"{n}/{whole}", f"{n}/{whole} hộ")
    return of_rate(key, row, draw(st.integers(0, 1000)))


def of_rate(key, row, tenths):
    text = number(Fraction(tenths, 10), "vi")
    return put(key, row, text, f"{text}%")


def of_income(tenths, grows):
    key, row = ("10", "10.1", ""), "HM088"
    if not grows:
        text = number(Fraction(tenths, 10), "vi")
        return put(key, row, text, f"{text} triệu đồng/người/năm")
    level = INCOME * (1 + Fraction(tenths, 1000))
    raw = f"{decimal_text(level).replace('.', ',')} triệu đồng/người/năm"
    return key, row, f'grow: "{number(Fraction(tenths, 10), "vi")}"', {"value": raw, "kind": "target", "base_year": ""}


def maybe(strategy):
    return st.one_of(st.none(), strategy)


CHANGES = st.tuples(
    *(maybe(of_share(key)) for key in SHARES),
    *(maybe(st.integers(0, 1000).map(lambda n, k=key, r=row: of_rate(k, r, n))) for key, row in RATES.items()),
    *(maybe(st.integers(0, 3).map(lambda n, k=key, r=row: put(k, r, n, f"mức độ {n}"))) for key, row in LEVELS.items()),
    *(
        maybe(st.sampled_from(["đạt", "chưa đạt"]).map(lambda w, k=key, r=row: put(k, r, w, w)))
        for key, row in STATUSES.items()
    ),
    maybe(st.sampled_from(WORDS).map(lambda w: put(RATING, "HM123", w, w))),
    maybe(st.builds(of_income, st.integers(300, 700), st.booleans())),
).map(lambda drawn: [change for change in drawn if change])


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    """Folder and tables of Hùng Mỹ with two more results of 2023, a base for growth and for houses; this process works on it."""
    raw, root = paths.raw(), tmp_path_factory.mktemp("checkout")
    shutil.copytree(raw / "rules", root / "data/raw/rules")
    shutil.copytree(raw / "communes/hung-my", root / "data/raw/communes/hung-my")
    folder = root / "data/raw/communes/hung-my"
    base = {"year": "2023", "kind": "measured", "document": "05/KH-BCĐ"}
    rewrite(folder / "results.csv", {}, [
        base | {"id": "X1", "criterion": "10", "indicator": "10.1", "value": f"{INCOME} triệu đồng/người/năm"},
        base | {"id": "X2", "criterion": "9", "indicator": "9.2", "value": "1.000/1.413 hộ"},
    ])  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NTM_ROOT", str(root))
        yield SimpleNamespace(folder=folder, real=cleaned())


def rewrite(path, edited, more):
    """The CSV file with some cells of some rows (by id) changed, and rows more."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = reader.fieldnames, [row | edited.get(row["id"], {}) for row in reader]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, *more])


def in_raw(folder, changes, moved):
    """Observations and works of the commune with the changes in its plan.csv; the file is put back."""
    plan = folder / "plan.csv"
    before = plan.read_bytes()
    facts = {"year": "2024", "document": "05/KH-BCĐ", "kind": "change", "base_year": "2023"}
    new = [
        facts | dict(zip(("criterion", "indicator", "part"), key, strict=True), id=f"N{i}", **cells)
        for i, (key, row, _, cells) in enumerate(changes)
        if not row
    ]
    latrines = facts | {"criterion": "17", "indicator": "17.8", "part": "a"}
    new += (
        [latrines | {"id": f"V{v}", "village": v, "value": f"vận động thêm {moved} hộ"} for v in ("Bàu", "Đình")]
        if moved
        else []
    )
    try:
        rewrite(plan, {row: cells for _, row, _, cells in changes if row}, new)
        return cleaned()
    finally:
        plan.write_bytes(before)


def cleaned():
    return intake.clean(intake.read_commune("hung-my"), "vi", rules.load_set(BASIC).all_indicators)


def written(folder, changes, moved, judge):
    """The changes as a scenario file, read again."""
    lines = [
        "name: thu",
        "title: Thử",
        "author: Nguyễn Thị Nhì",
        'date: "2024-03-01"',
        "reason: Thử",
        "base_year: 2023",
    ]
    lines += ["judge: {" + ", ".join(f"{k}: {v}" for k, v in judge.items()) + "}"] if judge else []
    lines += ["changes:" if changes or moved else "changes: []"]
    for (_, indicator, part), _, operation, _ in changes:
        if judge.get("rule_set") == ADVANCED:
            indicator, part = IN_ADVANCED[indicator, part]
        target = (
            "" if operation.startswith("fund") else f'indicator: "{indicator}", ' + (f"part: {part}, " if part else "")
        )
        lines.append("  - {" + target + operation + "}")
    lines += [f'  - {{indicator: "17.8", part: a, move: {moved}, from: Bàu, to: Đình}}'] if moved else []
    (folder / "scenarios/thu.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_scenario("hung-my", "thu", BASIC)


def judged(observations, works, scenario, rule_set, region):
    """Tables of 2024 under a scenario, or of the data as they are."""
    rule_set, region, year = judged_by(scenario, rule_set, region, 2024)
    loaded = rules.load_set(rule_set)
    thresholds = rules.resolve(loaded, rules.load_commune("hung-my"), year, region or None)
    assumed = apply_scenario(observations, works, scenario, year, rule_set, thresholds)
    known = status.project(status.in_numbers_of(assumed, rule_set), year)
    indicators = judge_indicators(known, thresholds, year)
    return indicators, judge_criteria(indicators, known, year, rule_set, [c["id"] for c in loaded.meta["criteria"]])


def same(commune, changes, moved, judge):
    scenario = written(commune.folder, changes, moved, judge)
    edited = in_raw(commune.folder, changes, moved)
    assumed = judged(commune.real.observations, commune.real.works, scenario, BASIC, "")
    in_data = judged(edited.observations, edited.works, None, judge.get("rule_set", BASIC), judge.get("region", ""))
    for one, other, columns in zip(assumed, in_data, (INDICATORS, CRITERIA), strict=True):
        pd.testing.assert_frame_equal(one[columns], other[columns])
    return assumed


THOROUGH = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@THOROUGH
@given(CHANGES, st.sampled_from([0, 0, 5]), st.sampled_from(["", "tdmnpb", "dbsh", "dnb"]))
def test_by_the_basic_set_in_any_region(commune, changes, moved, region):
    same(
        commune,
        changes,
        moved if all(key[1:] != ("17.8", "a") for key, *_ in changes) else 0,
        {"region": region} if region else {},
    )


@settings(THOROUGH, max_examples=5)
@given(CHANGES.map(lambda changes: [c for c in changes if c[0][1:] in IN_ADVANCED]))
def test_by_the_advanced_set(commune, changes):
    same(commune, changes, 0, {"rule_set": ADVANCED})


@settings(THOROUGH, max_examples=4)
@given(st.integers(0, 1413), st.integers(0, 1413))
def test_results_of_the_base_year_itself(commune, latrines, poor):
    """The verdicts are the same; the basis is not: a result is measured, an assumption is planned."""
    changes = [
        put(("17", "17.8", "a"), "HM112", f"{latrines}/1413", ""),
        put(("11", "11.1", ""), "HM089", f"{poor}/1413", ""),
    ]
    scenario = written(commune.folder, changes, 0, {"year": 2023})
    results = commune.folder / "results.csv"
    assumed, _ = judged(commune.real.observations, commune.real.works, scenario, BASIC, "")
    before = results.read_bytes()
    try:
        rewrite(results, {"HM112": {"value": f"{latrines}/1.413 hộ"}, "HM089": {"value": f"{poor}/1.413 hộ"}}, [])
        observations = cleaned().observations
    finally:
        results.write_bytes(before)
    thresholds = rules.resolve(rules.load_set(BASIC), rules.load_commune("hung-my"), 2023)
    in_data = judge_indicators(status.project(observations, 2023), thresholds, 2023)
    columns = [c for c in INDICATORS if c != "basis"]
    pd.testing.assert_frame_equal(assumed[columns], in_data[columns])


def test_the_examples_turn_verdicts(commune):
    """What is compared is not the same no-data twice."""
    poor = put(("11", "11.1", ""), "HM092", "200/1413", "200/1413 hộ")
    houses = add(("9", "9.2", ""), "", -20, "add: -20")
    income = of_income(60, grows=True)
    indicators, _ = same(commune, [poor, houses, income], 5, {})
    verdicts = indicators.set_index(["indicator", "part"])["verdict"]
    assert [verdicts[key] for key in (("11.1", ""), ("9.2", ""), ("10.1", ""))] == ["unmet", "unmet", "met"]
