"""Microseconds of one method call on an object of an own class in a BaseManager."""
import multiprocessing.managers
from time import perf_counter


class Tally:
    def __init__(self):
        self.value = 0

    def add(self, by):
        self.value += by
        return self.value


class TallyManager(multiprocessing.managers.BaseManager):
    pass


TallyManager.register("Tally", Tally)

if __name__ == "__main__":
    with TallyManager() as manager:
        tally = manager.Tally()
        for i in range(9):
            started = perf_counter()
            for x in range(2000):
                tally.add(x)
            if i >= 2:
                print("=", (perf_counter() - started) * 1e6 / 2000, flush=True)
