-- fuzz_grey: a configuration of Grey, and the lists in it. Whatever stands in it is read, and what is
-- wrong is told; one without errors makes rules, which have an opinion on everybody.
local kam = require "kam"

package.path = ("%s/apps/grey/?.lua;%s"):format((debug.getinfo(1, "S").source:match "^@(.*)/spec/fuzz/"), package.path)
local configuration = require "config"
local rules = require "rules"

local path = os.tmpname()
local original = path .. ".greylist.conf"

local function write(name, text)
  local f <close> = assert(io.open(name, "wb"))
  f:write(text)
end

local clients = { "192.0.2.1", "10.1.2.3", "2001:db8::1", "::ffff:192.0.2.1", "fe80::1%eth0" }
local addresses = { "", "a@example.org", "news-1234@mail.example.net", "postmaster", '"a b"@example.org', "\xc3\xa4@b.example" }

local function judge(compiled)
  for i, client in ipairs(clients) do
    for _, address in ipairs(addresses) do
      local msg = { client = client, name = i % 2 == 0 and "mx.example.org" or nil, helo = "mx.example.net", sender = address,
        recipient = addresses[i], policy = i == 3 }
      local verdict = compiled:decide(msg)
      local actions = { accept = true, reject = true }
      assert(verdict == nil or actions[verdict.action] and verdict.reason, "a verdict is one: " .. kam.show(verdict))
      local key = compiled:key(msg)
      assert(key.client and key.sender and key.recipient, "an attempt is remembered by something")
    end
  end
end

return function(input)
  -- what it includes may be anything, also what never ends
  local text = input.bytes:gsub("include", "includ3"):gsub("_files", "_fil3s")
  local name = input.choice % 2 == 0 and path or original
  write(name, text)
  local c, problems = configuration.read(name)
  local said = problems:text()
  assert((problems.errors > 0) == (said:find "error: " ~= nil), "what is wrong is told")
  if problems.errors == 0 then judge(assert(rules.compile(c))) end
  if input.choice % 8 < 2 then
    local _, again = configuration.read(name)
    assert(again:text() == said, "it is read the same each time")
  end
  os.remove(name)
end
