"""Milliseconds to start an empty child and join it. Argument: the start method."""
import multiprocessing
import sys
from time import perf_counter


def empty():
    pass


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    for i in range(18):
        started = perf_counter()
        child = context.Process(target=empty)
        child.start()
        child.join()
        if i >= 3:
            print("=", (perf_counter() - started) * 1000, flush=True)
