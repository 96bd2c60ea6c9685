"""FastAPI, by a dependency and without a middleware: `uvicorn platform_fastapi:app`."""

import os
from pathlib import Path
from typing import Annotated
from uuid import uuid4

from fastapi import Depends, FastAPI

from hashmatch import Matcher
from hashmatch.pipeline.guards import Guard
from hashmatch.pipeline.guards.starlette import CheckedFile, CheckedFiles

STORED = Path("stored")
STORED.mkdir(exist_ok=True)

app = FastAPI()
checked = CheckedFiles(Guard(Matcher.open(os.environ.get("HASHMATCH_REGISTRY", "var/hashmatch"))))


@app.post("/")
def upload(files: Annotated[tuple[CheckedFile, ...], Depends(checked)]) -> list[str]:
    for each in files:
        (STORED / f"{uuid4()}-{each.decision.action}").write_bytes(each.file.data)
    return [each.decision.action for each in files]
