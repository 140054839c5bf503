-- patterns: names and addresses that are told by a pattern, as lists have them: with * and ?
-- (mail*.example.org), or between slashes a regular expression as postgrey's lists have it
-- (/^mail\d+\.example\.(com|net)$/).
--
-- Letters are small in what is matched. What a pattern may cost is bounded: it may repeat
-- REPEATS times, and have VARIANTS alternatives.

local patterns = {}

local REPEATS, VARIANTS = 3, 64

local classes = { d = "%d", w = "[%w_]", s = "%s", D = "%D", W = "[^%w_]", S = "%S" }
local inner = { d = "%d", w = "%w_", s = "%s" }

local function literal(c) return c:find "%w" and c or "%" .. c end

-- A set in brackets, from the sign behind "[": its Lua pattern and where it ends.
local function set(text, at)
  local out = "["
  if text:sub(at, at) == "^" then out, at = "[^", at + 1 end
  local first = at
  while at <= #text do
    local c = text:sub(at, at)
    if c == "]" and at > first then return out .. "]", at + 1 end
    if c == "\\" then
      at = at + 1
      c = text:sub(at, at)
      out = out .. (inner[c] or literal(c))
    elseif c == "-" and at > first and text:sub(at + 1, at + 1) ~= "]" then
      out = out .. "-"
    else
      out = out .. literal(c)
    end
    at = at + 1
  end
  return nil, "a [ is not closed"
end

-- Each of the heads with each of the tails.
local function product(heads, tails)
  local out = {}
  for _, head in ipairs(heads) do
    for _, tail in ipairs(tails) do out[#out + 1] = head .. tail end
  end
  return out
end

local alternatives

-- A group, from the sign behind "(": its variants and where it ends.
local function group(text, at)
  if text:sub(at, at + 1) == "?:" then at = at + 2 end
  local list, to = alternatives(text, at, true)
  if not list then return nil, to end
  local sign = text:sub(to, to)
  if sign == "?" then
    list[#list + 1] = ""
    return list, to + 1
  end
  if sign:find "^[*+{]" then return nil, "a group that is repeated is not supported" end
  return list, to
end

-- One sign or set, with what repeats it: its Lua pattern and where it ends.
local function single(text, at)
  local c = text:sub(at, at)
  local out
  if c == "[" then
    local pattern, to = set(text, at + 1)
    if not pattern then return nil, to end
    out, at = pattern, to
  elseif c == "\\" then
    local d = text:sub(at + 1, at + 1)
    if d == "" or d:find "%w" and not classes[d] then return nil, ("\\%s is not supported"):format(d) end
    out, at = classes[d] or literal(d), at + 2
  elseif c == "{" or c == "*" or c == "+" or c == "?" then
    return nil, ("a %s that repeats nothing, or a number of times, is not supported"):format(c)
  elseif c == "." then
    out, at = ".", at + 1
  elseif c == "^" or c == "$" then
    return nil, ("a %s may stand only at the beginning or the end"):format(c)
  else
    out, at = literal(c), at + 1
  end
  local sign = text:match("^[*+?]", at)
  if sign then out, at = out .. sign, at + 1 end
  return out, at
end

function alternatives(text, at, in_group)
  local all, list = {}, { "" }
  while true do
    local c = text:sub(at, at)
    if c == "" or c == ")" and in_group then
      if in_group and c == "" then return nil, "a ( is not closed" end
      table.move(list, 1, #list, #all + 1, all)
      if #all > VARIANTS then return nil, ("it has more than %d alternatives"):format(VARIANTS) end
      return all, at + 1
    elseif c == "|" then
      table.move(list, 1, #list, #all + 1, all)
      list, at = { "" }, at + 1
    else
      local more, to
      if c == "(" then
        more, to = group(text, at + 1)
      else
        more, to = single(text, at)
        more = more and { more }
      end
      if not more then return nil, to end
      list, at = product(list, more), to
      if #list > VARIANTS then return nil, ("it has more than %d alternatives"):format(VARIANTS) end
    end
  end
end

local function repeats(pattern)
  local plain = pattern:gsub("%%.", "x")
  return select(2, plain:gsub("[*+]", ""))
end

local function bounded(list)
  for _, pattern in ipairs(list) do
    if repeats(pattern) > REPEATS then return nil, ("it repeats more than %d times"):format(REPEATS) end
  end
  return list
end

-- Alternatives at the outermost level have each their own ^ and $.
local function regular(text)
  local out, depth, from, at, brackets = {}, 0, 1, 1, false
  local pieces = {}
  while at <= #text do
    local c = text:sub(at, at)
    if c == "\\" then
      at = at + 1
    elseif c == "[" then
      brackets = true
    elseif c == "]" then
      brackets = false
    elseif not brackets then
      depth = depth + (c == "(" and 1 or c == ")" and -1 or 0)
      if c == "|" and depth == 0 then
        pieces[#pieces + 1], from = text:sub(from, at - 1), at + 1
      end
    end
    at = at + 1
  end
  pieces[#pieces + 1] = text:sub(from)
  for _, piece in ipairs(pieces) do
    local begins, ends = piece:find "^%^" ~= nil, piece:find "%$$" and not piece:find "\\%$$"
    local list, why = alternatives(piece:sub(begins and 2 or 1, ends and -2 or -1), 1, false)
    if not list then return nil, why end
    for _, pattern in ipairs(list) do
      out[#out + 1] = (begins and "^" or "") .. pattern .. (ends and "$" or "")
    end
  end
  return bounded(out)
end

local function wild(text)
  local pattern = text:gsub(".", function(c) return c == "*" and ".*" or c == "?" and "." or literal(c) end)
  return bounded { "^" .. pattern .. "$" }
end

-- A list of Lua patterns, of which one must be found; nil if the text is no pattern; or nil
-- and why it cannot be read.
function patterns.of(text)
  local expression = text:match "^/(.*)/i?$"
  if expression then
    if expression == "" then return nil, "it is empty" end
    return regular(expression:gsub("\\?%a", function(s) return #s == 1 and s:lower() or s end))
  end
  if text:find "[*?]" then return wild(text:lower()) end
end

-- Is one of a list found in the text, whose letters are small?
function patterns.found(list, text)
  for _, pattern in ipairs(list) do
    if text:find(pattern) then return true end
  end
  return false
end

return patterns
