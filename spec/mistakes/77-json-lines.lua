-- Something that is no JSON.
local kam = require "kam"
kam.Pipeline { kam.OneShot "{ 'a': 1 }", kam.JSONDecode(), kam.ConsoleEchoer() }:run()
--! exit 1
--! JSONDecode
--mend: 'a' ==> \"a\"
