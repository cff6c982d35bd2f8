"""What the form of a village holds before anybody fills it: its lines, what is known of each, what falls to the village."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import pandas as pd

from ntm_lib.intake.filled.village_layout import ADDITION, RESULT, TASK, WORK, FormFacts, FormRow, village_layout
from ntm_lib.language import number
from ntm_lib.places.village_sums import said_villages
from ntm_lib.plan.progress import done_to_date
from ntm_lib.plan.simulate import plan_rows
from ntm_lib.plan.villages import village_sheet
from ntm_lib.rules import RuleSet, indicator_name, resolve
from ntm_lib.tables import fraction, records

Cells = Mapping[str, Any]


@dataclass(frozen=True)
class FormBook:
    """What the forms of a commune's villages are made from: tables as the notebooks have them. ``month`` 0: of the whole year."""

    commune: dict[str, Any]
    year: int
    month: int
    rule_set: RuleSet
    observations: pd.DataFrame
    works: pd.DataFrame
    schedule: pd.DataFrame
    progress: pd.DataFrame
    villages: pd.DataFrame
    needs: pd.DataFrame

    @cached_property
    def thresholds(self) -> list[dict[str, Any]]:
        return records(resolve(self.rule_set, self.commune, self.year))

    @property
    def names(self) -> list[str]:
        """The villages of the register, and an empty name for each that the commune has beyond them."""
        known = list(self.villages["village"])
        return [*known, *[""] * max(said_villages(self.commune) - len(known), 0)]

    def facts(self, village: str) -> FormFacts:
        version = str(village_layout()["version"])
        return FormFacts(version, str(self.commune["slug"]), self.year, self.month, self.rule_set.id, village)

    def households(self, village: str) -> str:
        """Digits, where the register says them."""
        told = [row["households"] for row in records(self.villages) if row["village"] == village]
        return "".join(c for c in told[0] if c.isdigit()) if told else ""


def form_rows(book: FormBook, village: str) -> list[FormRow]:
    """The lines of the form of ``village``: of a month what is done, of a year what is reached."""
    return _month(book, village) if book.month else _year(book, village)


def _year(book: FormBook, village: str) -> list[FormRow]:
    units = village_layout()["units"]
    rows = []
    for rule in book.thresholds:
        if rule["kind"] != "share" or rule["join"] or rule["applies"] == "no" or rule["count_unit"] not in units:
            continue
        unit, key = rule["count_unit"], (rule["indicator"], rule["part"])
        year, last = _last(book.observations, village, *key, book.year)
        whole = "1" if unit == "thôn" else book.households(village) if unit == "hộ" else ""
        rows.append(
            FormRow(
                RESULT, "".join(key), _counted(indicator_name(book.rule_set, *key, "vi")), unit, *key,
                last=f"{year}: {_written(last)}" if last else "", plan=_need(book, village, *key),
                whole=whole or (_digits(last["denominator"]) if last and unit != "hộ" else ""),
            )
        )  # fmt: skip
    return rows


def _counted(name: str) -> str:
    """``Tỷ lệ hộ có nhà tiêu`` → ``Hộ có nhà tiêu``: the village counts, it reckons no share."""
    counted = re.sub(r"^tỷ lệ\s+", "", name, flags=re.IGNORECASE)
    return counted[:1].upper() + counted[1:]


def _month(book: FormBook, village: str) -> list[FormRow]:
    sheet = records(
        village_sheet(
            village,
            book.observations,
            book.works,
            book.schedule,
            book.progress,
            book.year,
            book.month,
            None,
            book.needs,
        )
    )
    done = done_to_date(book.progress, book.year, book.month)
    divided = {row["target"]: row for row in sheet if row["kind"] == "addition"}
    rows = [_addition(book, village, row, divided, done) for row in plan_rows(book.observations, book.year)]
    planned = {row.code for row in rows}
    rows += [
        FormRow(ADDITION, target, row["item"], row["unit"], *_parts(target), plan=_amount(row["planned"], row["unit"]))
        for target, row in divided.items()
        if target not in planned
    ]
    for row in sheet:
        if row["kind"] == "work":
            last = done.get(row["target"], {}).get(village)
            item = ", ".join(filter(None, (row["item"], row["place"])))
            plan = _amount(row["planned"], row["unit"])
            rows.append(FormRow(WORK, row["target"], item, row["unit"], last=_done(last), plan=plan))
    return rows + [
        FormRow(TASK, row["target"], row["item"], "", plan=row["when"]) for row in sheet if row["kind"] == "task"
    ]


def _addition(
    book: FormBook, village: str, row: Cells, divided: Mapping[str, Cells], done: Mapping[str, Mapping[str, Fraction]]
) -> FormRow:
    target = row["indicator"] + row["part"]
    mine = divided.get(target)
    amount = fraction(row["numerator"] or row["value"]) or Fraction(0)
    plan = _amount(mine["planned"], row["unit"]) if mine else f"{number(abs(amount), 'vi')} {row['unit']} (cả xã)"
    need = _need(book, village, row["indicator"], row["part"])
    last = _done(done.get(target, {}).get(village))
    return FormRow(
        ADDITION, target, row["item"], row["unit"], row["indicator"], row["part"], last, "; ".join(filter(None, (plan, need)))
    )  # fmt: skip


def _parts(target: str) -> tuple[str, str]:
    """``17.8a`` → number of the indicator, part."""
    indicator = target.rstrip("abcdefghijklmnopqrstuvwxyz")
    return indicator, target[len(indicator) :]


def _last(observations: pd.DataFrame, village: str, indicator: str, part: str, year: int) -> tuple[int, Cells | None]:
    """The last figure that the village is known to have said, and its year."""
    mine = (
        observations[(observations["village"] == village) & (observations["kind"] == "measured")] if village else None
    )
    rows = [] if mine is None else records(mine[(mine["indicator"] == indicator) & (mine["part"] == part)])
    told = [row for row in rows if row["numerator"] and int(row["year"]) <= year]
    last = max(told, key=lambda row: int(row["year"]), default=None)
    return (int(last["year"]), last) if last else (0, None)


def _need(book: FormBook, village: str, indicator: str, part: str) -> str:
    """``còn cần 5 hộ để xã đạt``: what falls to the village of what the commune misses."""
    for row in records(book.needs):
        if (row["village"], row["indicator"], row["part"]) == (village, indicator, part) and row["share"] != "0":
            word = "cần thêm" if row["direction"] == "more" else "cần giảm"
            return f"{word} {number(row['share'], 'vi')} {row['unit']} để xã đạt"
    return ""


def _written(row: Cells) -> str:
    return f"{number(row['numerator'], 'vi')}/{number(row['denominator'], 'vi')}"


def _amount(value: str, unit: str) -> str:
    return f"{number(value, 'vi')} {unit}".strip() if value else ""


def _done(value: Fraction | None) -> str:
    return "" if value is None else number(value, "vi")


def _digits(text: str) -> str:
    return text if text.isdigit() else ""


def kinds_of(rows: Sequence[FormRow]) -> list[str]:
    """The kinds of line that there are, in their order."""
    return list(dict.fromkeys(row.kind for row in rows))
