"""A source, ten relays in a row, a sink."""
import asyncio

from bench import count, measure, sum_to, variant
from chain import chain

words = [f"{i:016}" for i in range(256)]
variants = {
  "ints": (lambda i: i, lambda m: m, sum_to(count)),
  "strings": (lambda i: words[i % 256], len, 16 * count),
  "tables": (lambda i: [i], lambda m: m[0], sum_to(count)),
}
message, value, want = variants[variant]


async def main():
  await chain(10, count // 10, message, value)
  await measure(11 * count, chain(10, count, message, value), want)


asyncio.run(main())
