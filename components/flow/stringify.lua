local kam = require "kam"

return kam.component "Stringify" {
  summary = "Sends each message as text.",
  doc = "Strings stay as they are, numbers and booleans as Lua writes them, tables as they would stand "
    .. "in a script: { x = 1 }. A table with a __tostring is asked.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = { "the same as text", kind = "line" } },
  answers = true,
  example = [[
kam.Pipeline { kam.DataSource { 1.5, { x = true } }, kam.Stringify(), kam.Collate(),
  kam.ConsoleEchoer() }:run()
--> { "1.5", "{ x = true }" }
]],
  main = function(self)
    for msg in self:messages() do
      local own = type(msg) == "table" and (getmetatable(msg) or {}).__tostring
      if type(msg) == "string" then self:send(msg)
      else self:send((own or type(msg) ~= "table") and tostring(msg) or kam.show(msg)) end
    end
  end,
}
