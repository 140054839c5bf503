"""A chain of 1,000 relays, count messages; alone, or among 100,000 tasks that are idle."""
import asyncio
import os

from bench import count, measure, sum_to, variant
from chain import chain
from park import park


def same(i):
  return i


async def main():
  idle = await park(100000) if variant == "among" else []
  await chain(1000, count // 10, same, same)
  await measure(1001 * count, chain(1000, count, same, same), sum_to(count))
  assert not any(task.done() for task in idle)
  os._exit(0) # at once, without an end for each


asyncio.run(main())
