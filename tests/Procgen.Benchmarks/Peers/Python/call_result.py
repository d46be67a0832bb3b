"""Milliseconds for one call with its result in a fresh child that is then joined. Argument: the start method."""
import multiprocessing
import sys
from time import perf_counter


def square(x, connection):
    connection.send(x * x)


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    for i in range(18):
        started = perf_counter()
        near, far = context.Pipe(False)
        child = context.Process(target=square, args=(i, far))
        child.start()
        if near.recv() != i * i:
            sys.exit("wrong result")
        child.join()
        if i >= 3:
            print("=", (perf_counter() - started) * 1000, flush=True)
