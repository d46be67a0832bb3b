"""Items a second through Pool.map on a pool of 2. Arguments: items, chunk size (0: the default)."""
import multiprocessing
import sys
from time import perf_counter


def square(x):
    return x * x


if __name__ == "__main__":
    count = int(sys.argv[1])
    chunk = int(sys.argv[2]) or None
    with multiprocessing.Pool(2) as pool:
        for i in range(5):
            started = perf_counter()
            results = pool.map(square, range(count), chunk)
            elapsed = perf_counter() - started
            if results[-1] != (count - 1) ** 2:
                sys.exit("wrong result")
            if i >= 1:
                print("=", count / elapsed, flush=True)
