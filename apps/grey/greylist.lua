-- greylist: what is decided of an attempt by what is remembered of earlier ones. Functions of
-- their arguments only; times are whole seconds.
--
--                 too soon (again from now)            too late (again from now)
--                  │    early (wait on)                 │
--     first ───────┴────────┬───────── passes ──────────┴──> time
--                         delay                  retry_window
--
--     passed: accepted until `lifetime` after the last use, then new
--
-- A state is { first =, last =, passed = when it passed, or nil, tries = attempts since first };
-- times are { too_soon =, delay =, retry_window =, lifetime = }.

local greylist = {}

-- What is written of a state: at once, as a verdict rests on it, or some time later.
local NOW, LATER = "now", "later"

local function again(now, reason, times)
  return { action = "defer", reason = reason, wait = times.delay, write = NOW,
    state = { first = now, last = now, tries = 1 } }
end

local HOUR = 3600

-- Is it worth writing that what was last used at that time is used now? Lifetimes are weeks.
function greylist.stale(last, now, times) return now - last >= math.min(HOUR, times.lifetime / 2) end

local function known(state, now, times)
  -- a clock that was set back makes nothing older
  if now - state.last >= times.lifetime then return again(now, "known too long ago", times) end
  if not greylist.stale(state.last, now, times) then
    return { action = "accept", reason = "known", state = state }
  end
  return { action = "accept", reason = "known", write = LATER,
    state = { first = state.first, last = now, passed = state.passed, tries = state.tries + 1 } }
end

-- The verdict on an attempt at now of what has a state, or nil if it was never seen: a table of
-- action ("accept", "defer"), reason, wait (seconds, of a deferral), delayed (seconds, when it
-- passes), state (the new one) and write ("now", "later", or nil if it is not worth it).
function greylist.judge(state, now, times)
  if not state then return again(now, "new", times) end
  if state.passed then return known(state, now, times) end
  local age = now - state.first
  if age < 0 then return again(now, "first seen in the future", times) end
  if age < times.too_soon then return again(now, "retried too soon", times) end
  if age < times.delay then
    return { action = "defer", reason = "early", wait = times.delay - age, write = LATER,
      state = { first = state.first, last = now, tries = state.tries + 1 } }
  end
  if age > times.retry_window then return again(now, "retried too late", times) end
  return { action = "accept", reason = "retried in time", delayed = age, write = NOW,
    state = { first = state.first, last = now, passed = now, tries = state.tries + 1 } }
end

-- Is a state worth nothing any more?
function greylist.over(state, now, times)
  if state.passed then return now - state.last >= times.lifetime end
  return now - state.first > times.retry_window
end

-- --- clients that have passed often ---

-- One pass in an hour counts: a queue that is emptied at once is one witness.

-- A client network is { passes =, last = when one counted or it was let pass }. Is it let pass?
function greylist.trusts(client, now, enough, times)
  return enough > 0 and client ~= nil and client.passes >= enough and now - client.last < times.lifetime
end

-- The client's record after something of it has passed at now; nil if that does not count.
function greylist.count(client, now, times)
  if not client or now - client.last >= times.lifetime then return { passes = 1, last = now } end
  if now >= client.last and now - client.last < HOUR then return nil end
  return { passes = client.passes + 1, last = now }
end

-- --- keys ---

-- The two ways in which the address of a sender is written with a tag for each mail: BATV
-- (prvs=tag=user) and VERP (list-12345-user=domain, user+tag).
local function plain_user(user)
  local first, second = user:match "^prvs=([^=]*)=([^=]*)$"
  if first then
    local tag = ("%w"):rep(10)
    user = second:find("^" .. tag) and not first:find("^" .. tag) and first or second
  end
  return (user:gsub("%+.*", ""):gsub("%f[%w_]%d+%f[^%w_]", "#"))
end

-- A sender, without what changes from mail to mail if plain; letters are small ones.
function greylist.sender(address, plain)
  local user, domain = address:match "^(.*)@(.-)$"
  if not user then return address:lower() end
  return ((plain and plain_user(user) or user) .. "@" .. domain):lower()
end

return greylist
