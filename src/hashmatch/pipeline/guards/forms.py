"""The files of an HTTP body: of a form (multipart/form-data, RFC 7578), or the body itself.

They are kept in memory; nothing is ever written to a temporary file. What came in pieces is copied
once, into one piece.
"""

from dataclasses import dataclass, field
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from hashmatch.errors import BadRequestError, BodyTooLargeError

FORM: Final = b"multipart/form-data"
PICTURE: Final = b"image/"


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a request.

    Attributes:
        name: of the form's field; empty where the body itself is the file.
        filename: as its sender calls it; empty where it is not said.
        content_type: likewise.
        data: its bytes.
    """

    name: str
    filename: str
    content_type: str
    data: bytes = field(repr=False)

    @property
    def is_declared(self) -> bool:
        """Whether it is said to be a picture."""
        return self.content_type.lower().startswith("image/")


def may_have_files(content_type: bytes) -> bool:
    """Whether a body of this type is looked into."""
    kind = content_type.lower().lstrip()
    return kind.startswith((FORM, PICTURE, b"application/octet-stream"))


class Body:
    """Takes a body piece by piece, and gives its files.

    Args:
        content_type: of the request.
        most_bytes: that the body may have.
        most_files: that a form may have.

    Raises:
        BadRequestError: a form without a boundary.
    """

    def __init__(self, content_type: bytes, *, most_bytes: int, most_files: int) -> None:
        self._content_type = content_type
        self._most = most_bytes
        self._length = 0
        self._whole: list[bytes] = []
        kind, options = parse_options_header(content_type)
        self._form: _Form | None = None
        if kind == FORM:
            boundary = options.get(b"boundary", b"")
            if not boundary:
                raise BadRequestError("The form does not say what separates its parts (boundary).")
            self._form = _Form(boundary, most_files)

    def write(self, piece: bytes) -> None:
        """Take the next piece.

        Raises:
            BodyTooLargeError: the body is longer than it may be, or has too many files.
            BadRequestError: it is not the form that it is said to be.
        """
        self._length += len(piece)
        if self._length > self._most:
            raise BodyTooLargeError(f"The body has more than {self._most:,} bytes, the limit.")
        if self._form is None:
            self._whole.append(piece)
        else:
            self._form.write(piece)

    def files(self) -> tuple[File, ...]:
        """All of them, after the last piece.

        Raises:
            BadRequestError: the form has no end.
        """
        if self._form is not None:
            return self._form.finish()
        if not self._length:
            return ()
        kind = self._content_type.decode("latin-1").partition(";")[0].strip()
        return (File("", "", kind, b"".join(self._whole)),)


class _Form:
    """A form, as `python-multipart` reads it: the parser that Starlette and FastAPI use too."""

    def __init__(self, boundary: bytes, most_files: int) -> None:
        self._most = most_files
        self._found: list[File] = []
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value = bytearray(), bytearray()
        self._is_file, self._is_over = False, False
        self._pieces: list[memoryview] = []  # of what came, and no copies yet
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, a, b: self._name.extend(data[a:b]),
                "on_header_value": lambda data, a, b: self._value.extend(data[a:b]),
                "on_header_end": self._header,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._over,
            },
        )

    def write(self, piece: bytes) -> None:
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise BadRequestError("The body is not the form that it is said to be.") from error

    def finish(self) -> tuple[File, ...]:
        try:
            self._parser.finalize()
        except FormParserError as error:
            raise BadRequestError("The form is cut short.") from error
        if not self._is_over:
            raise BadRequestError("The form is cut short.")
        return tuple(self._found)

    def _begin(self) -> None:
        self._headers, self._pieces = {}, []

    def _header(self) -> None:
        self._headers[bytes(self._name).lower()] = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._options = options
        kind = self._headers.get(b"content-type", b"").lower().lstrip()
        self._is_file = b"filename" in options or kind.startswith(PICTURE)
        if self._is_file and len(self._found) == self._most:
            raise BodyTooLargeError(f"The form has more than {self._most} files, the limit.")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._pieces.append(memoryview(data)[start:end])

    def _end(self) -> None:
        if self._is_file and (data := b"".join(self._pieces)):
            kind = self._headers.get(b"content-type", b"").partition(b";")[0].strip()
            told = (self._options.get(b"name", b""), self._options.get(b"filename", b""), kind)
            name, filename, content_type = (text.decode("utf-8", "replace") for text in told)
            self._found.append(File(name, filename, content_type, data))
        self._pieces = []

    def _over(self) -> None:
        self._is_over = True
