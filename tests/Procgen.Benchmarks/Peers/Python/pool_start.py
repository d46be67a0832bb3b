"""Milliseconds from making a pool of 2 to its first result. Argument: the start method."""
import multiprocessing
import sys
from time import perf_counter


def square(x):
    return x * x


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    for i in range(8):
        started = perf_counter()
        pool = context.Pool(2)
        if pool.apply(square, (3,)) != 9:
            sys.exit("wrong result")
        elapsed = perf_counter() - started
        pool.close()
        pool.join()
        if i >= 1:
            print("=", elapsed * 1000, flush=True)
