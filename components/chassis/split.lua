local kam = require "kam"

-- A copy of a message, of the tables in it too.
local function copied(msg)
  if type(msg) ~= "table" then return msg end
  local copy = {}
  for key, value in pairs(msg) do copy[key] = copied(value) end
  return setmetatable(copy, getmetatable(msg))
end

return kam.component "Split" {
  summary = "Sends what it receives to several receivers.",
  doc = "With names, it has an outbox of each name. With components, each of these gets all messages, "
    .. "and what they send leaves by its outbox. Messages are not copied, so that a table that two receive "
    .. "is the same table, unless `copy` is set. The slowest receiver sets the pace, unless the link to it "
    .. "has a whenFull of its own. Receivers may come and go while it lives: its methods are "
    .. "addSink(component, box, terms), which gives the name of the outbox, and removeSink(name), and on "
    .. '`configuration` it takes { "addsink", component, box } and { "removesink", name }, which are looked '
    .. "at before the next message. A receiver that has ended is forgotten. What comes while there is none "
    .. "leaves by `nobody`; if there never was one, and nobody hears that box, it fails at its end.",
  ends = "When its inbox has ended, or when all its receivers have and none came by addSink.",
  inboxes = { inbox = "anything", configuration = "who is to be added or removed" },
  outboxes = {
    outbox = { "what its components send", optional = true },
    nobody = { "what came while it had no receivers", optional = true },
  },
  options = {
    to = { type = "list", "names for outboxes, or components", optional = true },
    copy = { false, "each receiver gets a copy of its own of a table" },
  },
  first = "to",
  init = function(self)
    self.sinks, self.added = {}, {} -- names of outboxes, and which of them addSink made
    for i = 1, self.to and (self.to.n or #self.to) or 0 do
      local item = self.to[i]
      if type(item) == "string" then
        self.sinks[#self.sinks + 1] = self:addOutbox(item)
        self.had = true
      else
        self:addChildren(item)
        if not kam.takes(item) then
          error(("%s takes no messages, so that a Split has nothing for it"):format(item), 0)
        end
        self:addSink(item, "inbox", { pipe = true })
        if kam.sends(item) then self:link(item, { self, "outbox" }) end
      end
    end
    self.dynamic = nil -- from here on others come and go
  end,
  addSink = function(self, component, box, terms)
    local name = self:addOutbox "sink"
    self:link({ self, name }, { component, box or "inbox" }, terms)
    self.sinks[#self.sinks + 1] = name
    self.added[name] = true
    self.dynamic, self.had = true, true
    return name
  end,
  removeSink = function(self, name)
    for i, sink in ipairs(self.sinks) do
      if sink == name then
        table.remove(self.sinks, i)
        if self.added[name] then
          self.added[name] = nil
          self:removeOutbox(name)
        end
        return true
      end
    end
    return false
  end,
  configure = function(self, order)
    local what, who, box = table.unpack(order)
    if what == "addsink" then
      self:addSink(who, box)
    elseif what == "removesink" then
      self:removeSink(who)
    else
      error('configuration takes { "addsink", … } and { "removesink", … }, got ' .. kam.show(order), 0)
    end
  end,
  -- Sends to each; who has ended is forgotten. False when nobody is left.
  give = function(self, msg)
    local sinks, i = self.sinks, 1
    if #sinks == 0 then return self:send(msg, "nobody") end
    while i <= #sinks do
      local name = sinks[i]
      local ok = self:send(self.copy and copied(msg) or msg, name)
      if sinks[i] == name then
        if ok then i = i + 1 else self:removeSink(name) end
      end
    end
    return #sinks > 0 or self.dynamic
  end,
  main = function(self)
    local n = 0
    for msg in self:messages() do
      while self:dataReady "configuration" do self:configure(self:recv "configuration") end
      if not self:give(msg) then return end
      n = n + 1
    end
    if n > 0 and not self.had and not self:isHeard "nobody" then
      error(("%d messages came, and there never was a receiver"):format(n), 0)
    end
  end,
  example = [[
kam.Graphline {
  SRC = kam.DataSource { 1, 2 }, COPY = kam.Split { "a", "b" },
  SUM = kam.Collate(), SHOW = kam.ConsoleEchoer(), OUT = kam.ConsoleEchoer(),
  linkages = { "SRC -> COPY", "COPY.a -> SHOW", "COPY.b -> SUM -> OUT" },
}:run()
--> 1
--> 2
--> { 1, 2 }
]],
}
