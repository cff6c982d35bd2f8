"""The Python environment that everything runs in: the active one if it satisfies the lock, else ``.venv``.

``make`` calls this with whatever Python ≥ 3.11 the machine has. Only the standard library may be
imported here, and nothing of the project: it runs before anything is installed. For the same
reason its few messages carry both languages themselves instead of going through the catalogue.
"""

import contextlib
import hashlib
import json
import os
import shutil
import site
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = "ntm-ready.json"
REFUSED = "ntm-refused.json"
BUILDING = "ntm-building"

MESSAGES = {
    "build": (
        "Đang chuẩn bị môi trường Python trong .venv (chỉ làm một lần, thường 1–3 phút, cần mạng)…",
        "Preparing the Python environment in .venv (only once, usually 1–3 minutes, needs the network)…",
    ),
    "wait": (
        "Một lần chạy khác đang chuẩn bị môi trường; đang chờ…",
        "Another run is preparing the environment; waiting…",
    ),
    "ready": ("Môi trường đã sẵn sàng.", "The environment is ready."),
    "register": (
        "Đang đăng ký dự án trong môi trường {prefix}…",
        "Registering the project in the environment {prefix}…",
    ),
    "venv": (
        "Không tạo được môi trường Python trong .venv: Python này ({python}) thiếu mô-đun venv hoặc ensurepip.\n"
        "Cần làm: cài gói python3-venv (Debian, Ubuntu) hoặc Python 3.11 trở lên từ python.org, rồi chạy lại lệnh.",
        "The Python environment in .venv cannot be made: this Python ({python}) lacks the modules venv or ensurepip.\n"
        "What to do: install the package python3-venv (Debian, Ubuntu), or Python ≥ 3.11 from python.org, then try again.",
    ),
    "python": (
        "Không chạy được Python của môi trường: {python} ({fault}).\nCần làm: xóa thư mục .venv, rồi chạy lại lệnh; môi trường sẽ được làm lại.",
        "The Python of the environment cannot be run: {python} ({fault}).\nWhat to do: remove the folder .venv, then try again; it is made anew.",
    ),
    "pip": (
        "Không cài được các gói của requirements.lock; thông báo của pip ở ngay trên.\n"
        "Cần làm: kiểm tra mạng và chỗ trống trên đĩa, rồi chạy lại lệnh; lần sau sẽ làm lại từ đầu.",
        "The packages of requirements.lock could not be installed; what pip said stands above.\n"
        "What to do: check the network and the free space, then try again; the next run starts afresh.",
    ),
    "folder": (
        "Không ghi được vào thư mục dự án: {fault}.\n"
        "Cần làm: kiểm tra quyền ghi và chỗ trống trên đĩa, rồi chạy lại lệnh.",
        "The project folder cannot be written: {fault}.\n"
        "What to do: check the permissions and the free space, then try again.",
    ),
}


class SetupError(Exception):
    """The environment could not be made; the message is worded for the user."""


def text(name: str, **values: str) -> str:
    vietnamese, english = MESSAGES[name]
    return (english if os.environ.get("NTM_LANGUAGE") == "en" else vietnamese).format(**values)


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def python_in(prefix: Path) -> Path:
    """The interpreter of a virtualenv or conda environment."""
    if os.name != "nt":
        return prefix / "bin" / "python"
    virtualenv = prefix / "Scripts" / "python.exe"
    return virtualenv if virtualenv.exists() else prefix / "python.exe"


def active_prefix() -> Path | None:
    """The virtualenv or conda environment that the user has activated, unless it is ``.venv`` itself."""
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        prefix = os.environ.get(name)
        if prefix and python_in(Path(prefix)).exists():
            return None if Path(prefix).resolve() == VENV.resolve() else Path(prefix)
    return None


def wanted() -> str:
    """Digest of what an environment must hold: the locked packages, our entry points, this checkout."""
    parts = (LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def packages_state(prefix: Path) -> int:
    """Time of the last change in the environment's package folder: installing or removing alters it."""
    folders = [*prefix.glob("lib/python3*/site-packages"), prefix / "Lib" / "site-packages"]
    return max((folder.stat().st_mtime_ns for folder in folders if folder.is_dir()), default=0)


def state(prefix: Path) -> dict:
    """What a stamp holds; when it differs, the environment is looked at again."""
    return {"prefix": str(prefix), "wanted": wanted(), "packages": packages_state(prefix)}


def is_stamped(prefix: Path) -> bool:
    """Whether the environment was found complete, and nothing has changed since."""
    return _read(prefix / STAMP) == state(prefix)


def is_refused(prefix: Path) -> bool:
    """Whether an active environment was found not to satisfy the lock; looking again would cost each run half a second."""
    return _read(VENV / REFUSED) == state(prefix)


def _read(path: Path) -> dict:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _remember(path: Path, prefix: Path) -> None:
    """Where it may not be written, as in a shared environment, the next run looks again."""
    with contextlib.suppress(OSError):
        path.write_text(json.dumps(state(prefix)), "utf-8")


def lacks(prefix: Path) -> set[str]:
    """What an environment lacks: ``packages`` of the lock, and ``project``, our entry points."""
    if (prefix / BUILDING).exists() or not python_in(prefix).exists():
        return {"packages", "project"}
    command = [python_in(prefix), "-c", "from ntm_lib.installed import main; main()"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return set(found.stdout.split()) if found.returncode == 0 else {"packages", "project"}


def pip(prefix: Path, *arguments: str) -> None:
    command = [python_in(prefix), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--quiet"]
    if started([*command, "--progress-bar=on", *arguments]):
        raise SetupError(text("pip"))


def started(command: list[Any], quiet: bool = False) -> int:
    """The exit status of a program. It inherits the lock: as long as it writes, nobody else builds, though we be killed."""
    return subprocess.run(command, cwd=ROOT, check=False, close_fds=False, capture_output=quiet).returncode


def register(prefix: Path) -> None:
    """Makes the papermill engine, the nbconvert exporters and the command ``ntm`` known there (see ``installed.register``)."""
    if started([python_in(prefix), "-c", "from ntm_lib.installed import register; register()"]):
        raise SetupError(text("folder", fault=str(prefix)))


def build() -> None:
    """``.venv`` from the lock, afresh: what an older lock held is gone. The mark tells a build that was killed."""
    say(text("build"))
    if started([sys.executable, "-m", "venv", "--clear", VENV], quiet=True):
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError(text("venv", python=sys.executable))
    (VENV / BUILDING).touch()
    pip(VENV, "--require-hashes", "--no-deps", "--requirement", LOCK.name)
    register(VENV)
    (VENV / BUILDING).unlink()
    say(text("ready"))


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Waits until no other process builds. The lock dies with its owner and with the programs that that has started."""
    with path.open("a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            while True:  # it gives up after ten seconds; the environment takes minutes
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:
                    say(text("wait"))
        else:
            import fcntl

            os.set_inheritable(file.fileno(), True)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say(text("wait"))
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def ready_prefix() -> Path:
    """The environment to run in, built or completed if need be."""
    active = active_prefix()
    if active and is_refused(active):
        active = None
    if is_stamped(active or VENV):
        return active or VENV
    with alone(ROOT / ".venv.lock"):
        if active and complete(active):
            return active
        if not is_stamped(VENV):  # another process may have built it meanwhile
            complete_our_own()
        if active:
            _remember(VENV / REFUSED, active)
    return VENV


def complete(active: Path) -> bool:
    """Whether the active environment satisfies the lock; registers the project in it where that is all it lacks."""
    missing = set() if is_stamped(active) else lacks(active)
    if "packages" in missing:
        return False
    if missing:
        say(text("register", prefix=str(active)))
        try:
            register(active)
        except SetupError:  # somebody else's environment, which we may not write to
            return False
    _remember(active / STAMP, active)
    return True


def complete_our_own() -> None:
    missing = lacks(VENV)
    if "packages" in missing:
        build()
    elif missing:
        register(VENV)
    _remember(VENV / STAMP, VENV)


def run(prefix: Path, arguments: list[str]) -> int:
    """Runs the command line of the project in ``prefix``: here if this is its Python, else in place of this process."""
    if Path(sys.prefix).resolve() == prefix.resolve() and not site.ENABLE_USER_SITE:
        from ntm_lib.__main__ import run as project

        return project(arguments)
    command = [str(python_in(prefix)), "-m", "ntm_lib", *arguments]
    if os.name == "nt":
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    sys.stdout.flush()
    os.chdir(ROOT)
    try:
        return os.execv(command[0], command)
    except OSError as error:
        say(text("python", python=command[0], fault=error.strerror))
        return 1


def main(arguments: list[str]) -> int:
    from ntm_lib.__main__ import speak_utf8

    speak_utf8()
    if arguments == ["help"]:  # must work on a bare machine, at once
        from ntm_lib.cli import main as project

        return project(arguments)
    # A user's own packages (~/.local) would shadow the locked ones.
    os.environ["PYTHONNOUSERSITE"] = "1"
    os.environ["PYTHONUTF8"] = "1"  # the folder's name may hold letters that the locale's own code has not
    # Compiled once and kept: else every start, and every report that loads a module late, compiles the project again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    try:
        prefix = ready_prefix()
    except SetupError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(text("folder", fault=f"{error.strerror}: {error.filename}"))
        return 1
    except KeyboardInterrupt:
        return 130
    return run(prefix, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
