"""Microseconds for a small message to another process and back over a duplex Pipe."""
import multiprocessing
from time import perf_counter


def echo(connection):
    while True:
        message = connection.recv()
        if message is None:
            return
        connection.send(message)


if __name__ == "__main__":
    near, far = multiprocessing.Pipe()
    child = multiprocessing.Process(target=echo, args=(far,))
    child.start()
    for i in range(9):
        started = perf_counter()
        for x in range(2000):
            near.send(x)
            near.recv()
        if i >= 2:
            print("=", (perf_counter() - started) * 1e6 / 2000, flush=True)
    near.send(None)
    child.join()
