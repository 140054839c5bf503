-- address: mail addresses (RFC 5321, 6531), read so that none is taken for one of ours that a
-- server might send elsewhere.

local address = {}

local LONGEST = 320 -- octets: 64 and 255, and the sign between

-- --- domains ---

-- A label in ASCII (RFC 3492); nil if it is too long or no UTF-8.
local function adapt(delta, count, first)
  delta = delta // (first and 700 or 2)
  delta = delta + delta // count
  local k = 0
  while delta > 455 do delta, k = delta // 35, k + 36 end
  return k + 36 * delta // (delta + 38)
end

local function digit(d) return string.char(d < 26 and d + 97 or d + 22) end

local function punycode(label)
  if not label:find "[\x80-\xff]" then return label end
  if not utf8.len(label) or #label > 252 then return nil end
  local points, out = {}, {}
  for _, point in utf8.codes(label) do
    points[#points + 1] = point
    if point < 128 then out[#out + 1] = string.char(point) end
  end
  local basic, n, delta, bias = #out, 128, 0, 72
  local handled = basic
  if basic > 0 then out[#out + 1] = "-" end
  while handled < #points do
    local next_point = math.maxinteger
    for _, point in ipairs(points) do
      if point >= n and point < next_point then next_point = point end
    end
    delta = delta + (next_point - n) * (handled + 1)
    n = next_point
    for _, point in ipairs(points) do
      if point < n then delta = delta + 1 end
      if point == n then
        local q, k = delta, 36
        while true do
          local t = k <= bias and 1 or k >= bias + 26 and 26 or k - bias
          if q < t then break end
          out[#out + 1] = digit(t + (q - t) % (36 - t))
          q, k = (q - t) // (36 - t), k + 36
        end
        out[#out + 1] = digit(q)
        bias = adapt(delta, handled + 1, handled == basic)
        delta, handled = 0, handled + 1
      end
    end
    delta, n = delta + 1, n + 1
  end
  return "xn--" .. table.concat(out)
end

local function literal(text)
  local inner = text:match "^%[([%w:.-]+)%]$"
  return inner and "[" .. inner:lower() .. "]" or nil
end

-- Most domains are in their one form already: short, of small letters, digits and - between them.
local function is_plain(text)
  return #text < 64 and text:find "^[%l%d][%l%d.-]*[%l%d]$" and not text:find("..", 1, true)
    and not text:find("-.", 1, true) and not text:find(".-", 1, true)
end

-- A domain in its one form: small letters, and ASCII (IDNA) if it has others, which are not
-- mapped: what is equal only by a mapping is another domain. nil and why if it is none.
function address.domain(text)
  if text:find "^%[" then
    local found = literal(text)
    if not found then return nil, "its address literal cannot be read" end
    return found
  end
  if text == "" then return nil, "its domain is empty" end
  if is_plain(text) then return text end
  if text:find "%.$" then return nil, "its domain ends in a dot" end
  local labels = {}
  for label in (text .. "."):gmatch "(.-)%." do
    if label == "" then return nil, "its domain has an empty part" end
    -- signs that are no letters, but stand for dots and spaces in the eyes of some
    if not label:find "^[%w_\x80-\xff-]+$" or label:find "^%-" or label:find "%-$" then
      return nil, "its domain has signs that no domain has"
    end
    local ascii = punycode(label:lower())
    if not ascii or #ascii > 63 then return nil, "its domain has a part that is too long or no UTF-8" end
    labels[#labels + 1] = ascii
  end
  local domain = table.concat(labels, ".")
  if #domain > 255 then return nil, "its domain is too long" end
  return domain
end

-- --- local parts ---

-- The text in a quoted local part; nil if it is not well quoted.
local function unquoted(text)
  local out, at = {}, 2
  while at < #text do
    local c = text:sub(at, at)
    if c == '"' then return nil end
    if c == "\\" then
      at = at + 1
      if at >= #text then return nil end
      c = text:sub(at, at)
    end
    out[#out + 1] = c
    at = at + 1
  end
  return table.concat(out)
end

-- Where the local part ends; nil if there is no "@" outside of quotes.
local function split_at(text)
  if text:sub(1, 1) ~= '"' then return text:find("@", 1, true) end
  local at = 2
  while at <= #text do
    local c = text:sub(at, at)
    if c == '"' then return text:sub(at + 1, at + 1) == "@" and at + 1 or nil end
    at = at + (c == "\\" and 2 or 1)
  end
end

local function parse(text)
  if text == "" then return nil, "it is empty" end
  if #text > LONGEST then return nil, "it is too long" end
  if text:find "[%z\1-\31\127]" then return nil, "it has control characters" end
  if text:lower() == "postmaster" then return { localPart = "postmaster", text = "postmaster" } end
  if text:sub(1, 1) == "@" then return nil, "it has a source route" end
  local at = split_at(text)
  if not at then return nil, "it has no domain" end
  local part = text:sub(1, at - 1)
  local domain, why = address.domain(text:sub(at + 1))
  if not domain then return nil, why end
  if part == "" then return nil, "it has no local part" end
  if part:sub(1, 1) == '"' then
    part = unquoted(part)
    if not part or part == "" then return nil, "its local part is badly quoted" end
  elseif part:find "[^%w!#$%%&'*+/=?^_`{|}~.\x80-\xff-]" then
    return nil, "its local part has signs that must be quoted"
  end
  if part:find "[\x80-\xff]" and not utf8.len(part) then return nil, "it is no UTF-8" end
  return { localPart = part, domain = domain, text = part:lower() .. "@" .. domain }
end

-- One attempt is looked at by many rules, and recipients come again: so many are remembered.
local REMEMBERED = 256
local known, count = {}, 0

-- An address as it stands between < and >: { localPart =, domain =, text = } in its one form, which
-- is not to be changed; else nil and why. postmaster alone has no domain, and is one nevertheless.
function address.parse(text)
  local found = known[text]
  if found then return found end
  local parsed, why = parse(text)
  if not parsed then return nil, why end
  if count == REMEMBERED then known, count = {}, 0 end
  known[text], count = parsed, count + 1
  return parsed
end

-- Why a local part may lead to another place than its domain says, or nil: what some servers
-- take for an address of its own, and send on to it.
function address.routed(parsed)
  local part = parsed.localPart
  local sign = part:match "[@%%!]"
  if sign then return ("its local part has a %q, by which it may be sent elsewhere"):format(sign) end
  if part:find "[:,;<>()%[%]\\%s\"]" then
    return "its local part has signs by which it may be taken for several addresses"
  end
  if part:find("=?", 1, true) then return "its local part has an encoded word" end
end

-- One address in its one form, for keys and look-ups: what cannot be read is itself in small
-- letters.
function address.key(text)
  local parsed = address.parse(text)
  return parsed and parsed.text or text:lower()
end

return address
