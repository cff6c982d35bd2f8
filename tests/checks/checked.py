"""A commune whose rows are checked by the rules in use, for the tests of the checks."""

from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

from ntm_lib import rules
from ntm_lib.checks import check
from ntm_lib.intake import clean, read_commune
from ntm_lib.wording.problem_words import worded
from tests.intake.raw_rows import result

RULES = "ntm-2021-2025"
COMMUNE = {"code": "02314", "traits": [{"trait": "region", "value": "tdmnpb", "from": None, "to": None}]}
REAL_RULES = Path(__file__).resolve().parents[2] / "data" / "raw" / "rules"
# Each example is a whole commune: few of them, and the first that fails is shown as it is.
few = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)


def thresholds_of(year: int = 2024, language: str = "vi"):
    return rules.resolve(rules.load_set(RULES), COMMUNE, year, "tdmnpb", language)


def cleaned_of(folder, files: dict, language: str = "vi"):
    """The commune ``thu`` made of ``files`` alone, cleaned by the rules in use."""
    place = folder({})
    for old in place.glob("*.csv"):
        old.unlink()
    linked = folder(files).parents[1] / "rules"
    if not linked.exists():
        linked.symlink_to(REAL_RULES)
    return clean(read_commune("thu", language), language)


def checked(folder, files: dict, code: str = "", year: int = 2024, profile=None, language: str = "vi"):
    """Its findings (with that code) by the thresholds of ``year``."""
    cleaned = cleaned_of(folder, files, language)
    indicators = rules.load_set(RULES).all_indicators
    findings = check(
        cleaned,
        COMMUNE | {"profile": profile or {}},
        indicators,
        language,
        thresholds_of(year, language),
        year,
        meta=rules.load_set(RULES).meta,
    )
    findings = worded(findings, language)
    return findings if not code else findings[findings["code"] == code].reset_index(drop=True)


def in_results(*rows):
    return {"results.csv": list(rows)}


def of(code: str, value: str, id: str = "R1", **more) -> dict:
    """A measured row of 2024 of an indicator such as ``17.8a``."""
    number = code.rstrip("abcdefgh")
    place = {"criterion": number.partition(".")[0], "indicator": number, "part": code.removeprefix(number)}
    return result(id=id, value=value, **({"year": "2024"} | place | more))
