"""From a kernel's name to a function: machine code from a file, or from numba where there is none.

Code that was compiled before, by whatever process, is loaded by LLVM alone, in milliseconds.
numba, which takes half a second to load, compiles the rest.
"""

import ctypes
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, Final, TypeVar

import numpy as np
from llvmlite import binding

from hashmatch.kernels import kept, target

Function = Callable[..., int]

FASTCALL: Final = 0x80
"""CPython's ``METH_FASTCALL``."""


class _Method(ctypes.Structure):
    """CPython's ``PyMethodDef``."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("address", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


Kept = TypeVar("Kept")


def _for_ever(thing: Kept) -> Kept:
    """Keep a thing beyond the end of the interpreter.

    That clears modules and then looks at functions once more, while other threads may still be in
    a kernel.
    """
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(thing))
    return thing


def load(name: str, home: str) -> Function:
    """A kernel as a function; ``home`` is its module, which is imported only to compile it."""
    code = kept.read(name)
    if code is None:
        import_module(f"hashmatch.kernels.{home}")
        compiling = import_module("hashmatch.kernels.compiling")
        code = compiling.compiled(name)
        kept.write(name, code)
    return _function(name, code)


@cache
def _engine() -> Any:
    return _for_ever(binding.create_mcjit_compiler(binding.parse_assembly(""), target.machine()))


def _function(name: str, code: bytes) -> Function:
    """What `hashmatch.kernels.compiling` made, as a function that knows NumPy's type of arrays."""
    engine = _engine()
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    address = engine.get_function_address(name)
    method = _for_ever(_Method(name.encode(), address, FASTCALL, None))
    create = ctypes.pythonapi.PyCFunction_NewEx
    create.restype = ctypes.py_object
    create.argtypes = (ctypes.POINTER(_Method), ctypes.py_object, ctypes.c_void_p)
    function: Function = create(ctypes.byref(method), np.ndarray, None)
    return function
