-- Values as bytes: kept in a file, or handed to another program, and had again as they were.
local kam = require "kam"

-- Marshaller writes what a message holds, lists and tables too, as MessagePack behind its length.
-- Bytes may be compressed, encrypted, cut: DeMarshaller finds the values in them again.
kam.Pipeline {
  kam.DataSource { { name = "Ann", sizes = { 1, 2.5 } }, "a text", 3, kam.null },
  kam.Marshaller(),
  kam.GzipCompress(),
  kam.FileWriter "values.gz",
}:run()

kam.Pipeline {
  kam.FileReader "values.gz",
  kam.UnixProcess { "gzip", "-dc" }, -- another program, which knows nothing of values
  kam.DeMarshaller(),
  kam.ConsoleEchoer(),
}:run()
--> { name = "Ann", sizes = { 1, 2.5 } }
--> a text
--> 3
--> kam.null

-- Bytes that are something else are refused, and never make more than came, nor code that runs.
kam.Pipeline { kam.OneShot '{ "name": "Ann" }', kam.DeMarshaller(), kam.NullSink() }:run()
--! DeMarshaller
--! do the bytes come from a Marshaller?
--! exit 1
