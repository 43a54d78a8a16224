"""How time grows."""

import time


def assert_linear(run, text_of):
    """Check that `run` takes about twice the time for a text twice as long; `text_of` makes one by a number. Best of three."""

    def best(text):
        times = []
        for _ in range(3):
            start = time.perf_counter()
            run(text)
            times.append(time.perf_counter() - start)
        return min(times)

    assert best(text_of(20_000)) < 3.5 * best(text_of(10_000)) + 0.02
