"""The weeks of a month, where villages and members report by the week."""

import pandas as pd

from ntm_lib.doc.blocks import Block, Column, table
from ntm_lib.language import date, translator
from ntm_lib.plan.progress import weekly
from ntm_lib.tables import records
from ntm_lib.wording.words import exact_phrase


def weeks_table(progress: pd.DataFrame, items: pd.DataFrame, year: int, month: int, language: str) -> list[Block]:
    """What was done by the end of each week, in the order of the plan; nothing where all reported in one week."""
    t, found = translator(language), records(weekly(progress, year, month))
    weeks = list(dict.fromkeys((row["week"], row["until"], row["heard"]) for row in found))
    if len(weeks) < 2:
        return []
    done = {(row["target"], row["week"]): row["done"] for row in found}
    columns = [
        Column(t("Việc của kế hoạch"), row_header=True, width="46%"),
        *(
            Column(t("Đến {day} ({n} nơi báo)").format(day=date(until, language), n=heard), align="right")
            for _, until, heard in weeks
        ),
    ]
    cells = [
        [
            row["item"],
            *(
                exact_phrase(done[row["target"], w], row["unit"], language) if (row["target"], w) in done else "–"
                for w, *_ in weeks
            ),
        ]
        for row in records(items)
        if any((row["target"], week) in done for week, *_ in weeks)
    ]
    caption = t("Từng tuần trong tháng {month} năm {year}, cộng từ đầu năm").format(month=month, year=year)
    return [table(columns, cells, caption=caption, anchor="weeks")] if cells else []
