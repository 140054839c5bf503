-- A component that sends is run alone.
local kam = require "kam"
kam.OneShot("hello"):run()
--! exit 1
--! OneShot
--! nobody is linked to it
--mend: kam.OneShot("hello") ==> kam.Pipeline { kam.OneShot "hello", kam.ConsoleEchoer() }
