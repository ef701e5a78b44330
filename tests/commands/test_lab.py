"""`python -m course_utils lab` and `make lab` in a terminal: where JupyterLab opens, and that Ctrl-C is its own."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
LESSON = "workspace/01_toy_gaussians.ipynb"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")


class Lab:
    """JupyterLab in a terminal of its own: what it serves, what it prints, what is typed."""

    def __init__(self, command, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address, self.runtime = f"http://127.0.0.1:{port}", folder / "runtime"
        settings = {"ServerApp": {"port": port, "open_browser": False}, "IdentityProvider": {"token": "course"}}
        (folder / "jupyter_server_config.json").write_text(json.dumps(settings))  # a file reaches it through make, too
        env = os.environ | {"JUPYTER_CONFIG_DIR": str(folder), "JUPYTER_RUNTIME_DIR": str(self.runtime)}
        self.terminal, inside = os.openpty()
        # Only in a session that has this terminal does a Ctrl-C that is typed become a signal
        login = [sys.executable, "-c", "import os, sys; os.login_tty(0); os.execvp(sys.argv[1], sys.argv[1:])"]
        self.process = subprocess.Popen([*login, *command], cwd=ROOT, env=env, stdin=inside, stdout=inside)
        os.close(inside)
        self.printed, self.thread = "", threading.Thread(target=self._listen)
        self.thread.start()

    def _listen(self):
        with contextlib.suppress(OSError):  # so it ends when nobody has the terminal any more
            while text := os.read(self.terminal, 4096):
                self.printed += text.decode(errors="replace")

    def get(self, path, data=None):
        """Return the answer to a request, as soon as the server listens."""
        request = urllib.request.Request(self.address + path, data, {"Authorization": "token course"})
        while self.process.poll() is None:
            try:
                return urllib.request.urlopen(request, timeout=60)
            except urllib.error.HTTPError:
                raise
            except urllib.error.URLError:  # it does not listen yet
                time.sleep(0.1)
        raise AssertionError(self.printed)

    def start_kernel(self):
        """Start a kernel and return its process."""
        self.get("/api/kernels", b"{}").close()
        (kernel,) = (
            child
            for child in psutil.Process(self.process.pid).children(recursive=True)
            if "ipykernel_launcher" in child.cmdline()
        )
        return kernel

    def types(self, text):
        """Type something."""
        os.write(self.terminal, text.encode())

    def prints(self, text):
        """Wait until something is printed after all that was waited for before."""
        end = time.monotonic() + 60
        while text not in self.printed:
            assert time.monotonic() < end, self.printed
            time.sleep(0.02)
        self.printed = self.printed.partition(text)[2]

    def close(self):
        """End what is still there."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.thread.join()
        os.close(self.terminal)


COMMANDS = {
    "the command": [sys.executable, "-m", "course_utils", "lab"],
    "make": ["make", "--old-file=environment", "lab", f"PY={sys.executable}"],  # without the set-up before it
}


@pytest.fixture(params=COMMANDS)
def lab(request, tmp_path):
    """Return JupyterLab as the command starts it."""
    if not shutil.which(COMMANDS[request.param][0]):
        pytest.skip("no make here")
    lab = Lab(COMMANDS[request.param], tmp_path)
    yield lab
    lab.close()


def test_lab_opens_lesson_1_and_leaves_ctrl_c_to_jupyter(lab):
    """Also for root, as whom one works in a container. What was asked can be answered, and all ends in order."""
    with lab.get("/") as page:
        assert page.url.partition("?")[0] == f"{lab.address}/lab/tree/{LESSON}"
    with lab.get(f"/api/contents/{LESSON}?content=0") as lesson, lab.get("/api/contents/README.md?content=0") as readme:
        assert (lesson.status, readme.status) == (200, 200)
    with lab.get("/lab/api/settings/@jupyterlab/apputils-extension:notification") as settings:
        assert json.load(settings)["schema"]["properties"]["fetchNews"]["default"] == "false", "it would ask"
    kernel = lab.start_kernel()
    assert list(lab.runtime.glob("jpserver-*"))

    assert "Opening JupyterLab" in lab.printed
    assert "ServerApp]" not in lab.printed, "its log is for whoever asks for it"

    server = kernel.parent()
    n_threads = server.num_threads()  # one more asks, and then gives Ctrl-C back to its first handler
    lab.types("\x03")
    lab.prints("(y/[n])")
    lab.types("n\n")
    end = time.monotonic() + 60
    while server.num_threads() > n_threads:
        assert time.monotonic() < end, lab.printed
        time.sleep(0.02)
    with lab.get("/api/kernels") as kernels:
        assert len(json.load(kernels)) == 1
    assert kernel.is_running()

    lab.types("\x03")
    lab.prints("(y/[n])")
    lab.types("y\n")
    lab.process.wait(timeout=60)
    assert not kernel.is_running()
    assert not list(lab.runtime.glob("*server-*"))
