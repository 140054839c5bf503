-- Four buttons that choose a picture; the buttons are lists here, and the
-- pictures are names.
local kam = require "kam"

local Chooser = kam.component "Chooser" {
  summary = "Goes through a list as it is told to, and sends the item it comes to.",
  inboxes = { inbox = '"NEXT", "PREV", "FIRST" or "LAST"' },
  options = { items = { type = "list", "what to choose from" } },
  main = function(self)
    local at, last = 1, #self.items
    for order in self:messages() do
      if order == "NEXT" then at = math.min(at + 1, last)
      elseif order == "PREV" then at = math.max(at - 1, 1)
      elseif order == "FIRST" then at = 1
      elseif order == "LAST" then at = last end
      self:send(self.items[at])
    end
  end,
}

kam.Graphline {
  CHOOSER  = Chooser { "hill.png", "lake.png", "moon.png" },
  IMAGE    = kam.ConsoleEchoer(),
  NEXT     = kam.OneShot "NEXT",
  PREVIOUS = kam.OneShot "PREV",
  LAST     = kam.OneShot "LAST",
  linkages = {
    "NEXT, PREVIOUS, LAST -> CHOOSER",
    "CHOOSER -> IMAGE",
  },
}:run()

--> lake.png
--> hill.png
--> moon.png
