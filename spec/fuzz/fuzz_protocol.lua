-- fuzz_protocol: what reads messages out of bytes that others have sent: in any cut the
-- same, and the inverse of what wrote them.
local kam = require "kam"
local report = require "kam.report"
local streams = require "spec.fuzz.streams"

report.quiet = true -- it warns of each packet that is none

local syncs = { "#", "ab", "aab", "XXXX", "abab" }
local bits = { 8, 16, 32 }

local function fits(messages, most)
  for _, message in ipairs(messages) do
    if #message > most then return false end
  end
  return true
end

local targets = {}

function targets.marks(input, choice)
  local sync = syncs[1 + choice % #syncs]
  local size = 1 + choice // #syncs
  streams.any_cut(function() return kam.DataDeChunker { sync = sync, limit = 50 } end, input)
  streams.back(input.pieces, { kam.DataChunker(sync), kam.MaxSizePacketiser(size), kam.DataDeChunker(sync) })
end

function targets.lengths(input, choice)
  local given = { bits = bits[1 + choice % 3], endian = choice & 4 == 0 and "big" or "little", limit = 300 }
  streams.any_cut(function() return kam.LengthDeframer(given) end, input)
  if fits(input.pieces, given.bits == 8 and 255 or 300) then
    streams.back(input.pieces, { kam.LengthFramer(given), kam.Chunker(1 + choice), kam.LengthDeframer(given) })
  end
end

function targets.frames(input, choice)
  if choice % 2 == 1 then return targets.packets(input, choice // 2) end
  local out, failure = streams.play(kam.DeFramer(), { input.bytes })
  assert(failure or #out == 1, "one answer")
  if failure then return end
  local back = kam.try(kam.Pipeline { kam.Framer(), kam.DeFramer() }, out)
  assert(back[1][1] == out[1][1] and back[1][2] == out[1][2], "a frame comes back")
end

-- Whatever packets come from strangers, those of SRM_Sender are received, and nothing fails.
function targets.packets(input, choice)
  local given = { window = 3, sync = syncs[1 + choice % #syncs], packets = true }
  local _, failure = streams.play(kam.SRM_Receiver(given), input.pieces)
  assert(not failure, failure)
  streams.back(input.pieces, { kam.SRM_Sender { sync = given.sync }, kam.SRM_Receiver(given) })
end

local names = { "marks", "lengths", "frames" }

return function(input)
  targets[names[1 + input.choice % 3]](input, input.choice // 3)
end
