-- fuzz_script: a text that is no program is told as an error with a code; of one that is,
-- the names that nobody defines are found, without running it.
local globals = require "kam.globals"
local report = require "kam.report"
local script = require "kam.script"

return function(input)
  local chunk, err = script.compile(input.bytes, "@fuzz.lua")
  if not chunk then
    assert(report.is_error(err) or type(err) == "string", "no error in words")
    assert(#tostring(err) > 0, "an error without words")
    return
  end
  for _, found in ipairs((globals.undefined(chunk))) do
    assert(#tostring(script.undefined(chunk, found)) > 0, "an error without words")
  end
end
