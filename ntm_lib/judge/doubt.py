"""Verdicts that hang on a trait of the commune that nobody has stated."""

from ntm_lib.judge.verdict import CONCLUSIVE
from ntm_lib.language import translator
from ntm_lib.tables import fraction

_UNKNOWN = ("no-threshold", "unverified")


def in_doubt(rows: list[dict], others: list[list[dict]], language: str) -> list[dict]:
    """Rows of ``indicators`` beside what each of the ``others``, columns that may be the right one, gives instead.

    A verdict that another column would turn carries the doubt ``trait``. Where no column is known and every
    possible one gives the same verdict, it is given, with the least favourable of their thresholds.
    """
    if not others:
        return rows
    instead = [{_key(row): row for row in found} for found in others]
    return [_weighed(row, [found[_key(row)] for found in instead if _key(row) in found], language) for row in rows]


def _weighed(row: dict, others: list[dict], language: str) -> dict:
    t = translator(language)
    if row["verdict"] in CONCLUSIVE:
        turned = [o for o in others if o["verdict"] in CONCLUSIVE and o["verdict"] != row["verdict"]]
        if not turned:
            return row
        note = t("Kết luận sẽ khác nếu xã thuộc cột khác (mức {asked}): chưa biết đặc điểm của xã để loại trừ.")
        asked = "; ".join(dict.fromkeys(f"{o['operator']} {o['threshold']}" for o in turned))
        return row | {
            "doubt": ";".join(filter(None, [row["doubt"], "trait"])),
            "note": " ".join(filter(None, [row["note"], note.format(asked=asked)])),
        }
    if row["column"] or row["reason"] not in _UNKNOWN or {o["verdict"] for o in others} not in ({"met"}, {"unmet"}):
        return row
    worst = min(others, key=lambda o: (fraction(o["margin"]) is None, fraction(o["margin"]) or 0))
    return worst | {
        "note": " ".join(filter(None, [worst["note"], t("Theo mọi cột mà xã có thể thuộc, kết luận như nhau.")]))
    }


def _key(row: dict) -> tuple[str, str]:
    return row["indicator"], row["part"]
