"""A real JupyterHub on this machine: a proxy of its own, the simple spawner, and a password that all share.

`python tests/hub/_hub.py` starts one, and prints its address and password, until Ctrl-C or a SIGTERM.
"""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
PROXY = ROOT / "build" / "proxy" / "node_modules" / ".bin" / "configurable-http-proxy"  # `make test-hub` installs it
PASSWORD = "a-shared-password"
CONFIG = """
import os, sys
c.JupyterHub.bind_url = "http://127.0.0.1:{proxy}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.JupyterHub.cleanup_servers = False  # a hub that stops or restarts leaves them alone
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = "{password}"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/homes/{{username}}"
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser", "--allow-root"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
c.Spawner.environment = {{
    "PATH": os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]]), "COURSE_DATA": "digits",
    **{{name: "1" for name in (
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")}},
    "MALLOC_ARENA_MAX": "2", "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0",
}}
"""


def free_ports(n):
    """Return n ports of this machine that nothing listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(n)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Hub:
    """A hub in a folder; `with` starts it and stops all that it has started."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.ports = dict(zip(("proxy", "api", "hub"), free_ports(3), strict=True))
        self.address = f"http://127.0.0.1:{self.ports['proxy']}"
        (folder / "jupyterhub_config.py").write_text(CONFIG.format(**self.ports, folder=folder, password=PASSWORD))
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("COURSE_", "JUPYTER"))}
        self._env = kept | {"CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(16)}

    def __enter__(self):
        ports = {name: str(port) for name, port in self.ports.items()}
        default = f"http://127.0.0.1:{ports['hub']}"
        found = shutil.which("configurable-http-proxy") or str(PROXY)
        options = ["--ip", "127.0.0.1", "--api-ip", "127.0.0.1", "--default-target", default]
        self._proxy = self._start("proxy", found, "--port", ports["proxy"], "--api-port", ports["api"], *options)
        self.start_hub()
        return self

    def __exit__(self, *_):
        for server in self.servers().values():
            server.kill()
        self.kill_hub()
        self._proxy.kill()
        self._proxy.wait()

    def _start(self, name, *command):
        with (self.folder / f"{name}.log").open("a") as log:
            return subprocess.Popen(command, cwd=self.folder, env=self._env, stdout=log, stderr=log)

    def start_hub(self):
        """Start the hub, and return when it answers."""
        self._hub = self._start("hub", sys.executable, "-m", "jupyterhub", "-f", "jupyterhub_config.py")
        while True:
            assert self._hub.poll() is None, self.log()
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.address}/hub/health", timeout=5):
                return
            time.sleep(0.2)

    def kill_hub(self):
        """Kill the hub alone: the proxy and the students' servers go on."""
        self._hub.kill()
        self._hub.wait()

    def log(self):
        """Return what proxy and hub have written so far."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def servers(self):
        """Return {student: the process of the server}."""
        found = {}
        for process in psutil.process_iter(["cmdline", "environ"]):
            home = (process.info["environ"] or {}).get("HOME", "")
            if home.startswith(f"{self.folder}/homes/") and "jupyterhub.singleuser" in (process.info["cmdline"] or []):
                found[Path(home).name] = process
        return found

    def notebook(self, student, lesson="02_mnist_pca"):
        """Return the path at which a student's notebook is saved."""
        return self.folder / "homes" / student / f"rehearsal-{lesson}.ipynb"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with tempfile.TemporaryDirectory() as place, Hub(Path(place)) as one:
        print(one.address, PASSWORD, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            one._hub.wait()
