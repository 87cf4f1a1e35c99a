"""Kernels that have everything loaded when they begin: forks of one process, which loads while the build gets ready."""

import os
import signal
import sys
from multiprocessing import forkserver, get_context, parent_process, resource_tracker
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from analysis import cores

#: What kernels and the PDF need. Of the package only what the build loads too: an error in a chapter's module is the chapter's.
LOADED = ["analysis.kernels", "analysis.coding", "analysis.show", "analysis.pdf", "ipykernel.debugger", "ipykernel.ipkernel", "ipykernel.kernelapp", "matplotlib.figure"]  # fmt: skip
#: How processes of the build start: as programs, or as forks once these are being made ready.
METHOD = "spawn"


def load() -> None:
    """Make forks ready, beside whatever comes next. Elsewhere than on Linux, libraries of the system do not bear them."""
    global METHOD
    if sys.platform == "linux":
        METHOD = "forkserver"
        os.environ.setdefault(
            "PYDEVD_DISABLE_FILE_VALIDATION", "1"
        )  # the debugger's warning; nobody steps through a build
        get_context(METHOD).set_forkserver_preload(LOADED)
        resource_tracker.ensure_running()  # which would let Ctrl-C through again
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # it is the build's
        forkserver.ensure_running()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Manager(AsyncKernelManager):
    """Starts kernels of this Python as forks, any other as a program."""

    async def _async_launch_kernel(self, kernel_cmd: list[str], **kw: Any) -> None:
        if METHOD == "spawn" or kernel_cmd[:3] != [sys.executable, "-m", "ipykernel_launcher"]:
            await super()._async_launch_kernel(kernel_cmd, **kw)
            return
        local: Any = self.provisioner
        local.process = Kernel(kernel_cmd[3:], kw.get("cwd") or str(Path.cwd()), kw["env"])
        local.process.start()
        local.pid = local.pgid = local.process.pid
        self._reconcile_connection_info(local.connection_info)


class Kernel(ForkServerProcess):
    """A kernel, with what is asked of a ``Popen``. It ends with its parent, even where that is killed."""

    stdin = stdout = stderr = None

    def __init__(self, arguments: list[str], folder: str, environment: dict[str, str]) -> None:
        super().__init__()
        self._arguments, self._folder, self._environment = arguments, folder, environment

    def run(self) -> None:
        """Be a kernel in a session of its own, which Ctrl-C in the terminal does not reach."""
        from ipykernel.kernelapp import IPKernelApp

        os.setsid()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        if parent := parent_process():
            cores.end_with(parent.sentinel)
        os.chdir(self._folder)
        os.environ.update(self._environment)
        IPKernelApp.launch_instance(self._arguments)

    def poll(self) -> int | None:
        """Return how the process ended, or nothing while it runs."""
        return self.exitcode

    def wait(self) -> int | None:
        """Return how the process ended once it has."""
        self.join()
        return self.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal. Raises ``OSError`` where the process is gone."""
        assert self.pid is not None
        os.kill(self.pid, number)
