"""Django, in one file: `python platform_django.py runserver`.

What comes by a form is checked by an upload handler while the request is read; what comes in any
other way is checked by the storage, when it is saved.
"""

import os
import secrets
import sys
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import execute_from_command_line
from django.http import HttpResponse
from django.urls import path

from hashmatch import Matcher
from hashmatch.pipeline.guards import Guard

guard = Guard(Matcher.open(os.environ.get("HASHMATCH_REGISTRY", "var/hashmatch")))

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    FILE_UPLOAD_HANDLERS=["hashmatch.pipeline.guards.django.CheckedUploadHandler"],
    HASHMATCH_GUARD=f"{__name__}.guard",
    MEDIA_ROOT="stored",
    ROOT_URLCONF=__name__,
    SECRET_KEY=secrets.token_hex(),
    STORAGES={"default": {"BACKEND": "hashmatch.pipeline.guards.django.CheckedStorage"}},
)


def by_form(request):
    for file in request.FILES.getlist("picture"):  # a refused one is answered with 403
        FileSystemStorage().save(f"{uuid4()}-{file.hashmatch.action}", file)
    return HttpResponse("taken")


def as_the_body(request):
    default_storage.save(f"{uuid4()}-saved.jpg", ContentFile(request.body))  # likewise
    return HttpResponse("taken")


urlpatterns = [path("", by_form), path("body", as_the_body)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
