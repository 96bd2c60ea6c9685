"""Cases: what persons submit, look up and take back."""

from collections.abc import Collection, Iterable
from typing import Final

from hashmatch.registry import (
    cases,
    lists,
    phrases,
    retries,
)
from hashmatch.registry.cases import Case, CaseReceipt
from hashmatch.registry.doors.door import Door
from hashmatch.registry.fingerprints import Picture

DEFAULT_LIST: Final = "default"


class Cases(Door):
    """Open, show and withdraw cases."""

    def submit(
        self,
        pictures: Iterable[Picture],
        list_name: str = DEFAULT_LIST,
        *,
        retry_key: str | None = None,
        near_allowed: Collection[int] = (),
    ) -> CaseReceipt:
        """Open a case: what a person submits, and can take back with the secret phrase.

        Args:
            pictures: at least one, each with at least one fingerprint.
            list_name: the list.
            retry_key: makes a repeated request return the receipt of the first, and nothing new:
                22 to 200 visible ASCII characters, random for each case, and as secret as the
                phrase.
            near_allowed: the positions of pictures that are near an entry of an allow-list: what
                is new of them is held back. A registry does not search; `hashmatch.matching.submit`
                does, and calls this.

        Raises:
            InvalidHashError: nothing at all, a hash that is not of its hasher's form, or an
                unknown kind of fingerprint.
            SubmissionRefusedError: no picture can be looked for; says why for each.
            UnknownHasherError: a hasher that the registry does not know.
            ListNotFoundError: there is no such list.
            InvalidListError: the list is one of harmless pictures.
            InvalidRetryKeyError: a key that is none, or that came with another request before.
        """
        pictures = tuple(map(tuple, pictures))
        salt = retries.new_salt()
        phrase = (
            phrases.new() if retry_key is None else retries.phrase(retries.checked(retry_key), salt)
        )
        phrase_hash = phrases.hash_of(phrase)
        with self._database.writing() as connection:
            if retry_key is not None:
                before = retries.find(connection, retry_key, list_name, pictures)
                if before is not None:
                    return cases.receipt(connection, *before)
            hash_list = lists.read_list(connection, list_name)
            receipt = cases.submit(
                connection, hash_list, pictures, phrase, phrase_hash, near_allowed
            )
            if retry_key is not None:
                retries.note(connection, retry_key, salt, receipt.number, list_name, pictures)
            return receipt

    def case(self, number: str) -> Case:
        """How a case stands.

        Raises:
            CaseNotFoundError: there is none of that number, or it is mistyped.
        """
        with self._database.reading() as connection:
            return cases.read(connection, number)

    def withdraw_case(self, number: str, secret_phrase: str) -> Case:
        """Take a case back. Entries leave the list unless somebody else put them there as well.

        Doing it again is fine.

        Raises:
            CaseNotFoundError: there is no such case, or the phrase is not its phrase.
        """
        with self._database.reading() as connection:
            kept = cases.phrase_hash(connection, number)
        if not phrases.fits(secret_phrase, kept):
            cases.refuse(number)
        with self._database.erasing() as connection:
            cases.withdraw(connection, number)
            return cases.read(connection, number)
