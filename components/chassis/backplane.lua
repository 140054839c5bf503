local kam = require "kam"

-- Sends all messages to one sink; false: its receiver has ended.
local function give(self, all, sink)
  for _, msg in ipairs(all) do
    if not self:send(msg, sink) then return false end
  end
  return true
end

return kam.component "Backplane" {
  summary = "Gives what any publisher sends to all subscribers of its name.",
  doc = "PublishTo and SubscribeTo of a name make the backplane of that name if there is none, so that "
    .. "this is needed only to set `keep`. The slowest subscriber sets the pace, unless its whenFull says "
    .. "otherwise. What is published while nobody has subscribed goes to `nobody`; if nobody "
    .. "ever did, and no component hears that box, it fails at its end.",
  ends = "When nothing is left in the system but what waits for it and its like, or when told.",
  inboxes = { inbox = { "what is published", open = true } },
  outboxes = { outbox = false, nobody = { "what came while nobody had subscribed", optional = true } },
  options = {
    title = { type = "string", "its name" },
    keep = { 0, "how many messages a later subscriber gets at once", min = 0, max = 1000000 },
  },
  first = "title",
  init = function(self)
    self.sinks, self.kept = {}, {}
    kam.registerService("backplane " .. self.title, self)
  end,
  -- From now on c gets in box what is published; gives what was kept.
  subscribe = function(self, c, box, terms)
    local name = self:addOutbox "sink"
    self:link({ self, name }, { c, box }, terms)
    self.sinks[#self.sinks + 1] = name
    self.had = true
    return table.move(self.kept, 1, #self.kept, 1, {})
  end,
  main = function(self)
    local sinks, kept = self.sinks, self.kept
    local n = 0
    for msg in self:messages() do
      local all, i = { msg }, 1 -- what waits goes to each sink in one go
      while #all < 64 and self:dataReady() do all[#all + 1] = self:recv() end
      n = n + #all
      for _, m in ipairs(#sinks == 0 and all or {}) do self:send(m, "nobody") end
      while i <= #sinks do
        if give(self, all, sinks[i]) then
          i = i + 1
        else
          self:removeOutbox(table.remove(sinks, i))
        end
      end
      if self.keep > 0 then -- now: who subscribed meanwhile has got them
        table.move(all, 1, #all, #kept + 1, kept)
        while #kept > self.keep do table.remove(kept, 1) end
      end
    end
    if n > 0 and not self.had and not self:isHeard "nobody" then
      error(("%d messages were published as %q, and nobody ever subscribed"):format(n, self.title), 0)
    end
  end,
  example = [[
kam.Backplane { "NEWS", keep = 1 }:activate()
kam.Pipeline { kam.DataSource { "old", "new" }, kam.PublishTo "NEWS" }:activate()
kam.main(function(self)
  self:sleep(0.1)
  self:addChildren(kam.Pipeline { kam.SubscribeTo "NEWS", kam.ConsoleEchoer() })
end):run()
--> new
]],
}
