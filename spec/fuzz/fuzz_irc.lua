-- fuzz_irc: lines of IRC are read in any cut the same, what is read can be written and read
-- again, and a client never says more than one line at a time, whatever it hears and is told.
local kam = require "kam"
local streams = require "spec.fuzz.streams"

local function lines() return kam.LineSplit { crlf = true, limit = 600 } end

-- Both without order: tables are compared by what they show.
local function shown(list)
  local texts = {}
  for i, msg in ipairs(list) do texts[i] = kam.show(msg) end
  return texts
end

local function read(messages)
  local out, failure = streams.play(kam.Pipeline { lines(), kam.IRCDecode() }, messages)
  return shown(out), failure, out
end

local function codec(input)
  local out, failure, list = read { input.bytes }
  local cut, why = read(input.pieces)
  assert(streams.same(out, cut) and failure == why, streams.show(out, failure) .. "\n" .. streams.show(cut, why))
  for _, msg in ipairs(list) do
    local written = streams.play(kam.IRCEncode(), { msg })
    assert(#written < 2 and not (written[1] or ""):find "[\r\n%z]", "one line for one message")
    if written[1] then
      local back = kam.try(kam.IRCDecode(), written)
      assert(kam.show(back[1]) == kam.show(msg), "it comes back: " .. kam.show { msg, back[1], written[1] })
    end
  end
end

-- Wrong messages end a client with these words.
local reasons = { "refuses us", "no nick is left", "has ended the connection", "parameter", "a command is", "bytes" }

local function session(input)
  local said = {}
  local peer = kam.Pipeline { kam.LineSplit { crlf = true }, kam.main(function(self)
    for _ = 1, 2 do self:recv() end
    self:send ":s 001 kam :hello\r\n"
    for _, piece in ipairs(input.pieces) do self:send(piece) end
    for line in self:messages() do
      said[#said + 1] = line
      if line:find "^QUIT" then return end
    end
  end) }
  local _, failure = streams.play(kam.TTL { kam.IRCClient { peer, "kam", channels = { "#a" }, rate = 100000 }, 1 },
    { { to = "#a", text = input.bytes } })
  for _, line in ipairs(said) do
    local verb = line:match "^%u+"
    assert(#line <= 510 and (verb == "PRIVMSG" or verb == "PONG" or verb == "JOIN" or verb == "QUIT"
      or verb == "NICK" or verb == "PING"), line)
  end
  if failure then
    for _, reason in ipairs(reasons) do
      if failure:find(reason, 1, true) then return end
    end
    error(failure, 0)
  end
end

return function(input)
  if input.choice % 2 == 0 then codec(input) else session(input) end
end
