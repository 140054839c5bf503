-- Counts the words of a file, and shows the table of counts at the end.
--
--     kam 03-word-count.lua words.txt
local kam = require "kam"

local WordCount = kam.component "WordCount" {
  summary = "Counts words, and sends the table of counts at the end.",
  main = function(self)
    local counts = {}
    for line in self:messages() do
      for word in line:gmatch "%a+" do
        counts[word] = (counts[word] or 0) + 1
      end
    end
    self:send(counts)
  end,
}

kam.Pipeline {
  kam.FileReader { arg[1], lines = true },
  WordCount(),
  kam.ConsoleEchoer(),
}:run()
