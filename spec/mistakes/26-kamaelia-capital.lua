-- Kamaelia's spelling of a name.
local kam = require "kam"
kam.PipeLine { kam.OneShot "x", kam.ConsoleEchoer() }:run()
--! exit 2
--! there is no component PipeLine; did you mean kam.Pipeline?
--mend: PipeLine ==> Pipeline
