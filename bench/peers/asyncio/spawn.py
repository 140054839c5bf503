"""Tasks that live for one message."""
import asyncio

from bench import count, measure, sum_to, variant


async def alive(n):
  """Makes n tasks, then feeds each one message, and waits for all."""
  boxes = [asyncio.Queue(1) for _ in range(n)]
  tasks = [asyncio.create_task(box.get()) for box in boxes]
  for i, box in enumerate(boxes):
    await box.put(i + 1)
  return sum([await task for task in tasks])


async def sequence(n):
  """Makes a task, feeds it, and waits for its end, n times."""
  total = 0
  for i in range(1, n + 1):
    box = asyncio.Queue(1)
    task = asyncio.create_task(box.get())
    await box.put(i)
    total += await task
  return total


async def main():
  run = {"alive": alive, "sequence": sequence}[variant]
  await run(count // 10)
  await measure(count, run(count), sum_to(count))


asyncio.run(main())
