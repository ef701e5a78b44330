"""A student as a hub sees one: logs in, starts a server, opens a kernel, runs a lesson's cells and saves them."""

import asyncio
import copy
import json
import random
import time
import uuid
from dataclasses import dataclass, field

import httpx
import nbformat
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClosedError, websocket_connect

from course_utils.notebooks.sources import code_cells

START_LIMIT = 600.0  # seconds for a server or a kernel: a cluster may have to add a machine first
CELL_LIMIT = 900.0  # seconds for a cell: several times the longest training
REQUEST_LIMIT = 60.0
# A proxy closes what is idle for five seconds; a connection may not be used again at that very moment
LIMITS = httpx.Limits(keepalive_expiry=1.0)
LARGEST_MESSAGE = 64 * 2**20  # bytes; a film of frames is one message
# What the kernel says of itself and of its parent, the student's server: MB, seconds, and bytes as the hub sets them
FACTS = """
import json, os, psutil
from course_utils._machine import peak_memory_mb
me = psutil.Process()
print(json.dumps({
    "memory_mb": peak_memory_mb() + me.parent().memory_info().rss / 1e6,
    "limit_mb": int(os.environ.get("MEM_LIMIT") or 0) / 1e6,
    "computed": sum(me.cpu_times()[:2]),
}))
"""


class _Failure(Exception):  # noqa: N818 - what a student meets, in words
    pass


# TimeoutError and refused connections are OSErrors; ValueError and KeyError: an answer that no hub gives
FAILURES = (_Failure, httpx.HTTPError, HTTPClientError, WebSocketClosedError, OSError, ValueError, KeyError)


@dataclass
class Student:
    """One student of a rehearsal, and what came of it.

    Attributes
    ----------
    hub : the hub's address, as in "https://hub.example.org"
    name, password : how the student logs in
    notebook : the lesson; its cells are run in order, and none is changed
    path : where it is saved on the student's server
    think : the seconds between two cells, on average
    seconds : {stage: its duration}, of "log-in", "server", "kernel" and "lesson" (the time in which cells ran)
    cells : the duration in seconds of each cell that was run
    facts : memory_mb of server and kernel together, limit_mb (0: none), computed (seconds of CPU)
    stage : where the student is
    problem : what went wrong; None where nothing did
    failed_at : when that was, as time.monotonic() counts
    left_over : what could not be cleaned up
    """

    hub: str
    name: str
    password: str = field(repr=False)
    notebook: nbformat.NotebookNode = field(repr=False)
    path: str
    think: float
    seconds: dict[str, float] = field(default_factory=dict)
    cells: list[float] = field(default_factory=list)
    facts: dict[str, float] = field(default_factory=dict)
    stage: str = "waiting"
    problem: str | None = None
    failed_at: float | None = None
    left_over: list[str] = field(default_factory=list)

    async def attend(self) -> None:
        """Do all of it, then stop the server; what goes wrong is in `problem`, not raised."""
        self.notebook = copy.deepcopy(self.notebook)
        self._token = self._socket = None
        self._has_server = False
        # No proxy, no redirect: what is asked goes to the hub's own address
        async with httpx.AsyncClient(timeout=REQUEST_LIMIT, limits=LIMITS, trust_env=False) as self._web:
            try:
                for stage, step in {"log-in": self._log_in, "server": self._start, "kernel": self._open}.items():
                    self.stage = stage
                    started = time.monotonic()
                    await step()
                    self.seconds[stage] = time.monotonic() - started
                await self._run_lesson()
            except FAILURES as error:
                self.failed_at = time.monotonic()
                said = str(error) or f"no answer ({type(error).__name__})"
                self.problem = f"{self.stage}: {said}"
            except asyncio.CancelledError:
                self.failed_at, self.problem = time.monotonic(), f"{self.stage}: interrupted"
                raise
            finally:
                await self._clean_up()
                self.stage = "failed" if self.problem else "done"

    async def _ask(self, method, path, **options):
        # Returns the answer; raises _Failure where it is an error
        answer = await self._web.request(method, self.hub + path, **options)
        if answer.is_error:
            raise _Failure(f"{method} {path} was answered with {answer.status_code}, {_message(answer)}")
        return answer

    async def _log_in(self):
        page = await self._ask("GET", "/hub/login")
        if page.is_redirect:
            raise _Failure("the hub has no form for a password (the page on hubs says what a rehearsal needs)")
        secret = {"_xsrf": self._web.cookies.get("_xsrf", "")}
        form = {"username": self.name, "password": self.password} | secret
        answer = await self._web.post(f"{self.hub}/hub/login", data=form)
        if not answer.is_redirect:  # the form comes back
            raise _Failure(f"the hub refuses this name and password ({answer.status_code})")
        # A token does for the rest what the browser's cookies do; it ends with the server
        headers = {"X-XSRFToken": self._web.cookies.get("_xsrf", "")}
        asked = {"note": "rehearsal", "expires_in": 24 * 3600}
        answer = (await self._ask("POST", f"/hub/api/users/{self.name}/tokens", json=asked, headers=headers)).json()
        self._web.cookies.clear()
        self._key, self._token = {"Authorization": f"token {answer['token']}"}, answer["id"]
        self._web.headers.update(self._key)

    async def _start(self):
        self._has_server = True  # or half of one, which is stopped as well
        await self._ask("POST", f"/hub/api/users/{self.name}/server")
        progress = f"{self.hub}/hub/api/users/{self.name}/server/progress"
        async with asyncio.timeout(START_LIMIT), self._web.stream("GET", progress, timeout=None) as answer:
            async for line in answer.aiter_lines():
                event = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if event.get("failed"):
                    raise _Failure(event.get("message", "it did not start"))
                if event.get("ready"):
                    return
        raise _Failure("the hub stopped telling how far it is")

    async def _open(self):
        await self._ask("GET", f"/user/{self.name}/lab")
        await self._save()
        asked = {"path": self.path, "name": self.path, "type": "notebook", "kernel": {"name": "python3"}}
        session = (await self._ask("POST", f"/user/{self.name}/api/sessions", json=asked, timeout=START_LIMIT)).json()
        address = f"{self.hub}/user/{self.name}/api/kernels/{session['kernel']['id']}/channels".replace("http", "ws", 1)
        request = HTTPRequest(address, headers=self._key, request_timeout=START_LIMIT)
        self._socket = await websocket_connect(request, max_message_size=LARGEST_MESSAGE)
        async with asyncio.timeout(START_LIMIT):
            await self._reply_to("kernel_info_request", {}, lambda output: None)

    async def _run_lesson(self):
        pace = random.Random(self.name)
        cells = code_cells(self.notebook)
        for number, cell in enumerate(cells, start=1):
            await asyncio.sleep(self.think * pace.uniform(0.5, 1.5))
            self.stage = f"cell {number} of {len(cells)}"
            started = time.monotonic()
            cell.outputs = []
            reply = await self._execute(cell.source, cell.outputs.append)
            self.cells.append(time.monotonic() - started)
            cell.execution_count = reply.get("execution_count")
            await self._save()  # as JupyterLab does every two minutes
            if reply["status"] != "ok":
                raise _Failure(f"{reply.get('ename')}: {reply.get('evalue')}")
        self.seconds["lesson"] = sum(self.cells)
        self.stage = "memory"
        said = []
        await self._execute(FACTS, said.append)
        self.facts = json.loads("".join(output.get("text", "") for output in said))

    async def _execute(self, code, keep):
        async with asyncio.timeout(CELL_LIMIT):
            return await self._reply_to("execute_request", {"code": code, "allow_stdin": False}, keep)

    async def _reply_to(self, kind, content, keep):
        # Send a request to the kernel, hand on its outputs, and return the reply's content once it is idle again
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": self.name, "username": "", "version": "5.3"}
        message = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
        await self._socket.write_message(json.dumps(message))
        reply = idle = None
        while reply is None or not idle:
            text = await self._socket.read_message()
            if text is None:
                raise _Failure("the server is gone")
            if isinstance(text, bytes):  # a widget's numbers
                continue
            message = json.loads(text)
            state = message["content"].get("execution_state")
            if state in ("restarting", "dead"):
                raise _Failure("the kernel has died")
            if message["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            if message["channel"] == "shell":
                reply = message["content"]
            elif message["msg_type"] in ("stream", "display_data", "execute_result", "error"):
                keep(nbformat.v4.output_from_msg(message))
            idle = idle or state == "idle"
        return reply

    async def _save(self):
        asked = {"type": "notebook", "format": "json", "content": self.notebook}
        await self._ask("PUT", f"/user/{self.name}/api/contents/{self.path}", json=asked)

    async def _clean_up(self):
        if self._socket:
            self._socket.close()
        steps = {}
        if self._socket and not self.problem:  # a notebook in which something failed is kept: it says what
            steps["its notebook"] = f"/user/{self.name}/api/contents/{self.path}"
        if self._has_server:
            steps["its server"] = f"/hub/api/users/{self.name}/server"
        if self._token:
            steps["its token"] = f"/hub/api/users/{self.name}/tokens/{self._token}"
        for what, path in steps.items():
            if not await self._removed(path):
                self.left_over.append(what)

    async def _removed(self, path):
        # Ask again while the hub is away, for half a minute; 400 and 404: it was gone already
        for pause in (1, 2, 4, 8, 16, None):
            try:
                answer = await self._web.delete(self.hub + path)
            except httpx.HTTPError:
                answer = None
            if answer is not None and not answer.is_server_error:
                return not answer.is_error or answer.status_code in (400, 404)
            if pause:
                await asyncio.sleep(pause)
        return False


def _message(answer):
    # What a hub or a server says of an error, or the error's usual name
    try:
        return answer.json()["message"]
    except (ValueError, KeyError, TypeError):
        return answer.reason_phrase
