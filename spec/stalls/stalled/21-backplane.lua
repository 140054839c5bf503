-- A publisher that waits for its turn, and those who listen to it.
local kam = require "kam"

local Press = kam.component "Press" {
  inboxes = { inbox = "articles", permit = "what allows to print" },
  main = function(self)
    self:recv "permit"
    for msg in self:messages() do self:send(msg) end
  end,
}

kam.Pipeline { kam.SubscribeTo "NEWS", kam.ConsoleEchoer() }:activate()
kam.Pipeline { kam.DataSource { "Sun." }, Press(), kam.PublishTo "NEWS" }:run()

--! Press (21-backplane.lua:13) waits for a message in permit, and nothing was ever linked to it
--! PublishTo (21-backplane.lua:13) waits for a message in inbox; only Press feeds it
--! exit 3
