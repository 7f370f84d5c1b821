"""numba, for what has to be compiled: loaded by loops that need it, and by nothing else."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import llvmlite.binding as llvm
import numba
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys

from withus.compute.opinion_map.machine import FOLDER, Kind, machine

_numba: Any = numba
_Cache: Any = FunctionCache
_settings: Any = numba.config
_OPTIONS = {"nogil": True, "error_model": "numpy"}
_ENDS = {int: _numba.int64, float: _numba.float64, None: _numba.void}
_ELSEWHERE = re.compile(r"^declare [^@]*@(?!llvm\.)([^(]+)\(|^@(\S+) = external", re.MULTILINE)
_OF_C = {"sqrt", "memset", "memcpy", "memmove"}  # all that a bare loop may call, and every machine has
if FOLDER:
    _settings.CACHE_DIR = str(FOLDER)


class _Kept(_Cache):  # type: ignore[misc]
    """Loops as they were kept, without first loading all that numba knows: only compiling needs it."""

    def load_overload(self, sig: object, target_context: Any) -> Any:
        """The loop for arguments of these types; None if it is not kept."""
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)


def dispatcher(function: Callable[..., object]) -> Any:
    """The function as numba holds it: compiled for each kind of arguments, and kept."""
    compiled: Any = _numba.njit(**_OPTIONS)(function)
    if FOLDER is not None:
        compiled._cache = _Kept(function)
    return compiled


def machine_code(function: Callable[..., object], kinds: Sequence[Kind], name: str) -> bytes:
    """Machine code of a bare loop, to be called under this name with the address and the sides of each table.

    Raises TypeError if it is not bare: if it lays out tables or may fail, and so needs numba when it runs.
    """
    body: Any = _numba.njit(no_cpython_wrapper=True, **_OPTIONS)(function)
    types, words, given = [], [], []
    for number, (kind, sides) in enumerate(kinds):
        own = [f"p{number}", *(f"p{number}_{side}" for side in range(sides))]
        held = _numba.from_dtype(kind)
        types += [_numba.types.CPointer(held) if sides else held, *[_numba.int64] * sides]
        given.append(f"carray(p{number}, ({', '.join(own[1:])},))" if sides else own[0])
        words += own
    space: dict[str, Any] = {"body": body, "carray": _numba.carray}
    exec(f"def outer({', '.join(words)}): return body({', '.join(given)})", space)  # noqa: S102  # names made here alone
    outer: Any = _numba.cfunc(_ENDS[function.__annotations__["return"]](*types))(space["outer"])
    return _alone(outer.inspect_llvm(), outer.native_name, name)


def _alone(text: str, native_name: str, name: str) -> bytes:
    """The object file of one function, with what it calls within, and nothing of what numba would do on errors."""
    module = llvm.parse_assembly(text)
    for one in [*module.functions, *module.global_variables]:
        if one.name == native_name:
            one.name = name
        elif not one.is_declaration:
            one.linkage = "internal"
    host = machine()
    passes = llvm.create_new_module_pass_manager()
    passes.add_ipsccp_pass()  # learns that nothing fails, so that what follows a failure goes
    passes.add_simplify_cfg_pass()
    passes.add_global_dead_code_eliminate_pass()
    passes.add_strip_dead_prototype_pass()
    passes.run(module, llvm.create_pass_builder(host, llvm.create_pipeline_tuning_options()))
    module.verify()
    needs = {one or other for one, other in _ELSEWHERE.findall(str(module))} - _OF_C
    if needs:
        raise TypeError(f"{name} is no bare loop: it needs {', '.join(sorted(needs))}")
    return bytes(host.emit_object(module))
