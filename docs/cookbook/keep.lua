-- Values kept in a file, and read back as they were: Marshaller and DeMarshaller. Tables,
-- numbers, texts with any bytes; for people, or for other programs, write JSON instead.
local kam = require "kam"

kam.Pipeline {
  kam.DataSource { { name = "Ann", sizes = { 1, 2.5 } }, "any bytes: \0\xff", 42 },
  kam.Marshaller(),
  kam.FileWriter { "values.kam", atomic = true },
}:run()

kam.Pipeline {
  kam.FileReader "values.kam",
  kam.DeMarshaller(),
  kam.Collate(),
  kam.ConsoleEchoer(),
}:run()

--> { { name = "Ann", sizes = { 1, 2.5 } }, "any bytes: \x00\xff", 42 }
