"""The process in the sandbox: it executes a student's cells and answers the grader's requests, in plain data.

Whatever it answers may be a lie, since the student's code lives here, too: nothing that decides is computed here.
Requests are pickles, which the grader makes.
"""

import contextlib
import ctypes
import json
import os
import pickle
import platform
import sys

import numpy as np

from course_utils.grading import protocol
from course_utils.grading._seccomp import refuse_calls
from course_utils.grading._sources import Unreadable, read_notebook
from course_utils.questions.engine.values import LIMIT
from course_utils.questions.engine.verdict import NOT_YET, Verdict

OPEN_FILES = 256  # of a process: the kernel keeps what is written to a socket and not read
DEPTH = 6  # of lists within lists


def main(memory: int, disk: int, seconds: float, sandboxed: bool) -> None:
    """Serve until the grader closes the pipe.

    Bytes of memory and of one file, and seconds of all cores, are limited where the system can: also without a grader.
    """
    _limit(memory, disk, seconds)
    _leave_keyring()
    if sandboxed:
        refuse_calls()
    requests, replies = _take_over_pipes()
    server = None
    while True:
        try:
            _, request = protocol.read_frame(requests, (0, 2**40))
        except EOFError:
            return
        name, *arguments = pickle.loads(request)
        if name == "ready":
            reply = True
        elif name == "measure":
            reply = _measure(*arguments)
        else:
            server = server or _Server()
            reply = getattr(server, name)(*arguments)
        try:
            frame = protocol.encode(reply)
        except Exception as error:
            frame = protocol.encode({"error": f"{type(error).__name__}: what it returned is not plain data"})
        protocol.write_frame(replies, *frame)


def _limit(memory, disk, seconds):
    try:
        import resource
    except ImportError:  # Windows
        return
    of_cores = int(seconds * (os.cpu_count() or 1)) + 1
    limits = {"RLIMIT_DATA": memory, "RLIMIT_FSIZE": disk, "RLIMIT_CPU": of_cores, "RLIMIT_CORE": 0}
    limits["RLIMIT_NOFILE"] = OPEN_FILES
    for name, wanted in limits.items():
        kind = getattr(resource, name)
        allowed = resource.getrlimit(kind)[1]  # a batch system's, say: it cannot be raised
        value = wanted if allowed == resource.RLIM_INFINITY else min(wanted, allowed)
        resource.setrlimit(kind, (value, value))


def _leave_keyring():
    # Linux's ring of keys, an instructor's tickets say, is handed down from process to process: take an empty one
    number = {"x86_64": 250, "aarch64": 219}.get(platform.machine())
    if sys.platform == "linux" and number:
        ctypes.CDLL(None).syscall(number, 1, None)  # keyctl(KEYCTL_JOIN_SESSION_KEYRING)


def _take_over_pipes():
    # the student's prints go nowhere: neither to the grader's memory nor between its replies
    pipes = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    return pipes


def _quiet_shell():
    from IPython.core.interactiveshell import InteractiveShell

    class Quiet(InteractiveShell):
        # as a notebook's kernel, in which `%matplotlib inline`, `!ls` and `exit` raise nothing
        system = InteractiveShell.system_raw

        def enable_gui(self, gui=None):
            pass

        def enable_matplotlib(self, gui=None):  # whatever is asked for: `widget` needs a package that may be missing
            return "agg", "agg"

        def ask_exit(self):
            pass

        def _tee(self, channel):  # IPython keeps all that was printed: printing for ever would take all memory
            return contextlib.nullcontext()

    return Quiet.instance()


class _Server:
    def __init__(self):
        from course_utils import questions

        for name in ("hint", "solution", "progress"):  # what they would say, nobody reads here
            setattr(questions, name, lambda *ignored, **also_ignored: None)
        questions.check = self._check
        self.shell = _quiet_shell()
        self.shell.history_manager.enabled = False
        self.checked = {}  # the answers that the last cell gave to `check`
        self.taken = []
        self.sources = []

    def _check(self, key=None, answer=..., edition=1):
        self.checked[str(key)] = answer
        return Verdict(str(key), "", None, NOT_YET)

    def read(self, content):
        """Return the plan for a notebook, or in a sentence why it is none. No code of the student has run yet.

        For each cell the plan has its ``checks`` (key, expression, edition) and its ``beginning``; ``notes`` are what a
        person may want to look at.
        """
        try:
            plan, self.sources = read_notebook(content, self.shell.transform_cell)
        except Unreadable as error:
            return str(error)
        return plan

    def execute(self, number):
        """Run a cell; return the exception's name and text, or None."""
        self.checked.clear()
        result = self.shell.run_cell(self.sources[number], store_history=False)
        if "matplotlib.pyplot" in sys.modules:  # in a notebook each cell starts a figure of its own
            sys.modules["matplotlib.pyplot"].close("all")
        error = result.error_in_exec or result.error_before_exec
        return None if error is None else _text(error)

    def take(self, key, expression):
        """Return a description of the answer that the last cell checked, or would have, had it come so far."""
        try:
            value = self.checked[key] if key in self.checked else eval(expression, self.shell.user_ns)
        except BaseException as error:
            return {"missing": _text(error)}
        self.taken.append(value)
        return describe(value) | {"handle": len(self.taken) - 1}

    def call(self, handle, given, frozen):
        """Return a description of what a function returns, or of what it raised; `frozen` numbers arrays to protect."""
        from course_utils.questions.engine.functions import raised_by

        for i in frozen:
            given[i].flags.writeable = False
        try:
            return describe(self.taken[handle](*given))
        except (Exception, SystemExit) as error:
            what = raised_by(error)
            return {"raised": {"text": what.text, "line": what.line, "unanswered": what.unanswered}}


def _text(error):
    from course_utils.questions.engine.functions import error_text

    return error_text(error)[:300]


def describe(value) -> dict:
    """Return what a value is: plain data where it can be, else its type's name and what can be done with it."""
    keras = sys.modules.get("keras")
    if keras is not None and isinstance(value, keras.Model):
        return _model(value)
    try:
        return {"plain": _plain(value, DEPTH)}
    except Exception:
        found = {"type": type(value).__name__[:40]}
    return found | ({"arguments": _arguments(value)} if callable(value) else {})


def _plain(value, depth):
    if value is None or value is Ellipsis or type(value) in (bool, int, float, complex):
        return value
    if isinstance(value, str):
        return str(value)[:1000]
    if isinstance(value, np.ndarray | np.generic) or hasattr(value, "__array__"):
        array = np.asarray(value)
        if array.size > LIMIT:
            return {"too many": list(array.shape)}
        return _plain(array.tolist(), depth) if array.dtype.kind == "O" else array
    if isinstance(value, list | tuple) and depth and len(value) <= LIMIT // 10:
        try:
            array = np.asarray(value)  # long lists as bytes
        except Exception:
            array = np.empty(0)
        if array.size > 100 and array.dtype.kind in protocol.KINDS:
            return _plain(array, depth)
        return (list if isinstance(value, list) else tuple)(_plain(item, depth - 1) for item in value)
    raise TypeError


def _arguments(function):
    import inspect

    try:
        return [
            [p.name, int(p.kind), p.default is not p.empty] for p in inspect.signature(function).parameters.values()
        ]
    except Exception:
        return None


def _model(model):
    from course_utils.questions.engine.portable import config_of

    try:
        if not model.built:
            return {"model": "", "weights": []}
        config, weights = config_of(model)
        return {"model": json.dumps(config), "weights": [np.asarray(w) for w in weights]}
    except Exception as error:
        return {"type": type(model).__name__[:40], "no model": _text(error)}


def _measure(kind, config, weights):
    # in a process of its own, where no code of the student ever ran; `config` names Keras's own layers alone
    import keras

    try:
        model = keras.saving.deserialize_keras_object(config, safe_mode=True)
        model.set_weights(weights)
    except Exception:  # whatever Keras says of settings that it never wrote
        return None
    return kind.collect(model)
