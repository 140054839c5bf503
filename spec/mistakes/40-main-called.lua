-- main is called where it is meant to be given.
local kam = require "kam"
local function loop(self)
  if self then for m in self:messages() do self:send(m) end end
end
local Shout = kam.component "Shout" { main = loop() }
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 2
--! component Shout has no main
--! to give f itself: main = f
--mend: loop() } ==> loop }
