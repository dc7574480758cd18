"""Takes everything of the user's out of words that are meant for an issue.

Whatever is not known to be harmless is left out, so that nothing has to be recognised as private:
names become stable placeholders, a line keeps only the words of a technical vocabulary, and a
frame of a traceback only what the program's own files confirm."""

from __future__ import annotations

import builtins
import contextlib
import getpass
import linecache
import os
import platform
import re
import socket
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from core import errors
from core.files import read_json
from core.home import Home
from core.logs import without_paths

ROOT = Path(__file__).resolve().parents[1]
_MAGNITUDE = 6  # Digits that a number may have; a longer one is rounded: it might be a telephone's.
_WORDS = """
a abort aborted accelerator access accessed activation adamw after all alloc allocate allocated allocating
allocation allocator already amount an and apple architecture argument arguments array aten
assertion asserts at atomic attempt attention attribute attributes auto autograd available avx avx2
avx512 backend backward bad batch because before been bf16 bfloat16 bias bits block blocks bool
boundary broadcast buffer buffers build built by byte bytes cache cached call called callable can
cannot capability caught causal check checkpoint checkpointing child class close closed code
collective column columns compile compiled compute config connection contain contains context
contiguous convert core cores corrupted could count cpu create created ctx cublas cuda cudnn current
data dead decay decode default descriptor detached device devices did died digest dim dimension
dimensions directory disk dispatch division do does domain done driver dropped dtype dump due during
early eager element elements embedding empty encode encountered end enough entry error errors
evaluate evaluation event events exceeded exception executed exit expected expects failed fails
failure fatal fault feed file files finish finite float float16 float32 float64 for forward found fp16 fp32
free from full function fused gb gelu gib given gloo gpu gradient gradients graph grad greater group
had handle has have head header heads hip host identical illegal image in incompatible index inf
initialization initialized inner input inputs instance int int32 int64 int8 instead insufficient
integer internal interrupted invalid ipc is it item job json kernel key keys killed kv last launch
launching layer layers layout leaf learning least length less library limit line lion list load
loaded loading local lock long loop loss main mapping mask masked mat1 mat2 match matches matching
matmul matrix max mb measured measuring memory method mib micro min mismatch missing mm model module
modules more mps much multiple multiplied muon must mutex name nan nccl negative nn no non none norm
not null number numel numpy nvidia nvml object objects of offset omp on only oom op open operand
operands operation operator optimiser optimizer or order ordinal os other out output over overflow
padding parallel parameter parameters passes path pause paused peak pending permission permitted
phase pid pin pinned pipe plan pointer pool precision prepare probability process processes progress
ptx publish publishing pyarrow pydantic pyside6 python pytorch qt queue queued raise raised range
rank rank0 ranks rate reached read reading recent record recursion reduce refused register required
requires reserved reset resource resume resumed retry returned right rope rounding row rows run
running runtime safetensors same sample sampling save saved saving scalar schedule sdpa segmentation
segfault seed self sequence session set shape shapes shard shared should signal size sizes skipped
sm softmax source space split stack start started starting state status stderr step steps stop
stopped storage store stream stride string supported system target temporary tensor tensors terminate
test than that the thread threads throttled tied time timeout times to token tokenizer tokenizers
tokenizing tokens too torch total traceback train training transformers transport tried triton true
truncated try trying tuple type types unable unavailable unexpected uninitialized unknown unsupported
update usage use used using valid validate value values variable vector version view violation vocab
vocabulary wait warmup warned warning was watchdog watts weight weights were what when which while
width win window windows with within worker workers world write writing written wrong you zero
per forecast now nvml rapl estimate cost currency energy wh co2 g source
activations busy cancel cancelled column cool corrupt cosine descriptors directory down evaluations
scanning counting evaluating resuming evaluated health published rolled back launched asked killed buried took
fallback fork frame frames free freed grid heartbeat interrupt invalid lost lower mean measure
minutes most outcome over planned queue ranks reason samples seconds share single spawn split
systems three threads two unit units usable warm
"""
_VOCABULARY = frozenset(_WORDS.split()) | {
    word for code in errors.codes() for word in code.split("-")
}
_CLASSES = frozenset(
    [n for n, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)]
    + [n for n, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)]
    + ["AcceleratorError", "OutOfMemoryError", "SafetensorError", "ValidationError", "JSONDecodeError",
       "ArrowInvalid", "ArrowIOError", "DistBackendError", "BackendCompilerFailed", "InductorError",
       "UnpicklingError", "CalledProcessError", "TimeoutExpired", "NoSuchProcess", "ZeroDivisionError"]
    + [f"SIG{name}" for name in ("KILL", "TERM", "SEGV", "ABRT", "BUS", "FPE", "ILL", "INT", "PIPE")]
)  # fmt: skip
_TOKEN = re.compile(
    r"<[a-z]+(?: [a-z]+)?(?:-\d+)?>|0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
    r"|[A-Za-z]+\d*|[^\W\d_]+|_|\s+|[!-/:-@\[-`{-~]|."
)
_FRAME = re.compile(r'^\s*File "(.+?)", line (\d+),? in (\S+)\s*$')
_ERROR_LINE = re.compile(r"^([A-Za-z_][\w.]*)(: |$)")


class Redactor:
    """Knows what belongs to one home and its user.

    Placeholders: <user>, <host>, <home>, <corpus-1>, <version-1>, <path>; … stands for words that
    are not of the technical vocabulary.
    """

    def __init__(self, home: Home) -> None:
        self._home = home.path
        pairs = [(name, place) for name, place in _names(home) if len(name) > 1]
        pairs.sort(key=lambda pair: -len(pair[0]))
        self._names = [(_pattern(name), place) for name, place in pairs]

    def names(self, text: str) -> str:
        """`text` with every known name and path replaced; other words stay."""
        for pattern, place in self._names:
            text = pattern.sub(place, text)
        return without_paths(text, self._home)

    def line(self, text: str) -> str:
        """What of one line is technical. A line that is mostly something else is left out whole."""
        kept: list[str] = []
        known = unknown = 0
        for token in _TOKEN.findall(self.names(text)):
            said = _harmless(token)
            if said is None or (len(token) == 1 and token.isalpha()):
                unknown += 1  # Letters one by one may spell something.
                said = said or "…"
            elif token[0].isalpha() and token[0].isascii():
                known += 1
            kept.append(said)
        if unknown > known:
            return f"(a line of {len(text)} characters is left out)"
        return re.sub(r"…(?:[\s_.…-]*…)+", "…", "".join(kept)).strip()

    def traceback(self, text: str, most: int = 40) -> list[str]:
        """The last lines of a log of errors: frames by file, line and function, the rest by words."""
        found: list[str] = []
        in_frame = False
        for line in text.splitlines():
            frame = _FRAME.match(line)
            if frame:
                found.append("  " + _frame(frame[1], int(frame[2]), frame[3]))
            elif line.strip() and not (in_frame and line.startswith("    ")):
                found.append(self.line(line))
            in_frame = frame is not None or (in_frame and line.startswith("    "))
        return found[-most:]

    def figures(self, data: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
        """Numbers, yes and no, and technical words of a document; keys that are none are left out."""
        found: dict[str, Any] = {}
        for key, value in data.items():
            if not isinstance(key, str) or not _technical(key):
                continue
            if value is None or isinstance(value, bool | int):
                found[key] = value
            elif isinstance(value, float):
                found[key] = float(f"{value:.6g}")
            elif isinstance(value, str):
                found[key] = self.line(value)
            elif isinstance(value, Mapping) and depth < 3:
                found[key] = self.figures(value, depth + 1)
            elif isinstance(value, list | tuple):
                found[key] = [
                    self.line(v) if isinstance(v, str) else v
                    for v in value[:12]
                    if isinstance(v, str | bool | int | float)
                ]
        return found


def _harmless(token: str) -> str | None:
    """The token as it may be shown, or None."""
    if token.isspace():
        return " "
    if token[0] == "<" and len(token) > 1:
        return token
    if token.startswith("0x"):
        return "0x…"
    if token[0].isdigit() and token.isascii():
        return token if sum(c.isdigit() for c in token) <= _MAGNITUDE else f"~{float(token):.1e}"
    if token in _CLASSES or token.casefold() in _VOCABULARY:
        return token
    return token if len(token) == 1 and token.isascii() else None


def _technical(key: str) -> bool:
    from core.planning.machine import Machine
    from core.planning.plan import Plan
    from core.recipe import Recipe

    declared = {*Recipe.model_fields, *Machine.model_fields, *Plan.__dataclass_fields__}
    return key in declared or all(part in _VOCABULARY for part in key.split("_"))


def _frame(file: str, line: int, function: str) -> str:
    """A frame of the program, its packages or Python itself, where the file bears it out."""
    place = Path(file)
    roots = [(ROOT, "<app>"), (Path(sysconfig.get_path("purelib")), "<packages>"),
             (Path(sysconfig.get_path("stdlib")), "<python>")]  # fmt: skip
    roots.sort(key=lambda root: -len(str(root[0])))
    for root, name in roots:
        with contextlib.suppress(ValueError, OSError):
            inside = place.relative_to(root).as_posix()
            if ".." not in inside and place.is_file() and place.suffix == ".py":
                known = function.strip("<>") in "".join(linecache.getlines(str(place))) or function in ("<module>", "<lambda>", "<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>")  # fmt: skip
                return f"{name}/{inside}:{line} {function if known else '…'}"
    return "<path>"


def _pattern(name: str) -> re.Pattern[str]:
    """Short names only as whole words: "a" is in every other one."""
    found = re.escape(name)
    return re.compile(found if len(name) > 3 else rf"(?<!\w){found}(?!\w)", re.IGNORECASE)


# ---- what is the user's --------------------------------------------------------------------------


def _names(home: Home) -> Iterable[tuple[str, str]]:
    yield str(home.path), "<home>"
    yield str(ROOT), "<app>"
    yield sys.prefix, "<python>"
    with contextlib.suppress(RuntimeError):
        yield str(Path.home()), "<user home>"
        yield Path.home().name, "<user>"
    with contextlib.suppress(OSError, KeyError, ImportError):
        yield getpass.getuser(), "<user>"
    for variable in ("USER", "LOGNAME", "USERNAME"):
        yield os.environ.get(variable, ""), "<user>"
    yield from _full_name()
    for host in {socket.gethostname(), platform.node(), *_hosts(home)}:
        yield host, "<host>"
        yield host.split(".")[0], "<host>"
    yield from _owned(home)


def _full_name() -> Iterable[tuple[str, str]]:
    if sys.platform == "win32":
        return
    import pwd

    with contextlib.suppress(KeyError):
        name = pwd.getpwuid(os.getuid()).pw_gecos.split(",")[0]
        yield name, "<user>"
        for part in name.split():
            yield part, "<user>"


def _hosts(home: Home) -> Iterable[str]:
    for path in home.runs.glob("*/ranks/*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            yield str(read_json(path)["host"])


def _owned(home: Home) -> Iterable[tuple[str, str]]:
    """Names of corpora and versions, in the order of their folders' names."""
    corpora = _folders(home.corpora)
    for number, folder in enumerate(corpora, 1):
        yield folder.name, f"<corpus-{number}>"
    titles = list(_folders(home.versions))
    for number, folder in enumerate(titles, 1):
        yield folder.name, f"<version-{number}>"
        with contextlib.suppress(OSError, ValueError, AttributeError):
            data = read_json(folder / "version.json")
            for key in ("title", "series", "note", "name"):
                yield str(data.get(key) or ""), f"<version-{number}>"
    number = len(titles)
    for path in sorted(home.runs.glob("*/job.json")):
        with contextlib.suppress(OSError, ValueError, KeyError, AttributeError, TypeError):
            job = read_json(path)
            config = job["config"]
            number += 1
            yield str(config.get("corpus") or ""), "<corpus>"
            for text in (
                job["title"],
                *(config.get(k) for k in ("version", "title", "note", "parent")),
            ):
                yield str(text or ""), f"<version-{number}>"  # fmt: skip


def _folders(parent: Path) -> list[Path]:
    return sorted(p for p in parent.iterdir() if p.is_dir()) if parent.is_dir() else []
