-- Plain text into GzipDecompress.
local kam = require "kam"
kam.Pipeline { kam.FileReader "a.txt", kam.GzipDecompress(), kam.ConsoleEchoer() }:run()
--! exit 1
--! GzipDecompress: no gzip at byte
--mend: kam.GzipDecompress(), ==>  
