"""Nanoseconds of one acquire and release of a Lock that nobody else wants."""
import multiprocessing
from time import perf_counter

if __name__ == "__main__":
    lock = multiprocessing.Lock()
    acquire, release = lock.acquire, lock.release
    for i in range(9):
        started = perf_counter()
        for _ in range(200_000):
            acquire()
            release()
        if i >= 2:
            print("=", (perf_counter() - started) * 1e9 / 200_000, flush=True)
