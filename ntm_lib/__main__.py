"""``python -m ntm_lib report COMMUNE=hung-my``: the commands that ``make`` calls."""

import sys

from ntm_lib.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
