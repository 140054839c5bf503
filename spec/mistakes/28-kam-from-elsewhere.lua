-- require with a name that is not there.
local kam = require "kamaelua"
kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }:run()
--! exit 1
--! module 'kamaelua' not found
--mend: require "kamaelua" ==> require "kam"
