"""For Django: an upload handler that checks files while they arrive, and a storage that does so.

The guard is a callable or an object that the setting ``HASHMATCH_GUARD`` names by its dotted path:

    FILE_UPLOAD_HANDLERS = ["hashmatch.pipeline.guards.django.CheckedUploadHandler"]
    HASHMATCH_GUARD = "mysite.uploads.guard"
"""

import io
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, RequestDataTooBig
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from hashmatch.pipeline.guards.guard import Decision, Guard

MAX_BYTES: Final = 50_000_000
SETTING: Final = "HASHMATCH_GUARD"


class UploadRefused(PermissionDenied):
    """The guard refuses an upload; Django answers 403.

    Attributes:
        decision: what it rests on.
    """

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.words)
        self.decision = decision


def _load() -> Guard:
    path = getattr(settings, SETTING, None)
    if not path:
        raise ImproperlyConfigured(f"Set {SETTING} to the dotted path of a Guard.")
    found = import_string(path)
    if not isinstance(found, Guard):
        raise ImproperlyConfigured(f"{SETTING} names {path}, which is no Guard.")
    return found


class CheckedUploadHandler(FileUploadHandler):
    """Keeps a file in memory, and has it checked when it is there.

    A refused one raises `UploadRefused` where the view (or a middleware) first reads the request.
    Others are as Django's own small files are, with the `Decision` as their ``hashmatch``.
    """

    chunk_size = 1 << 20

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file; see Django."""
        super().new_file(*args, **kwargs)
        self._pieces = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a piece of it; see Django."""
        if start + len(raw_data) > getattr(settings, "HASHMATCH_MAX_BYTES", MAX_BYTES):
            raise RequestDataTooBig("The file is larger than uploads may be here.")
        self._pieces.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Have it checked; see Django."""
        declared = (self.content_type or "").startswith("image/")
        decision = _load().decide(self._pieces.getvalue(), declared=declared)
        if decision.is_refused:
            raise UploadRefused(decision)
        self._pieces.seek(0)
        file = InMemoryUploadedFile(
            self._pieces,
            self.field_name,
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )
        file.hashmatch = decision
        return file


class CheckedStorage(Storage):
    """Wraps a storage: what is saved is checked first, however it came here.

    Args:
        inner: the storage that keeps the files; by its dotted path or as an object. By default
            Django's for files on the disk.
        guard: decides; by default the one that the setting names.
    """

    def __init__(self, inner: Storage | str | None = None, guard: Guard | None = None) -> None:
        path = inner or "django.core.files.storage.FileSystemStorage"
        self._inner: Any = import_string(path)() if isinstance(path, str) else path
        self._guard: Any = guard or SimpleLazyObject(_load)

    def _save(self, name: str, content: Any) -> str:
        content.seek(0)
        data = content.read()
        decision: Decision = self._guard.decide(data, declared=_looks_like_a_picture(name))
        if decision.is_refused:
            raise UploadRefused(decision)
        saved: str = self._inner.save(name, ContentFile(data))
        return saved

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def _open(self, name: str, mode: str = "rb") -> Any:
        return self._inner.open(name, mode)

    def delete(self, name: str) -> None:
        """See Django."""
        self._inner.delete(name)

    def exists(self, name: str) -> bool:
        """See Django."""
        found: bool = self._inner.exists(name)
        return found

    def size(self, name: str) -> int:
        """See Django."""
        size: int = self._inner.size(name)
        return size

    def url(self, name: str | None) -> str:
        """See Django."""
        url: str = self._inner.url(name)
        return url

    def path(self, name: str) -> str:
        """See Django."""
        path: str = self._inner.path(name)
        return path


def _looks_like_a_picture(name: str) -> bool:
    endings = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic")
    return name.lower().endswith(endings)
