-- The components of components/time: on the virtual clock, to the millisecond.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- A source that sends what stands in a list, and sleeps for numbers in { }.
local function script(list)
  return kam.main(function(self)
    for _, item in ipairs(list) do
      if type(item) == "table" then self:sleep(item[1]) else self:send(item) end
    end
  end)
end

-- Runs a source and components behind it: "time message" for each that comes out.
local function timed(...)
  local got, start = {}, nil
  local items = { ... }
  items[#items + 1] = kam.each(function(msg)
    got[#got + 1] = ("%.2f %s"):format(kam.now() - start, kam.show(msg))
  end)
  start = kam.now()
  kit.runs(kam.Pipeline(items))
  return got
end

describe("RateLimit", function()
  it("spaces messages, the first at once", function()
    assert.same({ "0.00 1", "0.25 2", "0.50 3" }, timed(kit.count(3), kam.RateLimit { messages = 4 }))
  end)

  it("keeps the rate exact over a long time, at odd rates, too", function()
    for _, rate in ipairs { 3, 7, 1000, 29.97 } do
      local n = math.tointeger(10 * rate // 1)
      local got = timed(kit.count(n + 1), kam.RateLimit { messages = rate })
      local last = tonumber(got[n + 1]:match "^%S+")
      assert.near(n / rate, last, 0.006)
    end
  end)

  it("counts bytes: what went decides how long the next waits", function()
    assert.same({ "0.00 " .. ("x"):rep(100), "1.00 y", "1.01 " .. ("z"):rep(50), "1.51 w" },
      timed(kam.DataSource { ("x"):rep(100), "y", ("z"):rep(50), "w" }, kam.RateLimit { bytes = 100 }))
  end)

  it("obeys the stricter of two limits", function()
    assert.same({ "0.00 " .. ("x"):rep(300), "3.00 y", "3.50 z" },
      timed(kam.DataSource { ("x"):rep(300), "y", "z" }, kam.RateLimit { bytes = 100, messages = 2 }))
  end)

  it("makes up for no pause without a burst", function()
    assert.same({ "0.00 a", "10.00 b", "11.00 c" },
      timed(script { "a", { 10 }, "b", "c" }, kam.RateLimit { messages = 1 }))
  end)

  it("lets a burst through, at the start and after a pause", function()
    assert.same({ "0.00 a", "0.00 b", "0.00 c", "1.00 d", "19.00 e", "19.00 f", "19.00 g", "20.00 h" },
      timed(script { "a", "b", "c", "d", { 19.0 }, "e", "f", "g", "h" },
        kam.RateLimit { messages = 1, burst = 2 }))
  end)

  it("makes its sender wait", function()
    local sent = 0
    local h <close> = kam.handle(kam.Pipeline {
      kam.main(function(self) while self:send(sent) do sent = sent + 1 end end),
      kam.RateLimit { messages = 1 },
    })
    assert.equal(0, h:get())
    assert.is_true(sent < 1000)
  end)

  it("takes another rate while it runs", function()
    local limit = kam.RateLimit { messages = 1 }
    local h <close> = kam.handle(kam.Pipeline { kam.Sequence(), limit })
    h:get()
    h:get()
    local start = kam.now()
    limit:set { messages = 100 }
    for _ = 1, 101 do h:get() end
    assert.near(2, kam.now() - start, 0.02)
  end)

  it("wants a rate, and strings to count bytes of", function()
    kit.has(kit.refused(kam.RateLimit), "needs a rate")
    kit.has(kit.refused(kam.RateLimit, { messages = 0 }), "messages")
    kit.has(kit.refused(kam.try, kam.RateLimit { bytes = 1e9 }, { "a", {} }), "message 2 is no string")
  end)
end)

describe("RateChunker", function()
  local function cut(options, texts)
    local got = kam.try(kam.RateChunker(options), texts)
    for i, text in ipairs(got) do got[i] = #text end
    return got
  end

  it("cuts a second's bytes into so many chunks", function()
    assert.same({ 25, 25, 25, 25, 3 }, cut({ 100, 1, 4 }, { ("x"):rep(103) }))
  end)

  it("varies lengths by a quantum where it does not come out even", function()
    assert.same({ 32, 32, 36, 32, 32, 36 }, cut({ 100, 4, 3 }, { ("x"):rep(200) }))
  end)

  it("joins and cuts however the bytes come", function()
    local text = {}
    for i = 1, 1000 do text[i] = string.char(i % 256) end
    assert.equal(table.concat(text), table.concat(kam.try(kam.RateChunker { 90, 3, 7.5 }, text)))
    assert.same(cut({ 90, 3, 7.5 }, text), cut({ 90, 3, 7.5 }, { table.concat(text) }))
  end)

  it("refuses chunks shorter than a quantum", function()
    kit.has(kit.refused(kam.RateChunker, { 10, 4, 3 }), "3 chunks of at least 4 bytes out of 10")
  end)
end)

describe("Debounce", function()
  it("sends the last of a burst, when it has been quiet", function()
    assert.same({ "1.20 c", "2.30 d" }, timed(
      script { "a", { 0.1 }, "b", { 0.1 }, "c", { 1.8 }, "d", { 0.3 } }, kam.Debounce(1)))
  end)

  it("sends what waits at the end at once", function()
    assert.same({ "0.00 b" }, timed(script { "a", "b" }, kam.Debounce(1)))
    assert.same({}, timed(script {}, kam.Debounce(1)))
  end)

  it("sends false as well", function()
    assert.same({ false }, kam.try(kam.Debounce(1), { true, false }))
  end)
end)

describe("Throttle", function()
  local list = { "a", "b", { 0.5 }, "c", { 0.6 }, "d", { 5 }, "e", "f" }

  it("sends the first, and nothing for a while", function()
    assert.same({ "0.00 a", "1.10 d", "6.10 e" }, timed(script(list), kam.Throttle(1)))
  end)

  it("sends the last when the time is over, if asked", function()
    assert.same({ "0.00 a", "1.00 c", "2.00 d", "6.10 e", "6.10 f" },
      timed(script(list), kam.Throttle { 1, keep = "last" }))
  end)
end)

describe("Delay", function()
  it("sends each later, in the same order and distance", function()
    assert.same({ "2.00 a", "2.00 b", "2.50 c" }, timed(script { "a", "b", { 0.5 }, "c" }, kam.Delay(2)))
  end)

  it("goes on sending while more comes", function()
    local got = timed(kam.PeriodicTick { 0.1, count = 50 }, kam.Delay(1))
    assert.equal(50, #got)
    assert.equal("1.10 1", got[1])
    assert.equal("6.00 50", got[50])
  end)

  it("holds no more than it may", function()
    assert.same({ "1.00 1", "1.00 2", "2.00 3", "2.00 4" },
      timed(kit.count(4), kam.Delay { 1, keep = 2 }))
  end)

  it("may delay by nothing", function() assert.same({ "0.00 1" }, timed(kit.count(1), kam.Delay(0))) end)

  it("drops what it holds when told to end now", function()
    local h <close> = kam.handle(kam.Delay(10))
    h:put(1)
    assert.is_nil(h:get("outbox", 1))
    h:stop()
    assert.is_nil((h:get("outbox", 20)))
  end)
end)

describe("Timeout", function()
  it("ends when nothing comes, with a message if wanted", function()
    assert.same({ "0.00 a", "0.50 b" }, timed(script { "a", { 0.5 }, "b", { 2 }, "c" }, kam.Timeout(1)))
    assert.same({ "0.00 a", "1.00 bye" }, timed(script { "a", { 2 }, "c" }, kam.Timeout { 1, msg = "bye" }))
  end)

  it("fails instead, if wanted", function()
    local ok, why, text = kit.run(kam.Pipeline { script { { 2 } }, kam.Timeout { 1, fails = true }, kam.NullSink() })
    assert.same({ nil, "failed" }, { ok, why.kind })
    kit.has(text, "nothing has come for 1 seconds")
  end)

  it("says nothing when its inbox ends in time", function()
    assert.same({ 1 }, kam.try(kam.Timeout { 1, msg = "bye" }, { 1 }))
  end)
end)
