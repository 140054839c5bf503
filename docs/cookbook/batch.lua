-- Messages in lists: Batch for lists of up to so many, as a database likes them;
-- Window for the last so many, as a moving average needs them. Flatten undoes both.
local kam = require "kam"

kam.Pipeline { kam.Sequence { to = 7 }, kam.Batch(3), kam.ConsoleEchoer() }:run()

-- A list that is not full goes when it has waited long enough.
local function slow(self)
  for _, word in ipairs { "one", "two", "three" } do
    self:send(word)
    self:sleep(0.15)
  end
end

kam.Pipeline { kam.main(slow), kam.Batch { 100, seconds = 0.2 }, kam.ConsoleEchoer() }:run()

kam.Pipeline {
  kam.DataSource { 20, 22, 24, 17, 13 },
  kam.Window(3),
  kam.Sum(),
  kam.map(function(sum) return sum / 3 end),
  kam.ConsoleEchoer(),
}:run()

--> { 1, 2, 3 }
--> { 4, 5, 6 }
--> { 7 }
--> { "one", "two" }
--> { "three" }
--> 22
--> 21
--> 18
