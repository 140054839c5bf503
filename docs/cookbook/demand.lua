-- Only when asked: a source that sends one part for each request, so that who takes decides
-- on the pace.
local kam = require "kam"

kam.Pipeline {
  kam.DataSource { "chapter one\n", "chapter two\n", "chapter three\n" },
  kam.FileWriter "book.txt",
}:run()

-- What is asked for is a number of lines: one for each turn. A key could turn as well as a timer.
kam.Graphline {
  TURN = kam.PeriodicTick { 0.05, count = 2 },
  ONE  = kam.TriggeredSource(1),
  READ = kam.PromptedFileReader { "book.txt", lines = true },
  SHOW = kam.ConsoleEchoer(),
  linkages = { "TURN -> ONE -> READ -> SHOW" },
}:run()

-- A turnstile does so with any source. Nothing is lost: what is not asked for waits.
kam.Graphline {
  WORDS = kam.DataSource { "first", "second", "third" },
  ASK   = kam.DataSource { "next", "next" },
  GATE  = kam.PromptedTurnstile(),
  SHOW  = kam.ConsoleEchoer(),
  linkages = { "WORDS -> GATE -> SHOW", "ASK -> GATE.next" },
}:run()

--> chapter one
--> chapter two
--> first
--> second
