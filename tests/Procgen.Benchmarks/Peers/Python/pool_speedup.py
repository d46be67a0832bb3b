"""Speed-up of a CPU-bound map of 64 equal items from a pool of 1 to a pool of 2."""
import multiprocessing
from time import perf_counter


def burn(count):
    x = 1
    for _ in range(count):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
    return x


def seconds(processes):
    with multiprocessing.Pool(processes) as pool:
        pool.map(burn, [1000] * (2 * processes), 1)
        started = perf_counter()
        pool.map(burn, [60_000] * 64, 1)
        return perf_counter() - started


if __name__ == "__main__":
    for _ in range(5):
        print("=", seconds(1) / seconds(2), flush=True)
