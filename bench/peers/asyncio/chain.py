"""Sends messages from a source through relays in a row to a sink."""
import asyncio


async def send(to, n, message):
  for i in range(1, n + 1):
    await to.put(message(i))
  await to.put(None)


async def relay(source, to):
  while (m := await source.get()) is not None:
    await to.put(m)
  await to.put(None)


async def chain(depth, n, message, value):
  """The sum of the values of n messages."""
  queues = [asyncio.Queue(256) for _ in range(depth + 1)]
  tasks = [asyncio.create_task(send(queues[0], n, message))]
  tasks += [asyncio.create_task(relay(*pair)) for pair in zip(queues, queues[1:])]
  total = 0
  while (m := await queues[-1].get()) is not None:
    total += value(m)
  await asyncio.gather(*tasks)
  return total
