"""A dependency for Starlette and FastAPI: the checked files of a request, without a middleware.

    checked = CheckedFiles(guard)

    @app.post("/pictures")
    async def upload(files: Annotated[tuple[CheckedFile, ...], Depends(checked)]): ...

It reads the body itself, so that nothing of it goes through `UploadFile`, which writes large files
to temporary ones.
"""

from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from hashmatch.errors import BodyTooLargeError, ServiceError
from hashmatch.pipeline.guards.asgi import MAX_BYTES, MAX_FILES
from hashmatch.pipeline.guards.forms import Body, File, may_have_files
from hashmatch.pipeline.guards.guard import Decision, Guard


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may go on, and what was decided about it."""

    file: File
    decision: Decision


class CheckedFiles:
    """Gives the files of a request, each with its `Decision`; () where there are none.

    Raises `HTTPException` where a file is refused (422, or 503 where none could be checked), where
    the body is too large (413), and where it is not what it is said to be (400).

    Args:
        guard: decides.
        max_bytes: of the body.
        max_files: of a form.
    """

    def __init__(
        self, guard: Guard, *, max_bytes: int = MAX_BYTES, max_files: int = MAX_FILES
    ) -> None:
        self._guard: Final = guard
        self._max_bytes: Final = max_bytes
        self._max_files: Final = max_files

    async def __call__(self, request: Request) -> tuple[CheckedFile, ...]:
        """Read and check the files."""
        content_type = request.headers.get("content-type", "").encode("latin-1")
        if not may_have_files(content_type):
            return ()
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise HTTPException(400, "Send the body as it is, without Content-Encoding.")
        try:
            body = Body(content_type, most_bytes=self._max_bytes, most_files=self._max_files)
            async for piece in request.stream():
                body.write(piece)
            files = body.files()
        except ServiceError as error:
            status = 413 if isinstance(error, BodyTooLargeError) else 400
            raise HTTPException(status, str(error)) from None
        checked = []
        for file in files:
            decision = await self._guard.decide_async(file.data, declared=file.is_declared)
            if decision.is_refused:
                raise HTTPException(decision.status, decision.words)
            checked.append(CheckedFile(file, decision))
        return tuple(checked)
