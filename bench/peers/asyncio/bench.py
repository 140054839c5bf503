"""What the rows share: their arguments, CPU time, the RESULT line."""
import sys
import time

variant, count = sys.argv[1], int(sys.argv[2])


async def measure(ops, work, want):
  """Prints the CPU time of the coroutine work, which is to give want."""
  start = time.process_time_ns()
  got = await work
  result(time.process_time_ns() - start, ops)
  if got != want:
    sys.exit("wrong result")


def result(spent, ops, more=""):
  print(f"RESULT cpu_ns={spent} ops={ops}{more}", flush=True)


def rss():
  """Resident bytes of this process."""
  with open("/proc/self/statm", encoding="ascii") as statm:
    return int(statm.read().split()[1]) * 4096


def sum_to(n):
  """1 + 2 + … + n"""
  return n * (n + 1) // 2
