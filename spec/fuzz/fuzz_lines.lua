-- fuzz_lines: LineSplit takes lines out of a stream in any cut, and LineJoin's are the
-- same ones again.
local kam = require "kam"
local streams = require "spec.fuzz.streams"

return function(input)
  local crlf = input.choice & 1 ~= 0
  local limit = input.choice & 2 ~= 0 and 5 or 100000
  local lines, failure = streams.any_cut(function() return kam.LineSplit { crlf = crlf, limit = limit } end, input)
  for _, line in ipairs(lines) do
    assert(#line <= limit, "a line is longer than its limit")
    assert(not line:find("\n", 1, true), "a line holds an end")
  end
  if failure then return end
  local text = table.concat(lines, "\n")
  local bytes = crlf and input.bytes:gsub("\r\n", "\n") or input.bytes
  assert(text == bytes or text .. "\n" == bytes or crlf, "bytes are lost: " .. kam.show(lines))
  streams.back(lines, { kam.LineJoin(), kam.Chunker(1 + (input.choice >> 2)), kam.LineSplit() })
end
