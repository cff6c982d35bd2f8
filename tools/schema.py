"""Writes docs/run.schema.json anew from the data dictionary: ``python -m tools.schema``."""

import json
from pathlib import Path

from ntm_lib.report.machine import schema

if __name__ == "__main__":
    text = json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"
    (Path(__file__).resolve().parents[1] / "docs" / "run.schema.json").write_text(text, "utf-8")
