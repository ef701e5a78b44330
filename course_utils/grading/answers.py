"""A student's answer, as it stands in the grader: plain data, a stand-in for a function that lives in the sandbox."""

import inspect

import numpy as np

from course_utils.grading.protocol import ProtocolError
from course_utils.grading.sandbox import SandboxError
from course_utils.questions.engine.functions import FunctionKind, Raised
from course_utils.questions.engine.models import ModelKind


def said(text) -> str:
    """Return the beginning of a text that came out of a sandbox; anything else is none."""
    return text[:300] if isinstance(text, str) else "?"


class StandIn:
    """Something of the student's that lives in the sandbox; its type's name is the one that was told."""


class Function(StandIn):
    """A function in the sandbox: called with inputs that are sent there, it returns the plain data that come back."""

    def __init__(self, sandbox, handle, arguments):
        self._sandbox, self._handle = sandbox, handle
        if arguments is not None:
            self.__signature__ = _signature(arguments)

    def __call__(self, *given):
        """Return what the student's function returns, as told."""
        frozen = [i for i, x in enumerate(given) if isinstance(x, np.ndarray) and not x.flags.writeable]
        reply = self._sandbox.ask("call", self._handle, given, frozen)  # which arrays are frozen is lost on the way
        if "raised" in reply:
            told = reply["raised"]
            raise Raised(said(told["text"]), said(told["line"]), told["unanswered"] is True)
        return value_of(reply, self._sandbox)


def _signature(arguments):
    try:
        kinds = list(inspect._ParameterKind)
        default = {True: None, False: inspect.Parameter.empty}
        return inspect.Signature(
            [
                inspect.Parameter(said(name)[:40], kinds[kind], default=default[has])
                for name, kind, has in arguments[:20]
            ]
        )
    except Exception as error:
        raise ProtocolError("a signature that none has") from error


def value_of(description: dict, sandbox):
    """Return what a description stands for."""
    if "plain" in description:
        plain = description["plain"]
        if isinstance(plain, dict):  # an array of more numbers than any answer has: its shape is enough
            return np.broadcast_to(np.float64(0), [int(n) for n in plain["too many"]])
        return plain
    name = "Model" if "model" in description else said(description.get("type", "object"))[:40]
    if "arguments" in description:
        return type(name, (Function,), {})(sandbox, description["handle"], description["arguments"])
    return type(name, (StandIn,), {})()


def collected(question, description: dict, edition: int, sandbox, errors: list[str]) -> dict:
    """Return the data that a question judges, or a model's description for `models.measured`.

    `edition` is that of the student's copy; `errors` are what cells raised so far.
    """
    try:
        if edition < question.edition:
            return question.collect(None, edition)
        if "missing" in description:
            why = said(description["missing"])
            before = [f"\nBefore that: {error}" for error in errors if not error.startswith(why)]
            text = f"Its answer is not there: {why}{''.join(before[-1:])}"
            return {"state": "raised", "text": text, "missing": True}
        if isinstance(question.kind, ModelKind) and "model" in description:
            return description
        if isinstance(question.kind, FunctionKind) and "model" in description:
            description = {"type": "Model"} | description | {"arguments": None}
        data = question.collect(value_of(description, sandbox), edition)
    except (SandboxError, ProtocolError):
        raise
    except Exception as error:  # about what no runner sends
        raise ProtocolError(f"{type(error).__name__}") from error
    if sandbox.reason is not None:  # to `collect` it is one more exception that a function raises
        raise SandboxError(sandbox.reason)
    return data
