"""Microseconds of one Pool.apply, one at a time, on a pool of 2."""
import multiprocessing
from time import perf_counter


def square(x):
    return x * x


if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        for i in range(9):
            started = perf_counter()
            for x in range(500):
                pool.apply(square, (x,))
            if i >= 2:
                print("=", (perf_counter() - started) * 1e6 / 500, flush=True)
