"""The command line: ``NAME=value`` words as with make, one command, one plain message if it fails.

Kept light: help, a wrong parameter and "nothing has changed" load neither pandas nor nbformat.
Commands import what they need when they run.
"""

import errno
import os
import sys
import traceback
from collections.abc import Mapping

from ntm_lib.cli.catalogue import COMMANDS, VARIABLES, Command
from ntm_lib.errors import NtmError, disk_message
from ntm_lib.language import LANGUAGES, Translate, translator

DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)
INTERRUPTED = 130  # what a shell reports for Ctrl-C
LONGEST = 2000  # letters of a value


def main(arguments: list[str]) -> int:
    """Runs ``arguments`` (command, then ``NAME=value`` words) and returns the exit status."""
    name, *words = arguments or [os.environ.get("NTM_GOALS", "help")]
    values = given_values(words, os.environ)
    forget_make(os.environ)
    language = values.get("LANGUAGE", "")
    t = message_translator(language)
    try:
        command = known_command(name, t)
        refuse_unknown(command, values, t)
        refuse_endless(values, t)
        return command.load()(values, t)
    except NtmError as error:
        return failed(str(error), values, details=getattr(error, "details", ""))
    except KeyboardInterrupt:
        return failed(t("Đã dừng theo yêu cầu."), {}, INTERRUPTED)
    except BrokenPipeError:  # the reader of our output (head, less) has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # the disk's, or a fault of ours  # noqa: BLE001
        return failed(said_of(error, t), values)


def said_of(error: Exception, t: Translate) -> str:
    """One message for what no command has foreseen: a full disk is told as such, a fault of ours with the way to the details."""
    if isinstance(error, OSError) and (error.filename or error.errno in DISK):
        return disk_message(error.filename, error.strerror, t)
    text = t(
        "Lỗi của chương trình, không phải của số liệu: {kind}: {error}\nCần làm: chạy lại với DEBUG=1 và gửi kết quả cho người viết chương trình."
    )
    return text.format(kind=type(error).__name__, error=error)


def given_values(words: list[str], environment: Mapping[str, str]) -> dict[str, str]:
    """Name → text of each variable given, by word or by make.

    make passes values in the environment as NTM_<name>, so that no shell reads them, and their
    names in NTM_GIVEN: a LANGUAGE or REGION that merely stands in somebody's environment is not
    a parameter.
    """
    names = environment.get("NTM_GIVEN", "").split()
    values = {name: environment.get(f"NTM_{name}", "") for name in names}
    words = ["JSON=1" if word == "--json" else word for word in words]
    return values | {name: value for name, _, value in (word.partition("=") for word in words)}


def forget_make(environment: dict[str, str]) -> None:
    """Nothing that runs below may depend on how it was called, nor take over make's own flags."""
    passed = ("NTM_GIVEN", "NTM_GOALS", *(f"NTM_{name}" for name in VARIABLES))
    for name in (*passed, "MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
        environment.pop(name, None)


def message_translator(language: str) -> Translate:
    """English where it is asked for and can be had: on a bare machine help comes before any package is installed."""
    if language not in LANGUAGES or language == "vi":
        return translator("vi")
    try:
        t = translator(language)
        t("Đã dừng theo yêu cầu.")
    except ModuleNotFoundError:
        return translator("vi")
    return t


def known_command(name: str, t: Translate) -> Command:
    if name in COMMANDS:
        return COMMANDS[name]
    raise NtmError(
        t("Không có lệnh {name}.{near}\nCần làm: gõ make để xem các lệnh.").format(
            name=_readable(name), near=_meant(name, COMMANDS, t)
        )
    )


def refuse_unknown(command: Command, values: Mapping[str, str], t: Translate) -> None:
    """A variable with a typing error would otherwise leave its default in force, unseen."""
    problems = [
        t("Lệnh {command} không có biến {name}.{near}").format(
            command=command.name, name=_readable(name), near=_meant(name, command.variables, t)
        )
        for name in values
        if name not in command.variables
    ]
    if problems:
        allowed = " ".join(command.variables) or "–"
        problems.append(t("Các biến của lệnh này: {names}").format(names=allowed))
        raise NtmError("\n".join(problems))


def refuse_endless(values: Mapping[str, str], t: Translate) -> None:
    """No value that can be meant is so long; longer ones are more than a name of a file or a number may be."""
    for name, value in values.items():
        if len(value) > LONGEST:
            text = t("{name}: giá trị dài {length} ký tự, tối đa {limit}.\n    Cần làm: viết lại")
            raise NtmError(text.format(name=name, length=len(value), limit=LONGEST))


def failed(message: str, values: Mapping[str, str], status: int = 1, details: str = "") -> int:
    """Tells the error. ``details`` is the traceback of a worker; it is shown instead of our own."""
    if values.get("DEBUG") == "1":
        print(details or traceback.format_exc(), file=sys.stderr)
    print(message, file=sys.stderr)
    return status


def _meant(name: str, names: Mapping[str, object] | tuple[str, ...], t: Translate) -> str:
    from difflib import get_close_matches

    known = {known.casefold(): known for known in names}
    near = get_close_matches(name.casefold(), known, n=2)
    return t(" Có phải ý bạn là {names}?").format(names=", ".join(known[match] for match in near)) if near else ""


def _readable(name: str) -> str:
    from ntm_lib.errors import readable

    return readable(name)
