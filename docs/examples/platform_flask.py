"""Flask: `flask --app platform_flask run`."""

import os
from pathlib import Path
from uuid import uuid4

from flask import Flask, g, request

from hashmatch import Matcher
from hashmatch.pipeline.guards import Guard
from hashmatch.pipeline.guards.flask import CheckUploads

STORED = Path("stored")
STORED.mkdir(exist_ok=True)

app = Flask(__name__)
CheckUploads(app, Guard(Matcher.open(os.environ.get("HASHMATCH_REGISTRY", "var/hashmatch"))))


@app.post("/")
def upload():
    for file, decision in zip(request.files.getlist("picture"), g.hashmatch, strict=True):
        file.save(STORED / f"{uuid4()}-{decision.action}")
    return "taken"
