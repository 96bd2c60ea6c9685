"""The journal of changes in a cache: written by one, read by many, kept in step."""

from hashmatch.pipeline.journal import Journal


def test_the_journal_can_be_read_by_many_and_is_written_by_one(tmp_path):
    page = {"after": 0, "until": 2, "changes": [1, 2], "sequence": 2}
    one = Journal(tmp_path)
    two = Journal(tmp_path)
    two.append(page)
    assert one.page(0) is two.page(0) is None
    one.append(page)
    one.append({**page, "after": 2, "until": 3})
    both = {"after": 0, "until": 3, "changes": [1, 2, 1, 2], "sequence": 2}
    assert (one.page(0), one.page(1), one.page(3), one.until) == (both, both, None, 3)
    assert one.page(2) == {**page, "after": 2, "until": 3}
    three = Journal(tmp_path)
    assert three.page(1) == both
    one.forget(2)
    assert one.page(1) is None
    assert one.page(2)["until"] == 3
    assert three.page(1) is None  # the file is another by now
    one.close()
    four = Journal(tmp_path)
    assert four.page(2)["until"] == 3
    four.clear()
    assert four.until is None


def test_lists_that_came_with_a_page_are_not_lost_among_others(tmp_path, monkeypatch):
    journal = Journal(tmp_path)
    for after in range(6):
        page = {"after": after, "until": after + 1, "changes": [after], "sequence": after + 1}
        journal.append({**page, "lists": [after]} if after in {1, 3} else page)
    assert journal.page(0) == {
        "after": 0, "until": 6, "changes": [0, 1, 2, 3, 4, 5], "sequence": 6, "lists": [3],
    }  # fmt: skip
    monkeypatch.setattr("hashmatch.pipeline.journal.TOGETHER", 2)
    assert journal.page(0)["changes"] == [0, 1]
    assert "lists" not in journal.page(4)


def test_a_journal_that_cannot_be_written_does_no_harm(tmp_path, monkeypatch, caplog):
    journal = Journal(tmp_path)
    page = {"after": 0, "until": 1, "changes": [1], "sequence": 1}
    journal.append(page)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal, "_write", full)
    journal.append({**page, "after": 1, "until": 2})
    assert "No space left" in caplog.text
    assert journal.page(0) is None
    journal.append(page)
    assert not (tmp_path / "changes.jsonl").exists()
