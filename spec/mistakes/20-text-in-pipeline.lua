-- The name of a component as a text.
local kam = require "kam"
kam.Pipeline { kam.OneShot "x", "ConsoleEchoer" }:run()
--! exit 2
--! item 2 of 2 is the string "ConsoleEchoer", not a component
--! mend: kam.ConsoleEchoer()
--mend: "ConsoleEchoer" ==> kam.ConsoleEchoer()
