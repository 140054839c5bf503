-- A spreadsheet's CSV, in which the delimiter is another one.
local kam = require "kam"
kam.Pipeline { kam.OneShot '"name";"size"\n"Ann";3\n', kam.CSVDecode { header = true }, kam.NullSink() }:run()
--! exit 1
--! CSVDecode
--! is it the delimiter?
--mend: { header = true } ==> { header = true, delimiter = ";" }
