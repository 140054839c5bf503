-- What is sent goes nowhere.
local kam = require "kam"
local Shout = kam.component "Shout" {
  outboxes = { outbox = "greetings", log = "what was done" },
  main = function(self)
    for i = 1, 3 do self:send(i) self:send("sent " .. i, "log") end
  end,
}
kam.Graphline {
  A = Shout(), B = kam.ConsoleEchoer(),
  linkages = { "A -> B" },
}:run()
--! exit 1
--! A (07-unlinked-outbox.lua:10) sent 3 messages to log and nobody is linked to it: they are lost
--! "A.log -> null"
--mend: "A -> B" ==> "A -> B", "A.log -> null"
