"""The audit, the 48-hour clock, and the evidence of a case."""

from hashmatch.errors import AuditError
from hashmatch.registry import audit, case_numbers, clock, deadlines, evidence
from hashmatch.registry.audit import AuditLine
from hashmatch.registry.deadlines import CaseClock
from hashmatch.registry.doors.door import Door
from hashmatch.registry.evidence import Evidence


class Audit(Door):
    """Read and verify the audit; tell the times of cases."""

    def audit(
        self, after: int = 0, limit: int = 1_000, *, subject: str | None = None
    ) -> tuple[AuditLine, ...]:
        """The lines of the audit with numbers above ``after``, in order; () at the end.

        Args:
            after: a line's number.
            limit: how many lines at most.
            subject: only those on it, such as ``"case 4821-0937-5523"`` or ``"entry 17"``.
        """
        with self._database.reading() as connection:
            return audit.read(connection, after, limit, subject)

    def search_audit(
        self,
        before: int | None = None,
        limit: int = 100,
        *,
        actor: str = "",
        action: str = "",
        subject: str = "",
    ) -> tuple[AuditLine, ...]:
        """The newest lines of the audit, the newest first.

        Args:
            before: a line's number; only those below it.
            limit: how many lines at most.
            actor: only those of this actor.
            action: only those whose action begins so: ``"review."``, ``"case.open"``.
            subject: only those on it, such as ``"entry 17"``.
        """
        with self._database.reading() as connection:
            return audit.search(
                connection, before, limit, actor=actor, action=action, subject=subject
            )

    def verify_audit(self, count: int = 0, digest: bytes | None = None) -> tuple[int, bytes]:
        """Check every line of the audit, and that it goes on from where it once was.

        Args:
            count: how many lines it had, as somebody kept it elsewhere.
            digest: the digest of the last of them.

        Returns:
            How many lines it has now, and the digest of the last one: what is to be kept.

        Raises:
            AuditError: a line was altered, removed, added or moved, or the end was cut off.
        """
        with self._database.reading() as connection:
            now = audit.verify(connection)
            if digest is not None:
                if count > now[0]:
                    raise AuditError(
                        f"The audit ends at line {now[0]}, and had {count} lines before."
                    )
                if audit.digest_of(connection, count) != digest:
                    raise AuditError(
                        f"Line {count} of the audit is not the one that it was: up to there, it "
                        "was written anew."
                    )
            return now

    def case_clock(self, number: str) -> CaseClock:
        """When a case was received, served, matched and settled, at each platform.

        Raises:
            CaseNotFoundError: there is none of that number.
        """
        tidy = case_numbers.tidy(number) or number[:40]
        with self._database.reading() as connection:
            return deadlines.read(connection, tidy, clock.now())

    def overdue_cases(self, limit: int = 1_000) -> tuple[CaseClock, ...]:
        """The open cases for which a platform has not done in time what it is to do."""
        with self._database.reading() as connection:
            return deadlines.overdue(connection, clock.now(), limit)

    def count_overdue_cases(self) -> int:
        """How many those are."""
        with self._database.reading() as connection:
            return deadlines.count_overdue(connection, clock.now())

    def evidence(self, number: str) -> Evidence:
        """All that is known of a case; that it was asked for is audited.

        Raises:
            CaseNotFoundError: there is none of that number.
        """
        with self._database.writing() as connection:
            found = evidence.gather(connection, number, clock.now())
            audit.append(connection, clock.now(), "audit.export", f"case {found.number}")
            return found
