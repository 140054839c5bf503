-- Services that wait for each other's requests: both are told.
local kam = require "kam"

local function patient(name)
  return kam.component(name) {
    inboxes = { inbox = { "requests", open = true } },
    main = function(self)
      for request in self:messages() do request:reply(name) end
    end,
  }
end

kam.registerService("LEFT", patient "Left" ():activate())
kam.registerService("RIGHT", patient "Right" ():activate())
kam.main(function(self) print(self:ask("LEFT", "who?"), self:ask("RIGHT", "who?")) end):run()

--> Left	Right
