"""Items a second through Pool.imap on a pool of 2. Argument: items."""
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
            total = sum(pool.imap(square, range(count)))
            elapsed = perf_counter() - started
            if total != sum(x * x for x in range(count)):
                sys.exit("wrong result")
            if i >= 1:
                print("=", count / elapsed, flush=True)
