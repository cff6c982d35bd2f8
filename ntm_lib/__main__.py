"""``ntm report COMMUNE=hung-my`` and ``python -m ntm_lib …``: the commands that ``make`` calls."""

import io
import signal
import sys


def speak_utf8() -> None:
    """What is printed is UTF-8 wherever it goes: on Windows a pipe or a file would take the code page, which lacks our letters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


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
