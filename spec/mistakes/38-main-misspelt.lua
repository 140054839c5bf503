-- main is misspelt in a declaration.
local kam = require "kam"
local Shout = kam.component "Shout" {
  mian = function(self)
    for m in self:messages() do self:send(m:upper()) end
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 2
--! component Shout has no main; did you mean the field "mian" for it?
--mend: mian ==> main
