"""``ntm report COMMUNE=hung-my`` and ``python -m ntm_lib …``: the commands that ``make`` calls."""

import sys

from ntm_lib.cli import main


def start() -> int:
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(start())
