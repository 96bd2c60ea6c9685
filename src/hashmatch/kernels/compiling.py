"""Kernels as object code that needs no numba: what numba makes of them, and a door for Python.

numba compiles a kernel to LLVM's intermediate language, optimised; here that becomes an object of
its own, in which nothing is left but the kernel: its errors lead nowhere, for it raises none, and
LLVM sees so once no other code can call its parts.

The door is a function of CPython's vectorcall form (``METH_FASTCALL``), a few instructions around
the kernel: it takes whole numbers as they are and of arrays the address, and lets go of the
interpreter while the kernel runs. Through ctypes a call takes three times as long, which is a
tenth of a search.
"""

from typing import Any, Final

from llvmlite import binding
from numba import cfunc, config, types

from hashmatch.kernels import target
from hashmatch.kernels.memory import NO_MEMORY
from hashmatch.kernels.signatures import KERNELS, OPTIONS, Taken

NEEDED: Final = frozenset(
    {"PyErr_BadArgument", "PyErr_NoMemory", "PyErr_Occurred"}
    | {"PyEval_RestoreThread", "PyEval_SaveThread"}
    | {"PyLong_AsLongLong", "PyLong_FromLongLong", "PyObject_IsInstance"}
    | {"free", "malloc", "memcpy", "memmove", "memset"}
    | {"_hypot", "atan2", "cos", "hypot", "log2", "sin"}
)
"""All that the object of a kernel may ask of the process: Python, memory, and mathematics."""

DATA: Final = object.__basicsize__
FLAGS: Final = DATA + 48
IN_C_ORDER: Final = 1
"""Where an array has its address and its flags (``PyArrayObject_fields``, of NumPy's binary
interface), and the flag that it has no gaps."""


def compiled(name: str) -> bytes:
    """The object code of a kernel that has been imported; its door has the kernel's name.

    Raises:
        RuntimeError: the kernel needs something that is there only beside numba; or numba was
            told to compile nothing.
    """
    told: Any = config  # whose names come from the environment
    if told.DISABLE_JIT:
        raise RuntimeError(
            "Kernels consist of machine instructions and do not run as Python: unset "
            "NUMBA_DISABLE_JIT. hashmatch.kernels.reference holds plain forms of them."
        )
    function, takes, brief = KERNELS[name]
    number = types.int64
    made = cfunc(number(*[number] * len(takes)), **OPTIONS)(function)
    module = binding.parse_assembly(made.inspect_llvm())
    door = binding.parse_assembly(_door(name, made.native_name, takes, brief))
    door.triple, door.data_layout = module.triple, module.data_layout
    module.link_in(door)
    for thing in (*module.functions, *module.global_variables):
        if not thing.is_declaration and thing.name != name:
            thing.linkage = "internal"
    processor = target.machine()
    tuning = binding.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = True
    passes = binding.create_pass_builder(processor, tuning)
    passes.getModulePassManager().run(module, passes)
    needed = {
        thing.name
        for thing in (*module.functions, *module.global_variables)
        if thing.is_declaration and not thing.name.startswith("llvm.")
    }
    if not needed <= NEEDED:
        raise RuntimeError(
            f"The kernel '{name}' needs {', '.join(sorted(needed - NEEDED))} of numba: it may "
            f"raise nothing, and has its memory from hashmatch.kernels.memory.allocate."
        )
    code: bytes = processor.emit_object(module)
    return code


def _door(name: str, native: str, takes: tuple[Taken, ...], brief: tuple[int, int] | None) -> str:
    """What Python calls, in LLVM's language; its ``self`` is NumPy's type of arrays."""
    lines = []
    for place, kind in enumerate(takes):
        lines += [
            f"%place{place} = getelementptr ptr, ptr %arguments, i64 {place}",
            f"%object{place} = load ptr, ptr %place{place}",
        ]
        if kind == "number":
            lines.append(f"%value{place} = call i64 @PyLong_AsLongLong(ptr %object{place})")
        else:
            lines += [
                f"%is{place} = call i32 @PyObject_IsInstance(ptr %object{place}, ptr %self)",
                f"%array{place} = icmp eq i32 %is{place}, 1",
                f"br i1 %array{place}, label %take{place}, label %refuse",
                f"take{place}:",
                f"%at{place} = getelementptr i8, ptr %object{place}, i64 {FLAGS}",
                f"%flags{place} = load i32, ptr %at{place}",
                f"%order{place} = and i32 %flags{place}, {IN_C_ORDER}",
                f"%gapless{place} = icmp ne i32 %order{place}, 0",
                f"br i1 %gapless{place}, label %whole{place}, label %refuse",
                f"whole{place}:",
                f"%data{place} = getelementptr i8, ptr %object{place}, i64 {DATA}",
                f"%value{place} = load i64, ptr %data{place}",
            ]
    body = "\n  ".join(lines)
    is_brief = "icmp ne i64 0, 0" if brief is None else f"icmp sle i64 %value{brief[0]}, {brief[1]}"
    values = ", ".join(f"i64 %value{place}" for place in range(len(takes)))
    return f"""
declare i64 @"{native}"({", ".join(["i64"] * len(takes))})
declare i64 @PyLong_AsLongLong(ptr)
declare ptr @PyLong_FromLongLong(i64)
declare i32 @PyObject_IsInstance(ptr, ptr)
declare ptr @PyErr_Occurred()
declare i32 @PyErr_BadArgument()
declare ptr @PyErr_NoMemory()
declare ptr @PyEval_SaveThread()
declare void @PyEval_RestoreThread(ptr)

define ptr @"{name}"(ptr %self, ptr %arguments, i64 %count) {{
  %enough = icmp eq i64 %count, {len(takes)}
  br i1 %enough, label %take, label %refuse
take:
  {body}
  %error = call ptr @PyErr_Occurred()
  %right = icmp eq ptr %error, null
  br i1 %right, label %work, label %fail
work:
  %brief = {is_brief}
  br i1 %brief, label %keep, label %let
keep:
  %soon = call i64 @"{native}"({values})
  br label %end
let:
  %thread = call ptr @PyEval_SaveThread()
  %later = call i64 @"{native}"({values})
  call void @PyEval_RestoreThread(ptr %thread)
  br label %end
end:
  %result = phi i64 [ %soon, %keep ], [ %later, %let ]
  %starved = icmp eq i64 %result, {NO_MEMORY}
  br i1 %starved, label %starve, label %give
give:
  %given = call ptr @PyLong_FromLongLong(i64 %result)
  ret ptr %given
starve:
  call ptr @PyErr_NoMemory()
  ret ptr null
refuse:
  call i32 @PyErr_BadArgument()
  ret ptr null
fail:
  ret ptr null
}}
"""
