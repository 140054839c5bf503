-- dump: all that is remembered, as lines of text, which import reads.
--
--     triplet client sender recipient first last passed tries     with tabs between
--     client  client passes last
--     whitelist kind pattern added until
local desk = require "desk"

local dump = { usage = { { "kam grey dump", "all that is remembered, as lines for import" } } }

local escapes = { ["\\"] = "\\\\", ["\t"] = "\\t", ["\n"] = "\\n", ["\r"] = "\\r" }

local function line(...)
  local words = table.pack(...)
  for i = 1, words.n do
    words[i] = words[i] == nil and "" or tostring(words[i]):gsub("[\\\t\n\r]", escapes)
  end
  io.write(table.concat(words, "\t"), "\n")
end

function dump.main(words, path)
  if words[1] then return desk.wrong "dump takes no words" end
  return desk.open(path, function(ask)
    print "# kam grey dump 1"
    desk.each(ask, "1", {}, function(r)
      line("triplet", r.client, r.sender, r.recipient, r.first, r.last, r.passed, r.tries)
    end)
    for _, r in ipairs(ask "select * from client order by client") do
      line("client", r.client, r.passes, r.last)
    end
    for _, r in ipairs(ask "select * from whitelist order by kind, pattern") do
      line("whitelist", r.kind, r.pattern, r.added, r["until"])
    end
  end)
end

return dump
