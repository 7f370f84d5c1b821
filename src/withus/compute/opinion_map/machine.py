"""Machine code of bare loops: kept in files, linked by LLVM and called, without loading numba."""

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from ctypes import CFUNCTYPE, c_double, c_int64, c_void_p
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from withus.compute import loops
from withus.compute.opinion_map.compiled import Array, Function, Loop

Kind = tuple[Any, int]  # the kind of numbers, and how many sides a table of them has; 0: a number alone
FOLDER = loops.begin()
_LOCK = Lock()
_WHOLE, _REAL = np.dtype(np.int64), np.dtype(np.float64)
_ENDS = {int: c_int64, float: c_double, None: None}
_CHECK = 32  # bytes before the code: its SHA-256
_held: list[Any] = []  # LLVM's memory of what is linked


class Bare(Loop):
    """A loop that writes into the tables it is given, lays out none and cannot fail."""

    def __init__(self, function: Callable[..., object]) -> None:
        super().__init__(function)
        self.linked: dict[tuple[Kind, ...], Any] = {}

    def __call__(self, *given: Any) -> Any:
        """What the loop gives: a number, or nothing. Tables may be frozen; it is for the caller to say where to write.

        Raises ValueError for tables whose rows do not lie one after the other.
        """
        kinds: list[Kind] = []
        words: list[int | float] = []
        for one in given:
            if isinstance(one, np.ndarray):
                if not one.flags.c_contiguous:
                    raise ValueError("a bare loop takes tables that lie in one piece")
                kinds.append((one.dtype, one.ndim))
                words += [one.__array_interface__["data"][0], *one.shape]
            elif isinstance(one, float):
                kinds.append((_REAL, 0))
                words.append(one)
            else:
                kinds.append((_WHOLE, 0))
                words.append(int(one))
        key = tuple(kinds)
        call = self.linked.get(key)
        if call is None:
            with _LOCK:
                call = self.linked[key] = _linked(self.function, key)
        return call(*words)


def bare(function: Function) -> Function:
    """The function as a bare loop; it says what it gives: int, float or None. The same bits as a `loop`."""
    made: Any = Bare(function)
    return made  # type: ignore[no-any-return]


@cache
def machine() -> Any:
    """This very processor."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return _of_host()


def _of_host() -> Any:
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=3, jit=True,
        reloc="static" if llvm.get_default_triple().startswith(("x86", "i686")) else "default", codemodel="jitdefault",
    )  # fmt: skip


@cache
def _linker() -> Any:
    machine()
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), _of_host())


@cache
def _surroundings() -> str:
    """What machine code depends on besides the loop: numba and LLVM, and the processor."""
    found = find_spec("numba")
    version = Path(str(found and found.origin)).with_name("_version.py").read_text("utf-8")
    host = f"{llvm.get_default_triple()} {llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"
    return f"{version} {llvm.llvm_version_info} {host}"


def _linked(function: Callable[..., object], kinds: Sequence[Kind]) -> Any:
    words = [f"{kind.str[1:]}x{sides}" for kind, sides in kinds]
    name = "-".join([function.__module__.rpartition(".")[2], function.__name__.strip("_"), *words])
    code = _kept(name)
    if code is None:
        compiling = import_module("withus.compute.opinion_map.compiling")
        code = compiling.machine_code(function, kinds, name)
        _keep(name, code)
    linker = _linker()
    held = llvm.ObjectFileRef.from_data(code)
    linker.add_object_file(held)
    linker.finalize_object()
    _held.append(held)
    types: list[Any] = []
    for kind, sides in kinds:
        types += [c_void_p, *[c_int64] * sides] if sides else [c_double if kind == _REAL else c_int64]
    return CFUNCTYPE(_ENDS[function.__annotations__["return"]], *types)(linker.get_function_address(name))


def _file(name: str) -> Path | None:
    if FOLDER is None:
        return None
    return FOLDER / f"{name}-{hashlib.sha256(_surroundings().encode()).hexdigest()[:16]}.o"


def _kept(name: str) -> bytes | None:
    file = _file(name)
    if file is None:
        return None
    with suppress(OSError):
        data = file.read_bytes()
        if hashlib.sha256(data[_CHECK:]).digest() == data[:_CHECK]:
            return data[_CHECK:]
    return None


def _keep(name: str, code: bytes) -> None:
    file = _file(name)
    if file is not None:
        with suppress(OSError):
            beside = file.with_suffix(f".{os.getpid()}")
            beside.write_bytes(hashlib.sha256(code).digest() + code)
            beside.replace(file)


def in_one_piece(table: Array) -> Array:
    """The table itself, or a copy of it, with rows that lie one after the other."""
    return np.ascontiguousarray(table)
