"""XML of strangers: nothing is fetched or expanded for it, and what came before a break is kept."""

import pytest

from hashmatch.exchanges import xml_documents


class TestDocuments:
    @pytest.mark.parametrize(
        "body",
        [
            b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
            b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/">%b;]><a/>',
            b"<a>&nothing;</a>",
            b"<a>" * 33,
        ],
    )
    def test_what_is_not_taken_from_strangers(self, body):
        found = xml_documents.read(body)
        assert not found.is_whole
        assert found.root is None or not (found.root.text or "").strip()

    def test_what_came_before_a_break_is_kept(self):
        found = xml_documents.read(b'<r xmlns="n"><a>1</a><a>2</a><b><c')
        assert not found.is_whole
        assert [each.text for each in found.root.iterfind("a")] == ["1", "2"]
