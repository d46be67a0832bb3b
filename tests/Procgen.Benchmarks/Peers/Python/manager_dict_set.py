"""Microseconds of one d[key] = value through a Manager's dict proxy."""
import multiprocessing
from time import perf_counter

if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        shared = manager.dict()
        for i in range(9):
            started = perf_counter()
            for x in range(2000):
                shared[x] = x
            if i >= 2:
                print("=", (perf_counter() - started) * 1e6 / 2000, flush=True)
