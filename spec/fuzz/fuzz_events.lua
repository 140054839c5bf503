-- fuzz_events: server-sent events, and radio stations, in any cut the same; and what is written
-- as an event is read as one.
local kam = require "kam"
local streams = require "spec.fuzz.streams"

local targets = {}

-- Messages as texts, so that they can be compared.
local function shown(c) return kam.Pipeline { c, kam.map(kam.show) } end

function targets.decode(input, choice)
  streams.any_cut(function() return shown(kam.ServerSentEventsDecode(1 + choice)) end, input)
end

function targets.encode(input, choice)
  local out, failure = streams.play(kam.Pipeline { kam.ServerSentEventsEncode(),
    kam.filter(function(m) return type(m) == "string" end), kam.Chunker(1 + choice), kam.ServerSentEventsDecode() },
    input.pieces)
  assert(not failure, failure)
  for i, piece in ipairs(input.pieces) do
    assert(out[i] and out[i].data == piece:gsub("\r\n?", "\n"), "an event comes back")
  end
end

-- The sound, and what was said and where.
local function heard(pieces, every)
  local list = { { status = 200, headers = { ["icy-metaint"] = tostring(every) }, more = true, body = "" } }
  for _, piece in ipairs(pieces) do list[#list + 1] = piece end
  local sound, said = {}, {}
  kam.run(kam.Graphline {
    FROM = kam.DataSource(list), DEMUX = kam.IcecastDemux(),
    SOUND = kam.each(function(bytes) sound[#sound + 1] = bytes end),
    SAID = kam.each(function(m) said[#said + 1] = kam.show(m) end),
    linkages = { "FROM -> DEMUX -> SOUND", "DEMUX.metadata -> SAID", "DEMUX.station -> null" },
  })
  return table.concat(sound) .. "|" .. table.concat(said, "|")
end

function targets.station(input, choice)
  assert(heard({ input.bytes }, 1 + choice) == heard(input.pieces, 1 + choice), "any cut gives the same")
end

local names = { "decode", "encode", "station" }

return function(input)
  targets[names[1 + input.choice % 3]](input, input.choice // 3)
end
