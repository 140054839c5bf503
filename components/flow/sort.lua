local kam = require "kam"

return kam.component "Sort" {
  summary = "Collects all messages, and sends them in order at the end.",
  doc = "Numbers or strings, as Lua compares them; `by` names the field of a table that is compared, "
    .. "or is a function that gives it. Those that are alike stay in the order in which they came. "
    .. "What cannot be compared is an error that says which message it was. All messages are kept in "
    .. "memory; told to end now, it sends nothing.",
  ends = "When its inbox has ended, after it has sent them.",
  inboxes = { inbox = "anything that can be compared" },
  outboxes = { outbox = "the same, in order" },
  options = {
    by = { type = "any", "a field, or a function that gives what is compared", optional = true },
    descending = { false, "the largest first" },
  },
  first = "by",
  init = function(self)
    local t = type(self.by)
    if t == "table" or t == "boolean" then
      error(("it needs a field or a function to sort by, got %s"):format(kam.show(self.by)), 0)
    end
  end,
  example = [[
kam.Pipeline { kam.DataSource { "pear", "apple", "fig" }, kam.Sort(), kam.ConsoleEchoer() }:run()
--> apple
--> fig
--> pear
]],
  main = function(self)
    local by, list, keys, places, kind = self.by, {}, {}, {}, nil
    for msg in self:messages() do
      local n, key = #list + 1, msg
      if type(by) == "function" then key = by(msg)
      elseif by ~= nil then key = type(msg) == "table" and msg[by] or nil end
      local t = type(key)
      kind = kind or t
      if t ~= kind or t ~= "number" and t ~= "string" or key ~= key then
        error(("message %d cannot be compared with others: %s"):format(n, kam.show(msg)), 0)
      end
      list[n], keys[n], places[n] = msg, key, n
    end
    if self:told() == "shutdownMicroprocess" then return end
    local down = self.descending
    table.sort(places, function(a, b)
      local x, y = keys[a], keys[b]
      if x == y then return a < b end
      if down then return y < x end
      return x < y
    end)
    for i = 1, #places do self:send(list[places[i]]) end
  end,
}
