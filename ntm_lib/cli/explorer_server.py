"""Voilà for one user of this machine: a token in the address, no foreign name of the host, and few kernels.

Run as a program: ``python -m ntm_lib.cli.explorer_server notebook.ipynb``. Voilà alone would answer anybody who reaches the
port, under any name, which is how a web page reads and writes behind a browser's back, and start a kernel for every request.
"""

import html
import tempfile
import webbrowser
from pathlib import Path
from typing import Any

from tornado.web import HTTPError
from voila.app import Voila
from voila.voila_identity_provider import VoilaIdentityProvider

KERNELS = 4  # open pages at a time
IDLE_SECONDS = 900  # a kernel that no page is connected to ends after so long


class Explorer(Voila):  # type: ignore[misc]
    """The application with its doors shut."""

    def init_settings(self) -> dict[str, Any]:
        """As Voilà's, but Host must name this machine (``JupyterHandler.check_host``), and kernels are counted and culled."""
        self.auto_token, self.identity_provider_class = True, VoilaIdentityProvider
        settings: dict[str, Any] = super().init_settings()
        manager = self.kernel_manager
        manager.cull_idle_timeout, manager.cull_interval = IDLE_SECONDS, 60
        start = manager.start_kernel

        async def start_one_of_few(*arguments: Any, **named: Any) -> Any:
            if len(manager.list_kernel_ids()) >= KERNELS:
                raise HTTPError(503, "too many pages are open")
            return await start(*arguments, **named)

        manager.start_kernel = start_one_of_few
        return settings | {"allow_remote_access": False}

    def launch_browser(self) -> None:
        """Opens the address from a file that only this user may read: on a command line everybody could."""
        address = html.escape(self.display_url)
        folder = Path(tempfile.mkdtemp(prefix="ntm-explore-", dir=Path(self.notebook_path).parent))
        (folder / "open.html").write_text(f'<meta http-equiv="refresh" content="0; url={address}">', "utf-8")
        webbrowser.open((folder / "open.html").as_uri())


if __name__ == "__main__":
    Explorer.launch_instance()
