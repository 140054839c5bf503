local kam = require "kam"

return kam.component "ToService" {
  summary = "Sends what it receives to a service, by its name.",
  doc = "The service must be there when this starts. It waits while the service has no room; when the "
    .. "service has ended, what still comes is counted as lost.",
  ends = "When its inbox has ended, or the service has.",
  effects = true,
  inboxes = { inbox = "what to send" },
  outboxes = { outbox = false },
  options = { title = { type = "string", "the name of the service" } },
  main = function(self)
    local c, box = kam.retrieveService(self.title)
    local service = self:addOutbox "service"
    self:link({ self, service }, { c, box })
    for msg in self:messages() do
      if not self:send(msg, service) then return end
    end
  end,
  example = [[
local log = kam.component "Log" {
  inboxes = { inbox = { "lines", open = true } },
  main = function(self) for line in self:messages() do print("log: " .. line) end end,
}
kam.registerService("LOG", log():activate())
kam.Pipeline { kam.DataSource { "one", "two" }, kam.ToService "LOG" }:run()
--> log: one
--> log: two
]],
}
