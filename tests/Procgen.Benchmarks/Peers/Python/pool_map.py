"""Items a second through Pool.map on a pool of 2. Arguments: items, chunk size (0: the default), and "first" for the first map only."""
import multiprocessing
import sys
from time import perf_counter


def square(x):
    return x * x


if __name__ == "__main__":
    count = int(sys.argv[1])
    chunk = int(sys.argv[2]) or None
    first = sys.argv[3:] == ["first"]
    with multiprocessing.Pool(2) as pool:
        for i in range(1 if first else 5):
            started = perf_counter()
            results = pool.map(square, range(count), chunk)
            elapsed = perf_counter() - started
            if results[-1] != (count - 1) ** 2:
                sys.exit("wrong result")
            if first or i >= 1:
                print("=", count / elapsed, flush=True)
