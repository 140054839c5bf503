-- values: what a text of the configuration means, by the kind of its key. Each kind is a function
-- of the text and the key: the value; or nil, what is wrong, and what would be right.

local values = {}

function values.text(text) return text end

function values.name(text)
  if text:find "^[%w.-]*$" and #text <= 255 then return text end
  return nil, ("%q is no name of a host"):format(text), "mail.example.org"
end

local function bounded(n, key)
  if n >= (key.min or 0) and n <= (key.max or math.huge) then return n end
  return nil, ("it is at least %s%s"):format(key.min or 0, key.max and (" and at most %s"):format(key.max) or "")
end

function values.whole(text, key)
  local n = text:find "^%d+$" and math.tointeger(tonumber(text))
  if not n then return nil, ("%q is no whole number"):format(text), tostring(key.default) end
  return bounded(n, key)
end

function values.port(text)
  local n = text:find "^%d+$" and math.tointeger(tonumber(text))
  if n and n >= 0 and n <= 65535 then return n end
  return nil, ("%q is no port: a whole number up to 65535"):format(text), "25"
end

local truths = { yes = true, on = true, ["true"] = true, ["1"] = true, no = false, off = false, ["false"] = false,
  ["0"] = false }

function values.flag(text)
  local truth = truths[text:lower()]
  if truth ~= nil then return truth end
  return nil, ("%q is neither yes nor no"):format(text), "yes"
end

local seconds = { [""] = 1, s = 1, sec = 1, second = 1, m = 60, min = 60, minute = 60, h = 3600, hour = 3600,
  d = 86400, day = 86400, w = 604800, week = 604800 }

function values.time(text, key)
  local n, unit = text:match "^(%d+%.?%d*)%s*(%a*)$"
  local each = n and (seconds[unit] or seconds[unit:gsub("s$", "")])
  if not each then
    return nil, ("%q is no time: a number, and s, min, h, d or w"):format(text), "5 min"
  end
  local time = tonumber(n) * each
  if time > 1e10 then return nil, ("%q is more than 300 years"):format(text), "35 days" end
  return bounded(math.tointeger(time) or time, key)
end

local bytes = { [""] = 1, b = 1, k = 1 << 10, kb = 1 << 10, m = 1 << 20, mb = 1 << 20, g = 1 << 30, gb = 1 << 30 }

function values.size(text, key)
  local n, unit = text:match "^(%d+)%s*(%a*)$"
  local each = n and bytes[unit:lower()]
  if not each then return nil, ("%q is no size: a number, and KB, MB or GB"):format(text), "10 MB" end
  if tonumber(n) > (1 << 40) // each then return nil, ("%q is more than 1024 GB"):format(text), "10 MB" end
  return bounded(math.tointeger(tonumber(n)) * each, key)
end

function values.choice(text, key)
  for _, one in ipairs(key.of) do
    if one:lower() == text:lower() then return one end
  end
  return nil, ("%q is none of %s"):format(text, table.concat(key.of, ", ")), key.of[1]
end

-- "192.0.2.1:25", "[2001:db8::1]:25", ":25" or "25" as { host =, port = }; a path as { path = }.
function values.address(text)
  if text:find "^/" then return { path = text } end
  local host, port = text:match "^%[([%x:.]+)%]:(%d+)$"
  if not host then host, port = text:match "^([%w.-]*):?(%d+)$" end
  if text:find "^%d+$" then host, port = "", text end
  port = port and math.tointeger(tonumber(port))
  if port and port <= 65535 then return { host = host, port = port } end
  return nil, ("%q is no address with a port"):format(text), "127.0.0.1:25"
end

return values
