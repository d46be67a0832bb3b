"""Milliseconds of a Manager of the start method in the first argument: start, one item of a dict, shutdown."""
import multiprocessing
import sys
from time import perf_counter

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    for i in range(13):
        started = perf_counter()
        with context.Manager() as manager:
            shared = manager.dict()
            shared[1] = i
            assert shared[1] == i
        if i >= 2:
            print("=", (perf_counter() - started) * 1e3, flush=True)
