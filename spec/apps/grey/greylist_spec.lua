-- The greylist's decisions, as tables of attempts and times.
local library = require "kam.library"

package.path = library.root .. "/apps/grey/?.lua;" .. package.path
local greylist = require "greylist"

local DAY = 86400
local grey = { delay = 300, retry_window = 2 * DAY, lifetime = 35 * DAY, too_soon = 0 }
local kamaelia = { delay = 3600, retry_window = 25000, lifetime = 3000000, too_soon = 180 }

-- Attempts at times, one after the other, of one triplet: each { time, action, reason, wait }.
local function attempts(times, list)
  local state
  for i, a in ipairs(list) do
    local now, action, reason, wait = table.unpack(a)
    local v = greylist.judge(state, now, times)
    local name = ("attempt %d, at %d"):format(i, now)
    assert.same({ action, reason, wait }, { v.action, v.reason, v.wait or v.delayed }, name)
    state = v.state
  end
  return state
end

describe("the greylist", function()
  it("lets pass what is tried again in time, and knows it from then on", function()
    local state = attempts(grey, {
      { 1000, "defer", "new", 300 },
      { 1001, "defer", "early", 299 },
      { 1299, "defer", "early", 1 },
      { 1300, "accept", "retried in time", 300 },
      { 1300, "accept", "known" },
      { 1300 + 34 * DAY, "accept", "known" },
      { 1300 + 34 * DAY + 35 * DAY - 1, "accept", "known" },
    })
    assert.same({ first = 1000, last = 1299 + 69 * DAY, passed = 1300, tries = 6 }, state)
  end)

  it("begins anew after the lifetime", function()
    attempts(grey, {
      { 0, "defer", "new", 300 }, { 300, "accept", "retried in time", 300 },
      { 300 + 35 * DAY, "defer", "known too long ago", 300 },
      { 600 + 35 * DAY, "accept", "retried in time", 300 },
    })
  end)

  it("begins anew after the retry window", function()
    attempts(grey, {
      { 0, "defer", "new", 300 }, { 2 * DAY, "accept", "retried in time", 2 * DAY },
    })
    attempts(grey, {
      { 0, "defer", "new", 300 }, { 2 * DAY + 1, "defer", "retried too late", 300 },
      { 2 * DAY + 301, "accept", "retried in time", 300 },
    })
  end)

  it("has the original's times, with its resets", function()
    attempts(kamaelia, {
      { 0, "defer", "new", 3600 },
      { 179, "defer", "retried too soon", 3600 }, -- the time begins again
      { 358, "defer", "retried too soon", 3600 },
      { 358 + 180, "defer", "early", 3420 },
      { 358 + 3599, "defer", "early", 1 },
      { 358 + 3600, "accept", "retried in time", 3600 },
      { 358 + 3600 + 2999999, "accept", "known" },
      { 358 + 3600 + 2999999 + 3000000, "defer", "known too long ago", 3600 },
    })
    attempts(kamaelia, {
      { 0, "defer", "new", 3600 }, { 25000, "accept", "retried in time", 25000 },
    })
    attempts(kamaelia, {
      { 0, "defer", "new", 3600 }, { 25001, "defer", "retried too late", 3600 },
      { 25002, "defer", "retried too soon", 3600 },
    })
  end)

  it("survives a clock that jumps back and forth", function()
    attempts(grey, {
      { 10 * DAY, "defer", "new", 300 },
      { 9 * DAY, "defer", "first seen in the future", 300 },
      { 10 * DAY, "accept", "retried in time", DAY }, -- which is what the clock says
      { 9 * DAY, "accept", "known" },
      { 10 * DAY, "accept", "known" },
    })
    attempts(grey, {
      { 10 * DAY, "defer", "new", 300 },
      { 9 * DAY, "defer", "first seen in the future", 300 },
      { 9 * DAY + 299, "defer", "early", 1 },
      { 9 * DAY + 300, "accept", "retried in time", 300 },
    })
  end)

  it("never defers for longer than delay, and never accepts earlier, whatever the times are", function()
    math.randomseed(7)
    for _ = 1, 3000 do
      local times = { too_soon = math.random(0, 50), delay = math.random(0, 300), retry_window = math.random(300, 900),
        lifetime = math.random(500, 2000) }
      local state, now, first = nil, 0, nil
      for _ = 1, 20 do
        now = now + math.random(0, 700)
        local v = greylist.judge(state, now, times)
        if v.action == "defer" then
          assert.is_true(v.wait >= 0 and v.wait <= times.delay)
        elseif v.delayed then
          assert.is_true(now - first >= times.delay and now - first <= times.retry_window)
        else
          assert.is_true(state.passed and now - state.last < times.lifetime)
        end
        assert.equal(state ~= nil and greylist.over(state, now, times) and state.passed == nil, v.reason == "retried too late")
        assert.equal(state ~= nil and greylist.over(state, now, times) and state.passed ~= nil, v.reason == "known too long ago")
        state = v.state
        first = state.first
      end
    end
  end)

  it("defers nothing with no delay", function()
    local none = { delay = 0, retry_window = 0, lifetime = 10, too_soon = 0 }
    attempts(none, { { 5, "defer", "new", 0 }, { 5, "accept", "retried in time", 0 } })
  end)

  it("writes at once what a verdict rests on, and the rest some time", function()
    local function write(state, now) return greylist.judge(state, now, kamaelia).write end
    assert.equal("now", write(nil, 0))
    assert.equal("now", write({ first = 0, last = 0, tries = 1 }, 10))
    assert.equal("later", write({ first = 0, last = 0, tries = 1 }, 200))
    assert.equal("now", write({ first = 0, last = 0, tries = 1 }, 3600))
    assert.equal("later", write({ first = 0, last = 0, tries = 1, passed = 0 }, 3600))
  end)
end)

describe("a client network", function()
  it("is trusted when it has passed often enough, each hour once", function()
    local client
    local now = 0
    for i = 1, 5 do
      assert.is_false(greylist.trusts(client, now, 5, grey))
      client = greylist.count(client, now, grey)
      assert.same({ passes = i, last = now }, client)
      assert.is_nil(greylist.count(client, now, grey))
      assert.is_nil(greylist.count(client, now + 3599, grey))
      now = now + 3600
    end
    assert.is_true(greylist.trusts(client, now, 5, grey))
    assert.is_false(greylist.trusts(client, now, 6, grey))
    assert.is_false(greylist.trusts(client, now, 0, grey), "0 is never")
    assert.is_true(greylist.trusts(client, client.last + 35 * DAY - 1, 5, grey))
    assert.is_false(greylist.trusts(client, client.last + 35 * DAY, 5, grey))
    assert.same({ passes = 1, last = client.last + 35 * DAY }, greylist.count(client, client.last + 35 * DAY, grey))
  end)

  it("is trusted though the clock was set back, and counts what passes then", function()
    local client = { passes = 5, last = 10 * DAY }
    assert.is_true(greylist.trusts(client, 9 * DAY, 5, grey))
    assert.same({ passes = 6, last = 9 * DAY }, greylist.count(client, 9 * DAY, grey))
  end)
end)

describe("a sender", function()
  local cases = {
    { "Ann@Example.ORG", "ann@example.org", "ann@example.org" },
    { "ann+news@example.org", "ann@example.org", "ann+news@example.org" },
    { "list-12345-ann@example.org", "list-#-ann@example.org", "list-12345-ann@example.org" },
    { "12345@example.org", "#@example.org", "12345@example.org" },
    { "ann2@example.org", "ann2@example.org", "ann2@example.org" },
    { "a_1@example.org", "a_1@example.org", "a_1@example.org" },
    { "prvs=0123456789=ann@example.org", "ann@example.org", "prvs=0123456789=ann@example.org" },
    { "prvs=ann=0123456789@example.org", "ann@example.org", "prvs=ann=0123456789@example.org" },
    { "prvs=0123abcdef=0123456789ann@example.org", "0123456789ann@example.org", "prvs=0123abcdef=0123456789ann@example.org" },
    { "bounce-1.2.3@example.org", "bounce-#.#.#@example.org", "bounce-1.2.3@example.org" },
    { "a@b@example.org", "a@b@example.org", "a@b@example.org" },
    { "MAILER-DAEMON", "mailer-daemon", "mailer-daemon" },
    { "", "", "" },
  }
  for _, case in ipairs(cases) do
    it(("%q is one for all its mails"):format(case[1]), function()
      assert.equal(case[2], greylist.sender(case[1], true))
      assert.equal(case[3], greylist.sender(case[1], false))
    end)
  end
end)
