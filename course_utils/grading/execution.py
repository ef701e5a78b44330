"""One notebook, executed: from its bytes to the answers that it hands over, as plain data that can be kept.

Judging them is a step of its own (`judging`): texts, tolerances and rosters may change, and nothing is executed again.
"""

import hashlib
import inspect
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from types import CodeType

import numpy as np

from course_utils._files import whole_file
from course_utils._paths import PACKAGE
from course_utils.grading import answers, models, protocol
from course_utils.grading.bank import Bank
from course_utils.grading.protocol import ProtocolError
from course_utils.grading.sandbox import Limits, Sandbox, SandboxError, StartError
from course_utils.questions.engine.functions import FunctionKind
from course_utils.questions.engine.models import ModelKind

LONGEST = 20 * 2**20  # bytes of a notebook
MOST_KEPT = 128 * 2**20  # bytes of one notebook's answers
MOST_KEYS, MOST_ERRORS = 200, 20  # of one notebook
# What changes no answer, and what in these rooms does all the same
NOT_EXECUTING = ("questions/lesson_", "commands/", "book/", "environment/", "notebooks/", "grading/")
EXECUTING = tuple(f"grading/{name}.py" for name in ("runner", "_sources", "execution", "answers", "models"))
TOO_LARGE = f"it is larger than {LONGEST // 2**20} MiB: clear its outputs and hand it in again"


@dataclass
class Answers:
    """What came out of one notebook.

    Attributes
    ----------
    data : dict, for the key of a question what `Question.collect` made of the answer
    missing : list of str, the keys of answers that were not there when they were looked for
    inputs : dict of str, for a question's key the checksum of what it sent into the sandbox
    reason : str, why not all of it was executed; "" where it was
    errors : list of str, what cells raised
    asked : list of str, the keys that the notebook checks, of whatever lesson
    notes : list of str, what a person may want to look at
    unjudged : dict of str, for the key of a question why there is no answer of it
    fault : bool, whether a reason is the grader's or this machine's, and no student's
    """

    data: dict[str, dict] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unjudged: dict[str, str] = field(default_factory=dict)
    fault: bool = False


@dataclass(frozen=True)
class Kept:
    """What is known of answers that were kept, without the answers themselves."""

    asked: tuple[str, ...]
    inputs: Mapping[str, str]
    whole: bool  # nothing was ended or left out, so other limits would change nothing
    limits: dict
    version: str


def execute(content: bytes, bank: Bank, limits: Limits, data_file: Path | None) -> Answers:
    """Return the answers of a notebook; whatever it does ends in a reason. `data_file` is MNIST, None the digits.

    Nothing is judged before its sandbox has ended: how long that takes would tell a student's code which one is right.
    """
    found, taken = Answers(), {}

    def open_sandbox():
        return Sandbox(limits, data_file)

    if len(content) > LONGEST:
        return Answers(reason=TOO_LARGE)
    try:
        with open_sandbox() as sandbox:
            _go_through(sandbox, content, bank, taken, found)
    except SandboxError as error:
        found.reason = str(error)
    except ProtocolError as error:
        found.reason = f"its process answered in a way that no answer has: {error}"
    except Exception as error:  # what was taken before is judged
        found.reason, found.fault = f"the grader failed by itself: {type(error).__name__}: {error}", True
    for key, answer in taken.items():
        found.inputs[key] = fingerprint(bank.find(key))
        try:
            found.data[key] = models.measured(bank.find(key), answer, open_sandbox)
        except (models.NotTakenError, SandboxError, ProtocolError) as error:
            found.unjudged[key] = str(error)
        except (StartError, MemoryError, OSError) as error:
            found.unjudged[key], found.fault = f"the grader failed by itself: {type(error).__name__}: {error}", True
    return found


def _go_through(sandbox, content, bank, taken, found):
    plan = sandbox.ask("read", content)  # before any code of the student has run
    if isinstance(plan, str):
        found.reason = plan
        return
    found.notes = plan["notes"]
    found.asked = list(dict.fromkeys(key for cell in plan["cells"] for key, _, _ in cell["checks"]))[:MOST_KEYS]
    room = MOST_KEPT
    for number, cell in enumerate(plan["cells"]):
        if (error := sandbox.ask("execute", number)) is not None and len(found.errors) < MOST_ERRORS:
            found.errors.append(f"{answers.said(error).rstrip('.')}, in the cell that begins: {cell['beginning']}")
        for key, expression, edition in cell["checks"]:
            if question := bank.find(key):
                description = sandbox.ask("take", key, expression)
                if not isinstance(description, dict):
                    raise ProtocolError("no description of an answer")
                taken.pop(key, None)
                found.missing = [other for other in found.missing if other != key]
                if "missing" in description:
                    found.missing.append(key)
                taken[key] = answers.collected(question, description, edition, sandbox, found.errors)
                room -= _size(taken[key])
                if room < 0:
                    del taken[key]
                    raise SandboxError(f"its answers take more than {MOST_KEPT // 2**20} MiB")


def _size(value):
    # of data that are kept, in bytes: arrays and long texts
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    return sum(map(_size, value)) if isinstance(value, list | tuple) else len(value) if isinstance(value, str) else 8


# What an answer depends on


def fingerprint(question) -> str:
    """Return the checksum of all that decides which data `collect` returns for an answer: not texts, nor tolerances."""
    kind = question.kind
    parts = [type(kind).__name__, question.edition]
    if isinstance(kind, FunctionKind):
        parts += [kind.arguments, kind.inputs(), kind.frozen, kind.returns.scalar]
    elif isinstance(kind, ModelKind):
        parts += [kind.images(), kind.targets and kind.targets(), kind.output_dim, kind.more_facts]
    else:
        parts += [getattr(getattr(kind, "values", None), "scalar", None), list(getattr(kind, "letters", ()))]
    digest = hashlib.sha256()
    _feed(digest, parts)
    return digest.hexdigest()[:16]


def _feed(digest, value, depth=0):
    # code without its lines' numbers, which change when a hint above it does
    if isinstance(value, np.ndarray):
        digest.update(f"{value.dtype} {value.shape}".encode() + np.ascontiguousarray(value).tobytes())
    elif isinstance(value, CodeType):
        digest.update(value.co_code)
        _feed(digest, [*value.co_consts, *value.co_names], depth + 1)
    elif inspect.isfunction(value):
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        _feed(digest, [value.__code__, value.__defaults__, cells], depth + 1)
    elif isinstance(value, np.random.Generator):
        digest.update(repr(value.bit_generator.state).encode())
    elif isinstance(value, dict):
        _feed(digest, list(value.items()), depth + 1)
    elif isinstance(value, list | tuple) and depth < 20:
        digest.update(f"{len(value)} items".encode())
        for item in value:
            _feed(digest, item, depth + 1)
    elif is_dataclass(value) and not isinstance(value, type):
        _feed(digest, [getattr(value, item.name) for item in fields(value)], depth + 1)
    elif value is None or isinstance(value, str | bytes | int | float | complex):
        digest.update(repr(value).encode())
    else:  # a model, say: what it is called
        digest.update(type(value).__name__.encode())


def version() -> str:
    """Return the checksum of the course's code that students' cells can meet; questions' texts are no part of it."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        within = path.relative_to(PACKAGE).as_posix()
        if within in EXECUTING or not within.startswith(NOT_EXECUTING):
            digest.update(within.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


# On disk


def to_bytes(found: Answers, limits: Limits) -> bytes:
    """Return answers as they are kept: a head that can be read alone, then the data, both compressed."""
    head = {item.name: getattr(found, item.name) for item in fields(Answers) if item.name != "data"} | {
        "limits": asdict(limits),
        "version": version(),
    }
    parts = [zlib.compress(part, 1) for part in (*protocol.encode(head)[:1], *protocol.encode(found.data))]
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def keep(path: Path, content: bytes) -> None:
    """Write kept answers whole, or not at all."""
    with whole_file(path) as file:
        file.write(content)


def kept(path: Path) -> Kept | None:
    """Return what is known of kept answers; None where there are none, or something else lies there."""
    try:
        with path.open("rb") as file:
            head = protocol.decode(_part(file, protocol.LONGEST_TEXT), b"")
        whole = not (head["reason"] or head["unjudged"])
        return Kept(tuple(head["asked"]), head["inputs"], whole, head["limits"], head["version"])
    except Exception:
        return None


def read_kept(path: Path) -> Answers:
    """Return kept answers."""
    with path.open("rb") as file:
        head = protocol.decode(_part(file, protocol.LONGEST_TEXT), b"")
        text, blob = _part(file, 4 * protocol.LONGEST_TEXT), _part(file, 2 * MOST_KEPT)
    own = {item.name for item in fields(Answers)}
    values = {name: value for name, value in head.items() if name in own}
    return Answers(data=protocol.decode(text, blob), **values)


def _part(file, longest):
    unpacker = zlib.decompressobj()
    return unpacker.decompress(file.read(int.from_bytes(file.read(8), "big")), longest)
