"""``ntm report COMMUNE=hung-my`` and ``python -m ntm_lib …``: the commands that ``make`` calls."""

import signal
import sys

from ntm_lib.bootstrap import speak_utf8


def run(arguments: list[str]) -> int:
    """The exit status; a Ctrl-C is one line, whenever it strikes."""
    speak_utf8()
    shown = sys.unraisablehook
    # One that strikes inside a destructor goes no further; what it means is for the loop that waits (see pipeline.pool).
    sys.unraisablehook = lambda fault: None if fault.exc_type is KeyboardInterrupt else shown(fault)
    try:
        from ntm_lib.cli import main

        return main(arguments)
    except KeyboardInterrupt:
        print("Đã dừng theo yêu cầu.", file=sys.stderr)
        return 130
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # nothing is left to be stopped but the ending itself


def start() -> int:
    """The console script ``ntm``."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(start())
