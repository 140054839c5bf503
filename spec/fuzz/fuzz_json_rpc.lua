-- fuzz_json_rpc: a server of JSON-RPC answers any bytes, in any cut the same, by nothing but
-- answers; a client takes none of them for an answer that it did not ask for.
local kam = require "kam"
local streams = require "spec.fuzz.streams"

local methods = {
  echo = function(params) return params end,
  slow = function(_, call) call:sleep(0.0001) end,
  none = function() return nil, { code = 1, message = "none", data = {} } end,
}

-- The lines that a server answers, sorted: requests are worked on side by side.
local function answered(messages, given)
  local out, failure = streams.play(kam.Pipeline { kam.JSONRPCSession(given), kam.LineSplit() }, messages)
  assert(not failure, failure)
  table.sort(out)
  return out
end

local function check(answer)
  assert(answer.jsonrpc == "2.0" and answer.id ~= nil, "an answer says whose it is")
  assert((answer.result == nil) ~= (answer.error == nil), "an answer has a result or an error")
  assert(not answer.error or math.type(answer.error.code) == "integer", "an error has a code")
end

local function serve(input, choice)
  local given = { methods = methods, limit = 60 + choice, calls = 1 + choice % 3, batch = 3 }
  local out = answered({ input.bytes }, given)
  local cut = answered(input.pieces, given)
  assert(streams.same(out, cut), streams.show(out) .. "\n" .. streams.show(cut))
  for _, value in ipairs(kam.try(kam.JSONDecode(), out)) do
    for _, answer in ipairs(value[1] and value or { value }) do check(answer) end
  end
end

local function call(input)
  local peer = kam.main(function(self)
    self:recv()
    for _, piece in ipairs(input.pieces) do self:send(piece) end
  end)
  local answers = 0
  streams.play(kam.Pipeline {
    kam.JSONRPCClient { peer, timeout = 1 },
    kam.each(function(answer)
      answers = answers + 1
      assert(answers == 1 and answer.call.method == "m", "one answer to one call")
    end),
  }, { { method = "m" } })
end

return function(input)
  if input.choice % 2 == 0 then serve(input, input.choice // 2) else call(input) end
end
