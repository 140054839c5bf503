-- Children made while the system runs: one for each user, linked, fed, and watched
-- for their end. A child that fails is told of in `ended`, and harms nobody else.
local kam = require "kam"

local Session = kam.component "Session" {
  summary = "Greets a user, numbers what they say, and ends when they say bye.",
  options = { user = { type = "string", "the name of the user" } },
  main = function(self)
    local n = 0
    for text in self:messages() do
      if text == "bye" then return end
      if text == "crash" then error "crashed" end
      n = n + 1
      self:send(("%s %d: %s"):format(self.user, n, text))
    end
  end,
}

local Sessions = kam.component "Sessions" {
  summary = "One Session for each user; messages are { user =, text = }.",
  inboxes = { inbox = "{ user =, text = }", ended = "a session has ended" },
  main = function(self)
    local outbox = {}
    for box, msg in self:messagesAny() do
      if box == "ended" then
        local user = msg.component.user
        self:removeOutbox(outbox[user])
        outbox[user] = nil
        self:send(user .. (msg.ok and " has gone" or " has failed"))
      else
        if not outbox[msg.user] then
          local child = self:addChildren(Session { user = msg.user })
          outbox[msg.user] = self:addOutbox "session"
          self:link({ self, outbox[msg.user] }, child)
          self:link({ child, "outbox" }, { self, "outbox" })
          self:watch(child, "ended")
        end
        self:send(msg.text, outbox[msg.user])
      end
    end
  end,
}

local function talk(self)
  local said = { "ann hello", "ben good day", "ann bye", "ben crash", "ann back again" }
  for _, line in ipairs(said) do
    local user, text = line:match "^(%a+) (.*)$"
    self:send { user = user, text = text }
    self:sleep(0.05)
  end
end

kam.Pipeline {
  kam.main(talk),
  Sessions(),
  kam.ConsoleEchoer(),
}:run()

--> ann 1: hello
--> ben 1: good day
--> ann has gone
--> ben has failed
--> ann 1: back again
