"""What all benchmarks share: peers measured in one run, turn by turn, and their ratios printed."""

import statistics
import time

import pytest

RATIOS = []


class Race:
    """Runs competitors in turn (A B A B …), so that a drift of the machine meets them alike."""

    def __init__(self, name):
        self.name = name

    def run(self, competitors, rounds):
        """Times of each competitor in seconds, one a round, after a round to warm up."""
        times = {name: [] for name in competitors}
        for round_ in range(rounds + 1):
            for name, call in competitors.items():
                begin = time.perf_counter()
                call()
                if round_:
                    times[name].append(time.perf_counter() - begin)
        return times

    def compare(self, benchmark, ours, peers, rounds=7):
        """Race ours against the peers, and keep the ratios.

        ``benchmark`` gets our times too, so that pytest-benchmark's tables and files hold them.
        """
        self.keep(benchmark, self.run({"ours": ours, **peers}, rounds))
        benchmark.pedantic(ours, rounds=rounds)

    def keep(self, benchmark, times):
        """Keep the ratios of medians and of means for the summary and for the benchmark's file."""
        for peer in times.keys() - {"ours"}:
            median = statistics.median(times[peer]) / statistics.median(times["ours"])
            mean = statistics.fmean(times[peer]) / statistics.fmean(times["ours"])
            benchmark.extra_info[f"ratio to {peer}"] = {"median": median, "mean": mean}
            RATIOS.append((self.name, peer, times["ours"], times[peer], median, mean))


@pytest.fixture
def race(request):
    return Race(request.node.name.removeprefix("test_"))


def pytest_terminal_summary(terminalreporter):
    if not RATIOS:
        return
    write = terminalreporter.write_line
    terminalreporter.section("ratios to the peers, measured turn by turn")
    write(f"{'':48}{'peer':30}{'ours':>10}{'peer':>10}{'median':>9}{'mean':>8}")
    for name, peer, ours, theirs, median, mean in RATIOS:
        a, b = (f"{statistics.median(times) * 1e3:.3f} ms" for times in (ours, theirs))
        write(f"{name[:47]:48}{peer:30}{a:>10}{b:>11}{median:>8.1f}x{mean:>7.1f}x")
