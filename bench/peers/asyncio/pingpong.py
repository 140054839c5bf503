"""Two pass one number to and fro, counting up, until it is count (even)."""
import asyncio

from bench import count, measure


async def pong(to, fro):
  while (i := await to.get()) is not None:
    await fro.put(i + 1)


async def rally(n):
  to, fro = asyncio.Queue(1), asyncio.Queue(1)
  other = asyncio.create_task(pong(to, fro))
  i = 0
  while i < n:
    await to.put(i + 1)
    i = await fro.get()
  await to.put(None)
  await other
  return i


async def main():
  await rally(count // 10 * 2)
  await measure(count, rally(count), count)


asyncio.run(main())
