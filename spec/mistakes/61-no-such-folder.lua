-- A folder that is not there.
local kam = require "kam"
kam.Pipeline { kam.OneShot "x", kam.FileWriter "new/out.txt" }:run()
--! exit 1
--! FileWriter
--! new/out.txt
--mend: "new/out.txt" ==> { "new/out.txt", mkdir = true }
