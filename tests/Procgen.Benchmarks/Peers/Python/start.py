"""Milliseconds that a caller waits in starting an empty child, which is joined outside of them. Argument: the start method."""
import multiprocessing
import sys
from time import perf_counter


def empty():
    pass


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    for i in range(18):
        child = context.Process(target=empty)
        started = perf_counter()
        child.start()
        elapsed = perf_counter() - started
        child.join()
        if i >= 3:
            print("=", elapsed * 1000, flush=True)
