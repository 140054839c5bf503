-- streams: what targets in Lua ask of components that read a stream.
local kam = require "kam"

local streams = {}

-- What c gives for messages; or what it gave, and why it failed.
function streams.play(c, messages)
  local out, failure = {}, nil
  local ok, err = pcall(kam.try, kam.Pipeline { c, kam.each(function(m) out[#out + 1] = m end) }, messages)
  if not ok then failure = tostring(err):match "failed: (.*)" or tostring(err) end
  return out, failure
end

function streams.show(out, failure)
  return ("%s, failure %s"):format(kam.show(out), failure)
end

function streams.same(a, b)
  if #a ~= #b then return false end
  for i = 1, #a do
    if a[i] ~= b[i] then return false end
  end
  return true
end

-- A stream: any cut gives the same messages and the same failure. Gives both.
function streams.any_cut(make, input)
  local out, failure = streams.play(make(), { input.bytes })
  local cut, why = streams.play(make(), input.pieces)
  if not streams.same(out, cut) or failure ~= why then
    error(("any cut gives the same: %s\n%s\n%s"):format(kam.show(input.pieces),
      streams.show(out, failure), streams.show(cut, why)), 0)
  end
  return out, failure
end

-- messages through the components of a pipeline come back as they were.
function streams.back(messages, list)
  local out, failure = streams.play(kam.Pipeline(list), messages)
  if failure or not streams.same(messages, out) then
    error(("what went there comes back: %s\n%s"):format(kam.show(messages), streams.show(out, failure)), 0)
  end
end

return streams
