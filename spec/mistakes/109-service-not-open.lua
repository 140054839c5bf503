-- A service that ends with its first client.
local kam = require "kam"
local Log = kam.component "Log2" {
  inboxes = { inbox = "lines" },
  main = function(self)
    for line in self:messages() do print(line) end
  end,
}
kam.registerService("LOG", Log():activate())
kam.Pipeline { kam.OneShot "one", kam.ToService "LOG" }:activate()
kam.main(function(self)
  self:sleep(0.1)
  self:link({ self, "outbox" }, { kam.retrieveService "LOG" })
  self:send "two"
end):run()
--! exit 1
--! there is no service "LOG" any more: Log2 has ended; if its clients come and go, its inbox has to be open
--! mend: inbox = { "…", open = true }
--mend: inbox = "lines" ==> inbox = { "lines", open = true }
