-- An open inbox to which nothing ever comes.
local kam = require "kam"

local Patient = kam.component "Patient" {
  inboxes = { inbox = { "messages", open = true } },
  main = function(self) print(self:recv()) end,
}

Patient():run()

--> nil	told
