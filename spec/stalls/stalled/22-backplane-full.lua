-- A subscriber that waits for something else holds up all publishers.
local kam = require "kam"

local Late = kam.component "Late" {
  inboxes = { inbox = "news", start = "when to begin" },
  main = function(self)
    self:recv "start"
    for msg in self:messages() do print(msg) end
  end,
}

kam.Pipeline { kam.SubscribeTo { "NEWS", limit = 2 }, Late() }:activate()
kam.Pipeline { kam.source(function() return "again" end), kam.PublishTo "NEWS" }:run()

--! waits for a message in start, and nothing was ever linked to it
--! PublishTo (22-backplane-full.lua:13) waits for room in Backplane.inbox (256 of 256)
--! SubscribeTo (22-backplane-full.lua:12) waits for room in Late.inbox (256 of 256)
--! exit 3
