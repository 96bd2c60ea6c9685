"""Files of bodies: what comes in is what is checked, in whatever pieces it comes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from urllib3 import encode_multipart_formdata

from hashmatch.errors import BadRequestError, BodyTooLargeError, ServiceError
from hashmatch.pipeline.guards.forms import Body, may_have_files


def files_of(body, content_type, piece=64, most_bytes=10**6, most_files=10):
    taken = Body(content_type.encode(), most_bytes=most_bytes, most_files=most_files)
    for start in range(0, len(body), piece):
        taken.write(body[start : start + piece])
    return taken.files()


@settings(max_examples=60)
@given(datas=st.lists(st.binary(min_size=1, max_size=300), max_size=5), piece=st.integers(1, 400))
def test_every_file_of_a_form_comes_out_as_it_went_in(datas, piece):
    fields = [("note", "no file")]
    fields += [("picture", (f"a{n} ü.jpg", data, "image/jpeg")) for n, data in enumerate(datas)]
    body, content_type = encode_multipart_formdata(fields)
    found = files_of(body, content_type, piece)
    assert [each.data for each in found] == datas
    assert all(each.name == "picture" and each.is_declared for each in found)


def test_a_body_that_is_the_file_itself():
    (found,) = files_of(b"\xff\xd8 whole", "image/jpeg; q=1")
    assert (found.data, found.content_type, found.is_declared) == (
        b"\xff\xd8 whole", "image/jpeg", True,
    )  # fmt: skip
    assert files_of(b"", "image/jpeg") == ()


@pytest.mark.parametrize(
    ("kind", "looked_into"),
    [
        (b"image/png", True), (b"Multipart/Form-Data; boundary=x", True),
        (b"application/octet-stream", True), (b"application/json", False),
        (b"application/x-www-form-urlencoded", False), (b"", False),
    ],
)  # fmt: skip
def test_which_bodies_are_looked_into(kind, looked_into):
    assert may_have_files(kind) is looked_into


def test_limits():
    fields = [("f", ("a.jpg", b"x" * 100, "image/jpeg"))] * 3
    body, content_type = encode_multipart_formdata(fields)
    with pytest.raises(BodyTooLargeError, match="2 files"):
        files_of(body, content_type, most_files=2)
    with pytest.raises(BodyTooLargeError, match="200 bytes"):
        files_of(body, content_type, most_bytes=200)


def test_a_form_without_a_boundary_or_an_end():
    with pytest.raises(BadRequestError, match="boundary"):
        files_of(b"--x", "multipart/form-data")
    body, content_type = encode_multipart_formdata([("f", ("a.jpg", b"abc", "image/jpeg"))])
    with pytest.raises(BadRequestError):
        files_of(body[:-6], content_type)


@settings(max_examples=200)
@given(garbage=st.binary(max_size=400))
def test_garbage_is_refused_or_has_no_files_that_were_not_there(garbage):
    try:
        found = files_of(b"--x\r\n" + garbage, "multipart/form-data; boundary=x")
    except ServiceError:
        return
    assert all(each.data in garbage for each in found)
