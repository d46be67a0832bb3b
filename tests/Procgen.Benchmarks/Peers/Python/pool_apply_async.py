"""Calls a second with every call submitted by Pool.apply_async at once, on a pool of 2. Argument: calls."""
import multiprocessing
import sys
from time import perf_counter


def square(x):
    return x * x


if __name__ == "__main__":
    count = int(sys.argv[1])
    with multiprocessing.Pool(2) as pool:
        for i in range(4):
            started = perf_counter()
            pending = [pool.apply_async(square, (x,)) for x in range(count)]
            results = [one.get() for one in pending]
            elapsed = perf_counter() - started
            if results[-1] != (count - 1) ** 2:
                sys.exit("wrong result")
            if i >= 1:
                print("=", count / elapsed, flush=True)
