local kam = require "kam"

return kam.component "UnseenOnly" {
  summary = "Sends on each message once, and drops those that came before.",
  doc = "Numbers and strings are alike by their value, tables only if they are the same table; with "
    .. "`by`, what the function gives of a message is compared. It remembers all messages, unless "
    .. "`keep` says how many different ones: then the one that has been remembered longest is "
    .. "forgotten, and sent on when it comes again.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "those not seen before" },
  options = {
    by = { type = "function", "gives what is compared of a message", optional = true },
    keep = { 0, "how many different messages to remember; 0: all", min = 0 },
  },
  first = "keep",
  example = [[
kam.Pipeline { kam.DataSource { "a", "b", "a", "c" }, kam.UnseenOnly(), kam.ConsoleEchoer() }:run()
--> a
--> b
--> c
]],
  main = function(self)
    local by, keep, seen = self.by, self.keep, {}
    local ring, at = {}, 0
    for msg in self:messages() do
      local key = msg
      if by then key = by(msg) end
      if key == nil or key ~= key then
        self:send(msg) -- nothing equals it
      elseif not seen[key] then
        if keep > 0 then
          at = at % keep + 1
          if ring[at] ~= nil then seen[ring[at]] = nil end
          ring[at] = key
        end
        seen[key] = true
        self:send(msg)
      end
    end
  end,
}
