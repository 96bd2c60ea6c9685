"""The registry against a model made of dicts: whatever is done, in whatever order, they agree."""

import tempfile
from hashlib import sha256

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from submitting import one_picture

from hashmatch.errors import ListExistsError, ListNotFoundError
from hashmatch.registry import Registry, Sighting
from hashmatch.types import Hash

LISTS = st.sampled_from(["default", "one", "two"])
WIDTHS = {"pdq": 32, "md5": 16}
HASHES = st.lists(  # few different ones, so that they meet again
    st.builds(
        lambda hasher, seed: Hash(hasher, sha256(bytes([seed])).digest()[: WIDTHS[hasher]]),
        st.sampled_from(["pdq", "md5"]),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=4,
)


class RegistryModel(RuleBasedStateMachine):
    cases = Bundle("cases")

    @initialize()
    def open(self):
        self.folder = tempfile.TemporaryDirectory()
        self.place = self.new_place()
        self.registry = Registry.open(self.place)
        # list → (hasher, code) → [entry, whether the keeper holds it, cases that hold it]
        self.lists = {"default": {}}
        self.followed = 0
        self.held = {}
        self.followers_held = {}
        self.audited = (0, None)
        self.followers_entries = {}

    def new_place(self):
        return self.folder.name

    def teardown(self):
        self.registry.close()
        self.folder.cleanup()

    @rule(name=LISTS)
    def create_list(self, name):
        if name in self.lists:
            with pytest.raises(ListExistsError):
                self.registry.create_list(name)
        else:
            self.registry.create_list(name)
            self.lists[name] = {}

    @rule(name=LISTS)
    def remove_list(self, name):
        if name in self.lists:
            assert self.registry.remove_list(name) == len(self.lists.pop(name))
        else:
            with pytest.raises(ListNotFoundError):
                self.registry.remove_list(name)

    def _put(self, name, hashes, ids):
        """Note the entries in the model; those that were there must have kept their ids."""
        entries = self.lists[name]
        for value, entry in zip(hashes, ids, strict=True):
            known = entries.setdefault((value.hasher, value.code), [entry, False, set()])
            assert known[0] == entry
            yield known

    @rule(name=LISTS, hashes=HASHES)
    def add(self, name, hashes):
        if name not in self.lists:
            with pytest.raises(ListNotFoundError):
                self.registry.add(name, hashes, source="test")
            return
        before = len(self.lists[name])
        added = self.registry.add(name, hashes, source="test")
        for known in self._put(name, hashes, added.entries):
            known[1] = True
        assert len(added.new) == len(self.lists[name]) - before

    @rule(target=cases, name=LISTS, hashes=HASHES)
    def submit(self, name, hashes):
        if name not in self.lists:
            with pytest.raises(ListNotFoundError):
                self.registry.submit(one_picture(hashes), name)
            return multiple()
        receipt = self.registry.submit(one_picture(hashes), name)
        by_key = self._ids(name)
        for known in self._put(name, hashes, [by_key[v.hasher, v.code] for v in hashes]):
            known[2].add(receipt.number)
            assert known[0] in receipt.entries
        return receipt

    def _ids(self, name):
        list_id = self.registry.hash_list(name).id
        return {
            (hasher, bytes(code)): int(entry)
            for hasher in ("pdq", "md5")
            for batch in self.registry.entries(hasher)
            for entry, code, of in zip(batch.ids, batch.codes, batch.list_ids, strict=True)
            if of == list_id
        }

    @rule(receipt=consumes(cases))
    def withdraw_case(self, receipt):
        self.registry.withdraw_case(receipt.number, receipt.secret_phrase)
        for entries in self.lists.values():
            for key, (_, direct, holders) in list(entries.items()):
                if receipt.number in holders:
                    holders.remove(receipt.number)
                    if not direct and not holders:
                        del entries[key]

    @rule(data=st.data())
    def withdraw(self, data):
        known = sorted(e[0] for entries in self.lists.values() for e in entries.values())
        ids = data.draw(st.lists(st.sampled_from([*known, 10**6]), max_size=3))
        gone = self.registry.withdraw(ids)
        assert gone == tuple(sorted(set(ids) - {10**6}))
        for entries in self.lists.values():
            for key, (entry, *_) in list(entries.items()):
                if entry in gone:
                    del entries[key]

    @rule(data=st.data(), decision=st.sampled_from(["demote", "confirm"]))
    def decide(self, data, decision):
        known = sorted(e[0] for entries in self.lists.values() for e in entries.values())
        if not known:
            return
        entry = data.draw(st.sampled_from(known))
        self.registry.decide(entry, decision)
        if decision == "demote":
            self.held[entry] = "operator"  # whatever held it back before
        else:
            self.held.pop(entry, None)

    @rule(data=st.data(), uploads=st.sampled_from([1, 30, 60]))
    def report(self, data, uploads):
        known = sorted(e[0] for entries in self.lists.values() for e in entries.values())
        if not known:
            return
        entry = data.draw(st.sampled_from(known))
        for held in self.registry.report("site", 0, [Sighting(entry, uploads)]):
            assert held == entry
            assert held not in self.held
            self.held[held] = "flood"

    @rule()
    def open_again(self):
        self.registry.close()
        self.registry = Registry.open(self.place)

    @rule(limit=st.integers(1, 5))
    def follow(self, limit):
        for change in self.registry.follow(self.followed, limit):
            self.followed += 1
            assert change.sequence == self.followed
            if change.kind == "add" and change.code is not None:
                self.followers_entries[change.entry] = change.list_id
                self._note_held(change)
            elif change.kind in {"hold", "release"}:
                self._note_held(change)
            elif change.kind == "withdraw":
                self.followers_held.pop(change.entry, None)
                self.followers_entries.pop(change.entry, None)
            elif change.kind == "remove_list":
                self.followers_entries = {
                    entry: of
                    for entry, of in self.followers_entries.items()
                    if of != change.list_id
                }

    def _note_held(self, change):
        self.followers_held.pop(change.entry, None)
        if change.held is not None:
            self.followers_held[change.entry] = change.held

    @invariant()
    def what_is_held_back_is_what_the_model_holds_back(self):
        known = {e[0] for entries in self.lists.values() for e in entries.values()}
        self.held = {entry: why for entry, why in self.held.items() if entry in known}
        assert self.registry.held() == self.held
        assert {each.entry: each.held for each in self.registry.reviews()} == self.held

    @invariant()
    def the_audit_is_sound(self):
        lines, digest = self.registry.verify_audit(*self.audited)
        self.audited = (lines, digest)

    @invariant()
    def lists_hold_what_the_model_holds(self):
        assert {known.name for known in self.registry.lists()} == set(self.lists)
        for name, entries in self.lists.items():
            assert self._ids(name) == {key: entry for key, (entry, *_) in entries.items()}
            assert self.registry.count_entries(name) == len(entries)

    @invariant()
    def a_follower_at_the_end_holds_what_the_model_holds(self):
        if self.followed == self.registry.sequence():
            held = {entry for entries in self.lists.values() for entry, *_ in entries.values()}
            assert set(self.followers_entries) == held
            of_lists = {e: why for e, why in self.followers_held.items() if e in held}
            assert of_lists == self.held


class TestRegistryModel(RegistryModel.TestCase):
    settings = settings(max_examples=25, stateful_step_count=25)

    @pytest.fixture(autouse=True)
    def _quick_phrases(self, quick_phrases):
        """See `quick_phrases`."""


class TestPostgresModel:
    """The same, with fewer examples: each has a database of its own."""

    @pytest.mark.usefixtures("quick_phrases")
    def test_model(self, postgres):
        class PostgresModel(RegistryModel):
            def new_place(self):
                return postgres.new_registry()

        run_state_machine_as_test(
            PostgresModel,
            settings=settings(max_examples=8, stateful_step_count=25),
        )
