-- A page of HTML, which is no XML.
local kam = require "kam"
kam.Pipeline { kam.OneShot "<p>one<br>two</p>", kam.XMLParser(), kam.NullSink() }:run()
--! exit 1
--! XMLParser
--! line 1, column 16: mismatched tag
--mend: <br> ==> <br/>
