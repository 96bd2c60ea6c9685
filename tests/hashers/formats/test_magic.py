import pytest
from hashers.pictures import every_kind
from hypothesis import given
from hypothesis import strategies as st

from hashmatch.errors import NotAPictureError, UnsupportedPictureError
from hashmatch.hashers.formats.magic import sniff


@pytest.mark.parametrize(("kind", "file"), every_kind().items())
def test_formats_are_told_by_their_first_bytes(kind, file):
    module = {"mpo": "jpeg", "apng": "png"}.get(kind, kind.partition("-")[0])
    assert sniff(file) == module


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"%!PS-Adobe-3.0", "PostScript"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- drawn -->\n<svg/>", "SVG"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"\xff\x4f\xff\x51\0", "JPEG 2000"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\xff\x0a\x10", "JPEG XL"),
        (b"II\xbc\x01", "JPEG XR"),
        (b"8BPS\0\1", "Photoshop"),
        (b"gimp xcf file", "GIMP"),
        (b"\0\0\1\0\1\0", "icon"),
        (b"II*\0\x10\0\0\0CR\2\0", "raw camera"),
        (b"P6\n2 2\n255\n", "netpbm"),
        (b"\x76\x2f\x31\x01", "OpenEXR"),
        (b"qoif", "QOI"),
        (b"DDS |", "DirectDraw"),
        (b"\x1aE\xdf\xa3", "video"),
        (b"RIFF\0\0\0\0AVI LIST", "video"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isom", "video"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video"),
    ],
)
def test_known_formats_are_refused_by_name(head, name):
    with pytest.raises(UnsupportedPictureError, match=f"{name}.* save the picture as JPEG or PNG"):
        sniff(head)


@pytest.mark.parametrize(
    "data",
    [b"\0", b"holiday.jpg is no picture", b"\xff\xd8", b"GIF88a", b"RIFF\0\0\0\0WAVE",
     b"<?xml ?><a/>",
     b"<html><body>404</body></html>", bytes(5000)],
)  # fmt: skip
def test_what_is_no_picture(data):
    with pytest.raises(NotAPictureError, match="not a picture"):
        sniff(data)


def test_nothing_is_no_picture():
    with pytest.raises(NotAPictureError, match="0 bytes"):
        sniff(b"")


@given(st.binary(max_size=64))
def test_any_bytes_have_an_answer(data):
    try:
        found = sniff(data)
    except (NotAPictureError, UnsupportedPictureError):
        return
    assert found.isidentifier()
