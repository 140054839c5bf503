local kam = require "kam"

return kam.component "Tee" {
  summary = "Sends on what it receives, and the same to `copy`.",
  doc = "Both get each message, first `outbox`, then `copy`; the slower one sets the pace, unless the "
    .. "link to it has a whenFull of its own. A table is not copied: both get the same one. When one "
    .. "of the two receivers has ended, the other goes on.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "the same", copy = "the same again" },
  example = [[
kam.Graphline {
  SRC = kam.DataSource { "a", "b" }, TEE = kam.Tee(), COUNT = kam.Count(), OUT = kam.ConsoleEchoer(),
  linkages = { "SRC -> TEE -> OUT", "TEE.copy -> COUNT -> OUT" },
}:run()
--> a
--> b
--> 2
]],
  main = function(self)
    for msg in self:messages() do
      self:send(msg)
      self:send(msg, "copy")
    end
  end,
}
