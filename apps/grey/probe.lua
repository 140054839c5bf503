-- GreyProbe: what the real server offers, asked of itself now and then.
local kam = require "kam"
local upstream = require "upstream"

return kam.component "GreyProbe" {
  summary = "Asks the real server which extensions it has.",
  doc = "Connects when it begins, then each `seconds`, and more often while the server is not to be reached; "
    .. "and at once when told to by a message.",
  ends = "When its inbox has, or when told.",
  effects = true,
  inboxes = {
    inbox = "that it is to ask now",
    server = "replies of the server",
  },
  outboxes = {
    outbox = { "{ up =, extensions =, reason = }, each time" },
    server = { "requests", optional = true },
  },
  options = {
    config = { type = "function", "gives the configuration" },
    seconds = { 300.0, "from one time to the next", min = 0.1 },
    again = { 5.0, "the same, while the server is not to be reached", min = 0.1 },
  },
  first = "config",
  main = function(self)
    local how
    repeat
      local extensions, reply, why = upstream.connect(self, self.config(), nil, true)
      upstream.part(self)
      self:send { up = extensions ~= nil, extensions = extensions, reason = why or reply }
      how = select(2, self:recv("inbox", extensions and self.seconds or self.again))
    until how and how ~= "timeout"
  end,
}
