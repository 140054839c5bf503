local kam = require "kam"

return kam.component "Chooser" {
  summary = "Sends items of a list as it is asked to: the next, the previous and so on.",
  doc = "At the start it sends the first item. Then NEXT, PREV, FIRST, LAST and SAME (sent as strings) "
    .. "move to that item and send it. With `loop` the list goes round in both directions. Without it, "
    .. "NEXT after the last item ends it, and PREV before the first is passed over. `items` may also be "
    .. "an iterator, as io.lines gives, of which only NEXT is asked. Anything else that is asked is an "
    .. "error.",
  ends = "When asked for more after the last item without `loop`, when its list is empty, or when its "
    .. "inbox has ended.",
  inboxes = { inbox = '"NEXT", "PREV", "FIRST", "LAST" or "SAME"' },
  outboxes = { outbox = "the items chosen" },
  options = {
    items = { type = "any", "a list, or an iterator" },
    loop = { false, "go round at both ends of the list" },
  },
  first = "items",
  endsEarly = true,
  init = function(self)
    local t = type(self.items)
    if t ~= "table" and t ~= "function" then
      error(("it needs a list or an iterator for its items, got %s"):format(kam.show(self.items)), 0)
    end
    if t == "function" and self.loop then error("it cannot loop over an iterator", 0) end
  end,
  example = [[
kam.Graphline {
  BUTTONS = kam.DataSource { "NEXT", "NEXT", "PREV", "LAST", "NEXT" },
  CHOOSER = kam.Chooser { items = { "a", "b", "c", "d" } }, OUT = kam.ConsoleEchoer(),
  linkages = { "BUTTONS -> CHOOSER -> OUT" },
}:run()
--> a
--> b
--> c
--> b
--> d
]],
  -- The items of an iterator, as they are asked for.
  iterate = function(self)
    local item = self.items()
    while item ~= nil do
      self:send(item)
      local word = self:recv()
      if word == nil then return end
      if word == "NEXT" then
        item = self.items()
      elseif word ~= "SAME" then
        error(("an iterator has only NEXT and SAME, not %s"):format(kam.show(word)), 0)
      end
    end
  end,
  main = function(self)
    if type(self.items) == "function" then return self:iterate() end
    local items = self.items
    local n, at = items.n or #items, 1
    if n == 0 then return end
    self:send(items[at])
    for word in self:messages() do
      local before = at
      if word == "NEXT" then at = at + 1
      elseif word == "PREV" then at = at - 1
      elseif word == "FIRST" then at = 1
      elseif word == "LAST" then at = n
      elseif word ~= "SAME" then
        error(("it can be asked for NEXT, PREV, FIRST, LAST or SAME, not %s"):format(kam.show(word)), 0)
      end
      if self.loop then
        at = (at - 1) % n + 1
      elseif at > n then
        return
      end
      if at < 1 then at = before else self:send(items[at]) end
    end
  end,
}
