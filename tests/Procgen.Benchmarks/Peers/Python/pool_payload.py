"""Milliseconds for an argument of 8 MiB and the same bytes back, on a pool of 1."""
import multiprocessing
import sys
from time import perf_counter


def echo(data):
    return data


if __name__ == "__main__":
    data = bytes(8 << 20)
    with multiprocessing.Pool(1) as pool:
        for i in range(10):
            started = perf_counter()
            back = pool.apply(echo, (data,))
            elapsed = perf_counter() - started
            if len(back) != len(data):
                sys.exit("wrong result")
            if i >= 2:
                print("=", elapsed * 1000, flush=True)
