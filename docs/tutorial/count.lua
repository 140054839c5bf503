-- What stands after the loop is done at the end of work.
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
  kam.ConsoleReader(),
  WordCount(),
  kam.ConsoleEchoer(),
}:run()

--< the cat sees the dog
--< the dog sees nothing
--> { cat = 1, dog = 2, nothing = 1, sees = 2, the = 3 }
