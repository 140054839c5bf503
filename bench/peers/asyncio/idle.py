"""Tasks that wait for a message that does not come."""
import asyncio
import os
import time

from bench import count, result, rss
from park import park


async def main():
  tasks = await park(100)
  before, start = rss(), time.process_time_ns()
  tasks += await park(count)
  spent, after = time.process_time_ns() - start, rss()
  assert not any(task.done() for task in tasks)
  result(spent, count, f" rss={after - before}")
  os._exit(0) # at once, without an end for each


asyncio.run(main())
