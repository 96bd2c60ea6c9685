import threading

import pytest
from sqlalchemy import delete, select, update
from submitting import pictures_of

from hashmatch.errors import AuditError
from hashmatch.registry import Registry, Sighting, acting_as, audit, clock, schema

pytestmark = pytest.mark.usefixtures("quick_phrases")
LINES = schema.audit


@pytest.fixture
def lived(registry, hashes, tmp_path):
    """A registry in which everything that is audited has been done."""
    registry.create_list("other", threshold=20)
    registry.update_list("other", threshold=21)
    with acting_as("an operator"):
        ids = registry.add("default", hashes(3), source="test").entries
    receipt = registry.submit(pictures_of(hashes(1)))
    registry.report("site", 5, [Sighting(ids[0], 100)])
    registry.give_opinion(ids[0], "site", is_match=True, why="as it should be")
    registry.decide(ids[1], "demote", "a logo")
    registry.withdraw([ids[2]])
    registry.withdraw_case(receipt.number, receipt.secret_phrase)
    issued = registry.issue_credential("site", {"check"})
    registry.rotate_credential(issued.credential.key_id)
    registry.revoke_credential(issued.credential.key_id)
    (tmp_path / "some.txt").write_text(hashes(1)[0].hex)
    registry.import_file("default", tmp_path / "some.txt")
    registry.export_file("default", tmp_path / "out.csv")
    registry.know_hasher("another", 64)
    registry.remove_list("other")
    return receipt


def test_every_act_and_change_of_state_is_there(registry, lived):
    lines = registry.audit()
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert [line.action for line in lines] == [
        "list.create", "list.set", "entries.add", "case.open", "entry.hold", "opinion",
        "entry.release", "review.demote", "entry.hold", "entries.withdraw", "case.withdraw",
        "credential.issue", "credential.issue", "credential.rotate", "credential.revoke",
        "list.import", "list.export", "hasher.know", "list.remove",
    ]  # fmt: skip
    actors = {line.action: line.actor for line in lines}
    assert actors["entries.add"] == "an operator"
    assert (actors["case.open"], actors["case.withdraw"]) == ("person", "person")
    assert (actors["opinion"], actors["list.set"]) == ("site", "local")
    of_the_case = registry.audit(subject=f"case {lived.number}")
    assert [line.action for line in of_the_case] == ["case.open", "case.withdraw"]
    assert registry.audit(after=3, limit=2) == lines[3:5]
    assert registry.verify_audit() == (len(lines), lines[-1].digest)


def test_no_hash_and_no_secret_is_in_it_and_persons_times_are_hours(registry, lived):
    with registry._database.reading() as connection:
        codes = connection.scalars(select(schema.entries.c.code)).all()
        rows = connection.execute(select(LINES)).all()
    told = repr([row[:-1] for row in rows])
    for code in filter(None, codes):
        assert code.hex() not in told
    assert lived.secret_phrase not in told
    assert "hm_" not in told
    for row in rows:
        if row.actor in {"person", "site", "registry"}:
            assert (row.at.minute, row.at.second) == (0, 0)


def test_what_fails_leaves_no_line(registry, hashes):
    def fail():
        with registry._database.writing() as connection:
            audit.append(connection, clock.now(), "x", "y")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    registry.add("default", hashes(1), source="test")
    assert [line.number for line in registry.audit()] == [1]
    assert registry.verify_audit()[0] == 1


@pytest.mark.usefixtures("lived")
class TestTampering:
    @pytest.mark.parametrize(
        "change",
        [
            {"actor": "nobody"},
            {"action": "list.delete"},
            {"subject": "list x"},
            {"detail": "{}"},
            {"digest": bytes(32)},
        ],
    )
    def test_a_line_is_altered(self, registry, change):
        self.run(registry, update(LINES).where(LINES.c.number == 3).values(**change))
        with pytest.raises(AuditError, match="Line 3"):
            registry.verify_audit()

    def test_a_time_is_altered(self, registry):
        moved = registry.audit()[5].at.replace(year=2020)
        self.run(registry, update(LINES).where(LINES.c.number == 6).values(at=moved))
        with pytest.raises(AuditError, match="Line 6"):
            registry.verify_audit()

    @pytest.mark.parametrize("number", [1, 7])
    def test_a_line_is_removed(self, registry, number):
        self.run(registry, delete(LINES).where(LINES.c.number == number))
        with pytest.raises(AuditError, match=f"Line {number} of the audit is missing"):
            registry.verify_audit()

    def test_a_line_is_removed_and_the_others_move_up(self, registry):
        self.run(
            registry,
            delete(LINES).where(LINES.c.number == 4),
            *(
                update(LINES).where(LINES.c.number == number).values(number=number - 1)
                for number in range(5, 20)
            ),
        )
        with pytest.raises(AuditError, match="Line 4"):
            registry.verify_audit()

    def test_two_lines_are_exchanged(self, registry):
        self.run(
            registry,
            update(LINES).where(LINES.c.number == 4).values(number=1000),
            update(LINES).where(LINES.c.number == 5).values(number=4),
            update(LINES).where(LINES.c.number == 1000).values(number=5),
        )
        with pytest.raises(AuditError, match="Line 4"):
            registry.verify_audit()

    def test_the_end_is_cut_off(self, registry):
        kept = registry.verify_audit()
        self.run(registry, delete(LINES).where(LINES.c.number > 15))
        with pytest.raises(AuditError, match="ends at line 15"):
            registry.verify_audit()
        counters = schema.counters
        self.run(registry, update(counters).where(counters.c.name == "audit").values(value=15))
        assert registry.verify_audit()[0] == 15  # the chain alone cannot tell
        with pytest.raises(AuditError, match="had 19 lines before"):
            registry.verify_audit(*kept)

    def test_the_end_is_cut_off_and_written_anew(self, registry):
        kept = registry.verify_audit()
        counters = schema.counters
        self.run(
            registry,
            delete(LINES).where(LINES.c.number > 15),
            update(counters).where(counters.c.name == "audit").values(value=15),
        )
        for number in range(6):
            registry.create_list(f"list-{number}")
        registry.verify_audit()
        with pytest.raises(AuditError, match=r"Line 19 .* not the one that it was"):
            registry.verify_audit(*kept)

    def test_a_head_from_before_fits_for_ever(self, registry):
        kept = registry.verify_audit()
        registry.create_list("more")
        assert registry.verify_audit(*kept)[0] == kept[0] + 1
        assert registry.verify_audit(0, bytes(32))[0] == kept[0] + 1

    def run(self, registry, *statements):
        with registry._database.writing() as connection:
            for statement in statements:
                connection.execute(statement)


def test_many_writers_make_one_chain(place, hashes):
    some = [hashes(1) for _ in range(40)]
    with Registry.open(place) as registry:

        def write(mine):
            for each in mine:
                (entry,) = registry.add("default", each, source="test").entries
                registry.report("site", entry, [Sighting(entry, 100)])

        threads = [threading.Thread(target=write, args=(some[n::4],)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert registry.verify_audit()[0] == 80
        sequences = [change.sequence for change in registry.follow(0, 1000)]
        assert sequences == list(range(1, 82))
        assert len(registry.held()) == 40
