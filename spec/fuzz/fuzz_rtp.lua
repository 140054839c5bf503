-- fuzz_rtp: packets of RTP, and descriptions of sessions: what is read can be written, and
-- read again as the same.
local kam = require "kam"
local streams = require "spec.fuzz.streams"

-- What was read comes back, if it can be written.
local function returns(read, write, bytes)
  local out = streams.play(read(), { bytes })
  if not out[1] then return end
  local written = streams.play(write(), { out[1] })
  if not written[1] then return end
  local back, failure = streams.play(read(), written)
  assert(back[1] and kam.show(back[1], true) == kam.show(out[1], true),
    "it comes back: " .. streams.show({ out[1], written[1], back[1] }, failure))
  return written[1]
end

local targets = {}

function targets.packet(bytes)
  local written = returns(kam.RTPDeframer, kam.RTPFramer, bytes)
  assert(written or not streams.play(kam.RTPDeframer(), { bytes })[1], "a packet that was read can be written")
  assert(not written or #written == #bytes, "it is as long as it was")
end

function targets.description(bytes) returns(kam.SDPParser, kam.SDPWriter, bytes) end

function targets.stream(_, input)
  local function make()
    return kam.Pipeline { kam.TSPacketiser { 2, bitrate = 1000 }, kam.RTPFramer { 33, ssrc = 1, sequence = 2 } }
  end
  streams.any_cut(make, input)
end

local names = { "packet", "description", "stream" }

return function(input)
  targets[names[1 + input.choice % 3]](input.bytes, input)
end
