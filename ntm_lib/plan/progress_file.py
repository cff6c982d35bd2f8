"""The commune's ``progress.csv``: what was done in which month, as villages and members report it.

One row for one thing: households of an indicator (``indicator``, ``part``), or a work (``work``), of
one village or, with an empty ``village``, of the whole commune. A row with neither says only that
its reporter has reported. A commune without the file has no figures yet.
"""

import datetime
import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from pathlib import Path

import pandas as pd

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.language import translator
from ntm_lib.rules.files import read_csv
from ntm_lib.tables import as_table, decimal_text, records
from ntm_lib.text.strict_numbers import read_figure

COLUMNS = (
    "id", "year", "month", "village", "indicator", "part", "work", "done", "measure", "reported_by", "reported_on", "document", "section",
    "quote", "note",
)  # fmt: skip

MEASURES = ("month", "to-date")
_FINISHED = ("xong", "hoàn thành", "đã hoàn thành")  # a work without a quantity is done or not


def progress_path(commune: str) -> Path:
    """Where the commune's progress.csv lies, if it has one."""
    return paths.communes_folder() / commune / "progress.csv"


def load_progress(
    commune: str,
    indicators: Collection[tuple[str, str]],
    works: Mapping[str, Fraction | None],
    villages: Mapping[str, str],
    language: str = "vi",
) -> pd.DataFrame:
    """The rows of ``progress.csv``, as the table ``progress``.

    ``indicators`` (indicator, part) are those that exist; ``works`` gives the quantity of each by its
    id, which is what “xong” stands for; ``villages`` the register's name by each of its spellings.
    Raises NtmError with every problem of the file, each with row and column.
    """
    path = progress_path(commune)
    t = translator(language)
    problems: list[str] = []
    rows = [{c: str(row[c]).strip() for c in (*COLUMNS, "row")} for row in records(read_csv(path, COLUMNS, language))]
    seen: set[str] = set()
    for row in rows:
        found = _problems(row, set(indicators), works, villages, language)
        if row["id"] and row["id"] in seen:  # the same row pasted twice would count twice
            found.append(("id", t("mã “{text}” được dùng hai lần.").format(text=row["id"])))
        seen.add(row["id"])
        place = t("{file}, dòng {row}, cột {column}: ")
        problems += [
            place.format(file=paths.shown(path), row=row["row"], column=column) + text for column, text in found
        ]
    if problems:
        raise NtmError("\n".join(problems))
    return as_table("progress", [_clean(row, works, villages) for row in rows])


def _clean(row: dict, works: Mapping[str, Fraction | None], villages: Mapping[str, str]) -> dict:
    done, measure = row["done"], row["measure"] or "month"
    village = villages.get(row["village"], "")
    if done.casefold() in _FINISHED:  # the whole of it, whatever was reported before
        return {
            **row,
            "village": village,
            "done": decimal_text(works[row["work"]] or Fraction(1)),
            "measure": "to-date",
        }
    return {**row, "village": village, "done": decimal_text(read_figure(done)), "measure": measure}


def _problems(
    cells: dict, indicators: set, works: Collection[str], villages: Mapping[str, str], language: str
) -> list[tuple[str, str]]:
    """(column, message) of everything that is wrong with a row."""
    t = translator(language)
    found = []
    if not re.fullmatch(r"20[0-9]{2}", cells["year"]):
        found.append(("year", t("“{text}” không phải một năm như 2024.").format(text=cells["year"])))
    if not re.fullmatch(r"0?[1-9]|1[0-2]", cells["month"]):
        found.append(("month", t("“{text}” không phải một tháng từ 1 đến 12.").format(text=cells["month"])))
    if cells["village"] and cells["village"] not in villages:
        known = ", ".join(dict.fromkeys(villages.values()))
        found.append(
            (
                "village",
                t("không có thôn “{village}”. Các thôn đã biết: {known}.").format(
                    village=cells["village"], known=known
                ),
            )
        )
    if cells["indicator"] and (cells["indicator"], cells["part"]) not in indicators:
        found.append(
            (
                "indicator",
                t("bộ tiêu chí không có chỉ tiêu “{target}”.").format(target=cells["indicator"] + cells["part"]),
            )
        )
    if cells["work"] and cells["work"] not in works:
        found.append(("work", t("không có công trình “{name}”.").format(name=cells["work"])))
    if cells["work"] and cells["indicator"]:
        found.append(("work", t("mỗi dòng chỉ ghi một chỉ tiêu hoặc một công trình.")))
    if cells["measure"] not in ("", *MEASURES):
        found.append(
            (
                "measure",
                t("“{text}” không đúng. Cho phép: {allowed}.").format(
                    text=cells["measure"], allowed=", ".join(MEASURES)
                ),
            )
        )
    if cells["reported_on"] and not _is_date(cells["reported_on"]):
        found.append(("reported_on", t("“{text}” không phải ngày dạng 2024-09-20.").format(text=cells["reported_on"])))
    return found + _problem_of_done(cells, language)


def _problem_of_done(cells: dict, language: str) -> list[tuple[str, str]]:
    t, text = translator(language), cells["done"]
    if not text:
        counted = cells["indicator"] or cells["work"]
        return [("done", t("chưa ghi số đã làm; nếu chưa làm được gì thì ghi 0."))] if counted else []
    if not (cells["indicator"] or cells["work"]):
        return [("done", t("có số nhưng không ghi chỉ tiêu hoặc công trình."))]
    if text.casefold() in _FINISHED:
        return [] if cells["work"] else [("done", t("“{text}” chỉ dùng cho công trình.").format(text=text))]
    value = read_figure(text)
    if value is None:
        return [("done", t("“{text}” không phải một số rõ ràng; viết 12, 0,35 hoặc 1276.").format(text=text))]
    return [("done", t("“{text}” nhỏ hơn 0.").format(text=text))] if value < 0 else []


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False
