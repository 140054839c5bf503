-- Waiting in a function that gsub calls.
local kam = require "kam"
local Words = kam.component "Words" {
  main = function(self)
    for m in self:messages() do
      m:gsub("%a+", function() self:recv() end)
      self:send(m)
    end
  end,
}
kam.Pipeline { kam.OneShot "a b", Words(), kam.ConsoleEchoer() }:run()
--! exit 1
--! recv cannot wait here
--! collect the values first
--mend: m:gsub("%a+", function() self:recv() end) ==> m = m:gsub("%a+", string.upper)
