local kam = require "kam"

return kam.component "OneShot" {
  summary = "Sends one message.",
  doc = "The message may be anything but nil.",
  ends = "After its message.",
  inboxes = { inbox = false },
  outboxes = { outbox = "the message" },
  options = { msg = { type = "any", "the message to send" } },
  example = [[
kam.Pipeline { kam.OneShot "hello", kam.ConsoleEchoer() }:run()
--> hello
]],
  main = function(self) self:send(self.msg) end,
}
