"""Tasks that wait for a message that does not come."""
import asyncio


async def wait(box):
  while await box.get() is not None:
    pass


async def park(n):
  """Makes n tasks that wait, each on a queue of its own."""
  tasks = [asyncio.create_task(wait(asyncio.Queue(256))) for _ in range(n)]
  await asyncio.sleep(0)
  return tasks
