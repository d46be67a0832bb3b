"""Integers a second from one producer process to one consumer. Arguments: Queue or SimpleQueue, items."""
import multiprocessing
import sys
from time import perf_counter


def produce(queue, go, count):
    for _ in range(4):
        go.acquire()
        for x in range(count):
            queue.put(x)


if __name__ == "__main__":
    count = int(sys.argv[2])
    queue = multiprocessing.Queue() if sys.argv[1] == "Queue" else multiprocessing.SimpleQueue()
    go = multiprocessing.Semaphore(0)
    producer = multiprocessing.Process(target=produce, args=(queue, go, count))
    producer.start()
    for i in range(4):
        started = perf_counter()
        go.release()
        for x in range(count):
            if queue.get() != x:
                sys.exit("wrong item")
        if i >= 1:
            print("=", count / (perf_counter() - started), flush=True)
    producer.join()
