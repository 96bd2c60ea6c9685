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

    def parts(self, luma, limit):
        """Parts of a luma as bytes, and its tiles' codes and qualities."""
        height, width = luma.shape
        picture = self.heap + -self.heap % 64
        count, out = picture + 64, picture + 128
        tiles = self.write(out, bytes(72 * limit))
        pixels = self.write(tiles, bytes(50 * 33))
        at = self.write(pixels, luma.tobytes())
        self.write(picture, struct.pack("<IIiii", pixels, width, width, height, 1))
        size = self.call("hm_parts_workspace", width, height)
        self.write(at, bytes(max(size, self.call("hm_pdq_workspace", width, height, 1))))
        assert self.call("hm_parts", picture, limit, at, size, out, count) == 0
        (found,) = struct.unpack("<i", self.memory.read(self.store, count, count + 4))
        size = self.call("hm_pdq_workspace", width, height, 1)
        assert self.call("hm_tiles", picture, at, size, tiles, tiles + 50 * 32) == 0
        parts = bytes(self.memory.read(self.store, out, out + 72 * found))
        return parts, bytes(self.memory.read(self.store, tiles, tiles + 50 * 33))

    def joint(self, luma):
        """Where pictures meet in a luma."""
        height, width = luma.shape
        picture = self.heap + -self.heap % 64
        out = picture + 64
        pixels = self.write(out, bytes(4))
        at = self.write(pixels, luma.tobytes())
        self.write(picture, struct.pack("<IIiii", pixels, width, width, height, 1))
        size = self.call("hm_joint_workspace", width, height)
        self.write(at, bytes(size))
        assert self.call("hm_joint", picture, at, size, out) == 0
        return struct.unpack("<i", self.memory.read(self.store, out, out + 4))[0]

    def luma(self, pixels, out_width, out_height):
        """A picture scaled to a luma."""
        height, width = pixels.shape[:2]
        channels = 1 if pixels.ndim == 2 else 3
        picture = self.heap + -self.heap % 64
        out = picture + 64
        data = self.write(out, bytes(out_width * out_height))
        at = self.write(data, np.ascontiguousarray(pixels).tobytes())
        self.write(picture, struct.pack("<IIiii", data, width * channels, width, height, channels))
        size = self.call("hm_luma_workspace", width, channels)
        self.write(at, bytes(size))
        sizes = (width, height, 1, 0, 0, out_width, out_height)
        assert self.call("hm_luma", picture, *sizes, at, size, out) == 0
        found = self.memory.read(self.store, out, out + out_width * out_height)
        return np.frombuffer(found, np.uint8).reshape(out_height, out_width)


class SharedCore:
    """The core's shared library, built with other flags than the installed one."""

    def __init__(self, path):
        from hashmatch import native, native_parts

        self.native = native
        self.core = native_parts.declare_parts(native.declare(ctypes.CDLL(str(path))))

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

    def parts(self, luma, limit):
        picture, keep = self.native._picture(luma)
        height, width = luma.shape
        size = self.core.hm_parts_workspace(width, height)
        workspace = np.full(size, 0xAA, np.uint8)
        out, count = np.zeros((max(limit, 1), 72), np.uint8), ctypes.c_int32()
        data = workspace.ctypes.data
        assert self.core.hm_parts(picture, limit, data, size, out.ctypes.data, count) == 0
        tiles = np.zeros(50 * 33, np.uint8)
        room = np.full(self.core.hm_pdq_workspace(width, height, 1), 0xAA, np.uint8)
        found = tiles.ctypes.data, tiles.ctypes.data + 50 * 32
        assert self.core.hm_tiles(picture, room.ctypes.data, room.size, *found) == 0
        del keep
        return out[: count.value].tobytes(), tiles.tobytes()

    def joint(self, luma):
        picture, keep = self.native._picture(luma)
        height, width = luma.shape
        room = np.full(self.core.hm_joint_workspace(width, height), 0xAA, np.uint8)
        found = ctypes.c_int32(7)
        assert self.core.hm_joint(picture, room.ctypes.data, room.size, found) == 0
        del keep
        return found.value

    def luma(self, pixels, out_width, out_height):
        picture, keep = self.native._picture(np.ascontiguousarray(pixels))
        size = self.core.hm_luma_workspace(picture.width, picture.channels)
        workspace = np.full(size, 0xAA, np.uint8)
        out = np.zeros((out_height, out_width), np.uint8)
        sizes = (picture.width, picture.height, 1, 0, 0, out_width, out_height)
        data = workspace.ctypes.data
        assert self.core.hm_luma(picture, *sizes, data, size, out.ctypes.data) == 0
        del keep
        return out

    def rectangles(self, gray):
        """The rectangles in a gray picture as bytes, and their hashes."""
        picture, keep = self.native._picture(gray)
        size = self.core.hm_rectangles_workspace(picture.width, picture.height)
        workspace = np.full(size, 0xAA, np.uint8)
        found, count = self.native._Rectangles(), ctypes.c_int32()
        assert self.core.hm_rectangles(picture, workspace.ctypes.data, size, found, count) == 0
        size = self.core.hm_pdq_rectangles_workspace(picture.width, picture.height)
        workspace = np.full(size, 0xAA, np.uint8)
        out = (self.native._Turned * len(found))()
        room = workspace.ctypes.data, size
        assert self.core.hm_pdq_rectangles(picture, 2, found, count, 10, *room, out) == 0
        del keep
        return bytes(found), bytes(out), count.value
