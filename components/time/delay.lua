local kam = require "kam"

return kam.component "Delay" {
  summary = "Sends on each message so many seconds after it came.",
  doc = "The order and the distances stay the same. At most `keep` messages are held meanwhile; when "
    .. "there are more its inbox fills, and they come later. At the end it still waits for those that "
    .. "it holds; told to end now, it drops them.",
  ends = "When its inbox has ended, after the last message.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "the same, later" },
  options = {
    seconds = { type = "number", "how much later", min = 0 },
    keep = { 10000, "how many messages it holds at most", min = 1 },
  },
  first = "seconds",
  example = [[
local start = kam.now()
local function seconds(text) return ("%s at %.1f s"):format(text, kam.now() - start) end

kam.Pipeline { kam.DataSource { "a", "b" }, kam.Delay(0.2), kam.map(seconds), kam.ConsoleEchoer() }:run()
--> a at 0.2 s
--> b at 0.2 s
]],
  main = function(self)
    local held, due, first, last, open = {}, {}, 1, 0, true
    while open or first <= last do
      local now = kam.now()
      local wait = first <= last and due[first] - now or nil
      if wait and wait <= 0 then
        self:send(held[first])
        held[first], due[first], first = nil, nil, first + 1
      elseif wait and (not open or last - first + 1 >= self.keep) then
        self:sleep(wait)
        if self:told() == "shutdownMicroprocess" then return end
      else
        local msg, why = self:recv("inbox", wait)
        if msg ~= nil then
          last = last + 1
          held[last], due[last] = msg, kam.now() + self.seconds
        elseif why ~= "timeout" then
          open = false
          if self:told() == "shutdownMicroprocess" then return end
        end
      end
    end
  end,
}
