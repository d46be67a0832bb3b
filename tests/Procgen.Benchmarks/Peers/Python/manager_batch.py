"""Items a second through a Manager's proxies, one at a time. Argument: append (to a list) or get (from a dict)."""
import multiprocessing
import sys
from time import perf_counter

COUNT = 5000

if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        known = manager.dict({x: x for x in range(COUNT)})
        for i in range(5):
            items = manager.list()
            started = perf_counter()
            if sys.argv[1] == "append":
                for x in range(COUNT):
                    items.append(x)
            else:
                for x in range(COUNT):
                    known[x]
            if i >= 1:
                print("=", COUNT / (perf_counter() - started), flush=True)
