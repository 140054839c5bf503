-- The same service is registered twice.
local kam = require "kam"
kam.registerService("log", kam.ConsoleEchoer())
kam.registerService("log", kam.ConsoleEchoer())
--! exit 1
--! the service "log" is there already: ConsoleEchoer
--! mend: kam.deregisterService "log"
