-- A table as CSV (RFC 4180): read, with a column of its own added, and written again.
local kam = require "kam"

-- A table to try it on, as a spreadsheet saves it.
kam.Pipeline {
  kam.OneShot 'city;people;area\r\n"Berlin";3866385;891,1\r\n"Halle (Saale); Saxony";242172;135\r\n?\r\n',
  kam.FileWriter "cities.csv",
}:run()

-- With `header` the first line names the columns, and each row is a table of strings. Rows that
-- do not fit go to the box error.
kam.Graphline {
  FILE = kam.FileReader "cities.csv",
  CSV = kam.CSVDecode { header = true, delimiter = ";" },
  DENSITY = kam.map(function(row)
    local area = tonumber((row.area:gsub(",", ".")))
    row.density = math.floor(row.people / area)
    return row
  end),
  -- A column for each name, in this order; without the names: sorted.
  OUT = kam.Pipeline { kam.CSVEncode { "city", "people", "area", "density" }, kam.FileWriter "density.csv" },
  BAD = kam.each(function(bad) print(bad.error .. ": " .. kam.show(bad.row)) end),
  linkages = { "FILE -> CSV -> DENSITY -> OUT", "CSV.error -> BAD" },
}:run()
--> the row at line 4 has 1 field, not 3: { "?" }

kam.Pipeline { kam.FileReader "density.csv", kam.ConsoleEchoer { eol = "" } }:run()
--> city,people,area,density
--> Berlin,3866385,"891,1",4338
--> Halle (Saale); Saxony,242172,135,1793
