"""Messages of 1 MiB a second over a Pipe, one way, each acknowledged at the end of a batch of 64."""
import multiprocessing
from time import perf_counter


def drain(connection):
    while True:
        for _ in range(64):
            if not connection.recv_bytes():
                return
        connection.send(True)


if __name__ == "__main__":
    near, far = multiprocessing.Pipe()
    child = multiprocessing.Process(target=drain, args=(far,))
    child.start()
    message = bytes(1 << 20)
    for i in range(9):
        started = perf_counter()
        for _ in range(64):
            near.send_bytes(message)
        near.recv()
        if i >= 2:
            print("=", 64 / (perf_counter() - started), flush=True)
    near.send_bytes(b"")
    child.join()
