"""Records of 64 bytes a second through one Queue, 4 producers and 4 consumers. Argument: records for each producer."""
import multiprocessing
import sys
from time import perf_counter


def produce(queue, gate, count):
    record = bytes(64)
    gate.wait()
    for _ in range(count):
        queue.put(record)


def consume(queue, gate, count):
    gate.wait()
    for _ in range(count):
        if len(queue.get()) != 64:
            sys.exit("wrong record")


if __name__ == "__main__":
    count = int(sys.argv[1])
    for i in range(3):
        queue = multiprocessing.Queue()
        gate = multiprocessing.Barrier(9)
        workers = [multiprocessing.Process(target=work, args=(queue, gate, count)) for work in [produce, consume] * 4]
        for worker in workers:
            worker.start()
        gate.wait()
        started = perf_counter()
        for worker in workers:
            worker.join()
        if i >= 1:
            print("=", 4 * count / (perf_counter() - started), flush=True)
