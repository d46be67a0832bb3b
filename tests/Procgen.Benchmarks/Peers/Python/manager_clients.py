"""Sets a second by 8 client processes at once on one Manager's dict. Argument: sets for each client."""
import multiprocessing
import sys
from time import perf_counter


def work(shared, gate, first, count):
    gate.wait()
    for x in range(first, first + count):
        shared[x] = x


if __name__ == "__main__":
    count = int(sys.argv[1])
    with multiprocessing.Manager() as manager:
        for i in range(4):
            shared = manager.dict()
            gate = multiprocessing.Barrier(9)
            clients = [multiprocessing.Process(target=work, args=(shared, gate, n * count, count)) for n in range(8)]
            for client in clients:
                client.start()
            gate.wait()
            started = perf_counter()
            for client in clients:
                client.join()
            if len(shared) != 8 * count:
                sys.exit("items are missing")
            if i >= 1:
                print("=", 8 * count / (perf_counter() - started), flush=True)
