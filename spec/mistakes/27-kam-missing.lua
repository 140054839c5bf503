-- kam without require.
kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }:run()
--! exit 2
--! kam is nil here
--! local kam = require "kam"
--mend: kam.Pipeline ==> local kam = require "kam"; kam.Pipeline
