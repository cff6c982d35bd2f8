"""Small rule sets and communes in memory, so that a test shows all it rests on."""

import pandas as pd

from ntm_lib import paths
from ntm_lib.rules.sets import INDICATOR_COLUMNS, LAW_COLUMNS, THRESHOLD_COLUMNS, RuleSet

COLUMN_RULES = [
    {
        "column_from": "region",
        "reason": {"vi": "vùng", "en": "region"},
        "from": "",
        "to": "",
        "article": "",
        "document": "318",
    }
]
LAYERS = [
    {"layer": "nation", "wins": "later"},
    {"layer": "ministry", "wins": "later"},
    {"layer": "province", "wins": "stricter"},
]


def threshold(**cells) -> dict:
    """A row of thresholds.csv: ≥ 70 % by the nation for indicator 1.1, valid 2021–2025."""
    row = dict.fromkeys(THRESHOLD_COLUMNS, "") | {
        "indicator": "1.1",
        "column": "tdmnpb",
        "operator": ">=",
        "threshold": "70",
        "unit": "%",
        "valid_from": "2021-01-01",
        "valid_to": "2025-12-31",
        "set_by": "nation",
        "document": "318/QĐ-TTg",
        "source": "x",
        "confidence": "one-source",
    }
    return row | cells


def indicator(**cells) -> dict:
    """A row of indicators.csv: the share 1.1."""
    row = dict.fromkeys(INDICATOR_COLUMNS, "") | {
        "criterion": "1",
        "indicator": "1.1",
        "kind": "share",
        "unit": "%",
        "name_vi": "Tỷ lệ",
        "name_en": "Share",
        "name_source": "x",
        "name_confidence": "one-source",
    }
    return row | cells


def rule_set(thresholds, indicators=None, **meta) -> RuleSet:
    """A set of these rows, with the real traits.yml."""
    base = {
        "years": [2021, 2025],
        "columns": [{"code": "tdmnpb", "name": {"vi": "miền núi", "en": "mountains"}}],
        "layers": LAYERS,
        "column_rules": COLUMN_RULES,
        "criteria": [{"id": "1", "name": {"vi": "Một", "en": "One"}, "key": False}],
    }
    return RuleSet(
        id="made-up",
        meta=base | meta,
        law=_frame([], LAW_COLUMNS),
        folder=paths.rules_folder() / "made-up",
        indicators=_frame(indicators or [indicator()], INDICATOR_COLUMNS),
        thresholds=_frame(thresholds, THRESHOLD_COLUMNS),
    )


def commune(**traits) -> dict:
    """A commune with these traits, valid at all times; no province unless ``province_slug`` is given."""
    slug = traits.pop("province_slug", "")
    return {
        "province_slug": slug,
        "traits": [{"trait": k, "value": v, "from": None, "to": None} for k, v in traits.items()],
    }


def _frame(rows, columns) -> pd.DataFrame:
    numbered = [row | {"row": number} for number, row in enumerate(rows, start=2)]
    return pd.DataFrame(numbered, columns=[*columns, "row"])
