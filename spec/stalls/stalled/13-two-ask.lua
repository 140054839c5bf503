-- Two services that ask each other while each is asked.
local kam = require "kam"

local function asks(name)
  return kam.component(name) {
    inboxes = { inbox = { "requests", open = true } },
    main = function(self)
      for request in self:messages() do
        request:reply(self:ask(name == "Left" and "RIGHT" or "LEFT", request.msg))
      end
    end,
  }
end

kam.registerService("LEFT", asks "Left" ():activate())
kam.registerService("RIGHT", asks "Right" ():activate())
kam.main(function(self) print(self:ask("LEFT", "who?")) end):run()

--! waits for an answer from LEFT
--! waits for an answer from RIGHT
--! exit 3
