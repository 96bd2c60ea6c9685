"""Builds of the C core that tests compare: limited instruction sets, and WebAssembly."""

import ctypes
import importlib.util
import struct
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]


def build_hook():
    """The build hook as a module: tests build with what builds the wheel."""
    spec = importlib.util.spec_from_file_location("build_hook", ROOT / "native/build_hook.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class WebAssemblyCore:
    """The core's WebAssembly module, run by wasmtime as a browser would run it."""

    def __init__(self, path):
        import wasmtime

        self.store = wasmtime.Store()
        module = wasmtime.Module.from_file(self.store.engine, str(path))
        assert not module.imports, "the module stands alone"
        self.exports = wasmtime.Instance(self.store, module, []).exports(self.store)
        self.memory = self.exports["memory"]
        self.heap = self.exports["__heap_base"].value(self.store)

    def call(self, name, *arguments):
        return self.exports[name](self.store, *arguments)

    def write(self, at, data):
        short = at + len(data) - self.memory.data_len(self.store)
        if short > 0:
            self.memory.grow(self.store, -(-short // 65536))
        self.memory.write(self.store, data, at)
        return at + len(data) + -len(data) % 64

    def pdq_dihedral(self, pixels, form=0):
        """Codes (8, 32), quality, form and the 256 coefficients of a picture."""
        height, width = pixels.shape[:2]
        channels = 1 if pixels.ndim == 2 else 3
        picture = self.heap + -self.heap % 64
        out, codes = picture + 64, picture + 64 + 2048
        at = self.write(codes + 256, np.ascontiguousarray(pixels).tobytes())
        described = (codes + 256, width * channels, width, height, channels)
        self.write(picture, struct.pack("<IIiii", *described))
        size = self.call("hm_pdq_workspace", width, height, channels)
        self.write(at + size, b"\0")
        assert self.call("hm_pdq_dihedral", picture, form, at, size, out, codes) == 0
        quality, ran = struct.unpack("<ii", self.memory.read(self.store, out + 32, out + 40))
        dct = np.frombuffer(self.memory.read(self.store, out + 40, out + 40 + 1024), np.float32)
        found = np.frombuffer(self.memory.read(self.store, codes, codes + 256), np.uint8)
        return found.reshape(8, 32), quality, ran, dct


class SharedCore:
    """The core's shared library, built with other flags than the installed one."""

    def __init__(self, path):
        from hashmatch import native

        self.native = native
        self.core = native.declare(ctypes.CDLL(str(path)))

    def pdq_dihedral(self, pixels, form=0):
        picture, keep = self.native._picture(np.ascontiguousarray(pixels))
        size = self.core.hm_pdq_workspace(picture.width, picture.height, picture.channels)
        workspace = np.full(size, 0xAA, np.uint8)  # what lies in a workspace must not matter
        out, codes = self.native._Hash(), self.native._Codes()
        data = workspace.ctypes.data
        assert self.core.hm_pdq_dihedral(picture, form, data, size, out, codes) == 0
        del keep
        found = np.frombuffer(codes, np.uint8).reshape(8, 32)
        return found, out.quality, out.form, np.frombuffer(out.dct, np.float32)
