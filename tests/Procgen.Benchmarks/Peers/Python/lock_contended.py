"""Nanoseconds for each acquire and release of a Lock that 2 processes want all the time."""
import multiprocessing
from time import perf_counter

COUNT = 500_000


def work(lock, gate, report):
    acquire, release = lock.acquire, lock.release
    gate.wait()
    started = perf_counter()
    for _ in range(COUNT):
        acquire()
        release()
    report.send((started, perf_counter()))


if __name__ == "__main__":
    for i in range(5):
        lock = multiprocessing.Lock()
        gate = multiprocessing.Barrier(2)
        pipes = [multiprocessing.Pipe(False) for _ in range(2)]
        workers = [multiprocessing.Process(target=work, args=(lock, gate, far)) for _, far in pipes]
        for worker in workers:
            worker.start()
        times = [near.recv() for near, _ in pipes]
        for worker in workers:
            worker.join()
        if i >= 1:
            elapsed = max(end for _, end in times) - min(start for start, _ in times)
            print("=", elapsed * 1e9 / (2 * COUNT), flush=True)
