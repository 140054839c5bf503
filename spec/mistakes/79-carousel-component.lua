-- A component where a Carousel needs a maker.
local kam = require "kam"
kam.Pipeline { kam.OneShot "a.txt", kam.Carousel(kam.FileReader "a.txt"), kam.ConsoleEchoer() }:run()
--! exit 2
--! Carousel's option maker is a maker, got a component
