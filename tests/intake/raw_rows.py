"""Rows of raw tables as tests write them."""

import csv
import io


def as_csv(rows: list[dict]) -> str:
    """Rows as CSV; the heading holds every key."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def result(id="R1", value="1.276/1.413 hộ đạt 90,3%", **more) -> dict:
    return {
        "id": id,
        "year": "2023",
        "criterion": "17",
        "indicator": "17.8",
        "part": "",
        "value": value,
        "kind": "measured",
        **more,
    }


def planned(id="K1", value="vận động thêm 56 hộ", kind="change", **more) -> dict:
    return {
        "id": id,
        "year": "2024",
        "criterion": "17",
        "indicator": "17.8",
        "value": value,
        "kind": kind,
        "base_year": "2023",
        "part_of": "",
        **more,
    }
