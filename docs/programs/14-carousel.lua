-- Plays one file after another: the list is asked for the next when one has ended.
local kam = require "kam"

kam.Graphline {
  LIST   = kam.Chooser { items = { "a.txt", "b.txt", "c.txt" } },
  PLAYER = kam.Carousel { kam.FileReader, make1stRequest = false },
  OUT    = kam.ConsoleEchoer { eol = "" },
  linkages = {
    "LIST -> PLAYER.next",
    "PLAYER.requestNext -> LIST",
    "PLAYER -> OUT",
  },
}:run()
