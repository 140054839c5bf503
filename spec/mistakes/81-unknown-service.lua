-- The name of a service is misspelt.
local kam = require "kam"
local log = kam.ConsoleEchoer()
kam.registerService("log", log)
log:activate()
kam.Pipeline { kam.OneShot "x", kam.ToService "lgo" }:run()
--! exit 1
--! ToService
--! there is no service "lgo"; did you mean "log"?
--! mend: "log"
--mend: "lgo" ==> "log"
