local kam = require "kam"

return kam.component "Timeout" {
  summary = "Sends on what it receives, and ends when nothing comes for a while.",
  doc = "The time begins anew with each message. When it is over, `msg` is sent, if there is one, and "
    .. "Timeout ends: in a Pipeline those before it are told to end, too. With `fails` it is an error "
    .. "instead. In a server's protocol it closes connections that have gone quiet.",
  ends = "When its inbox has ended, or when nothing has come for `seconds`.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "the same" },
  options = {
    seconds = { type = "number", "how long nothing may come", min = 0.001 },
    msg = { type = "any", "what to send when the time is over", optional = true },
    fails = { false, "fail when the time is over" },
  },
  first = "seconds",
  endsEarly = true,
  example = [[
local function slow(self)
  self:send "one"
  self:sleep(60)
  self:send "two"
end

kam.Pipeline { kam.main(slow), kam.Timeout { 0.1, msg = "gone quiet" }, kam.ConsoleEchoer() }:run()
--> one
--> gone quiet
]],
  main = function(self)
    while true do
      local msg, why = self:recv("inbox", self.seconds)
      if why == "timeout" then
        if self.fails then error(("nothing has come for %.14g seconds"):format(self.seconds), 0) end
        if self.msg ~= nil then self:send(self.msg) end
      end
      if msg == nil then return end
      self:send(msg)
    end
  end,
}
