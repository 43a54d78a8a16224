"""How time grows."""

import gc
import time


def assert_linear(run, text_of):
    """
    Check that `run` takes about twice the time for a text twice as long; `text_of` makes one by a number. Best of three.

    The collector rests meanwhile: what it looks at is what all tests before have left, which is no part of what grows here.
    """

    def best(text):
        times = []
        for _ in range(3):
            start = time.perf_counter()
            run(text)
            times.append(time.perf_counter() - start)
        return min(times)

    collects = gc.isenabled()
    gc.disable()
    try:
        assert best(text_of(20_000)) < 3.5 * best(text_of(10_000)) + 0.02
    finally:
        if collects:
            gc.enable()
