local kam = require "kam"

local function byte(hex) return string.char(tonumber(hex, 16)) end

-- The text of a token, or nil: a % in it is followed by no digits.
local function unescaped(token)
  if token == "%" then return "" end
  if token:gsub("%%%x%x", ""):find "[%%%[%]]" then return nil end
  return (token:gsub("%%(%x%x)", byte))
end

-- The list that stands in a line; or nil and what is wrong.
local function read(line)
  local list, open = {}, {}
  for word in line:gmatch "%S+" do
    if word == "[" then
      if #open == 63 then return nil, "lists are more than 64 deep" end
      local inner = {}
      list[#list + 1] = inner
      open[#open + 1] = list
      list = inner
    elseif word == "]" then
      list = table.remove(open)
      if not list then return nil, "a ] without its [" end
    else
      local token = unescaped(word)
      if not token then return nil, ("%s is no token"):format(kam.show(word)) end
      list[#list + 1] = token
    end
  end
  if #open > 0 then return nil, "a [ without its ]" end
  return list
end

return kam.component "LinesToTokenlists" {
  summary = "Reads lines as lists of tokens.",
  doc = "Reads what TokenlistsToLines writes: tokens with spaces between, a list in a list in [ and ], "
    .. "each a word of its own, % and two hexadecimal digits for a byte, and % alone for an empty "
    .. "token. An empty line is an empty list. A line that is wrong is an error that says which it was.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "lines", kind = "line" } },
  outboxes = { outbox = { "lists of tokens", kind = "table" } },
  answers = true,
  example = [[
kam.Pipeline { kam.DataSource { "ADD big%20box [ x 5 ]" }, kam.LinesToTokenlists(),
  kam.ConsoleEchoer() }:run()
--> { "ADD", "big box", { "x", "5" } }
]],
  main = function(self)
    local n = 0
    for line in self:messages() do
      n = n + 1
      local list, why = read(line)
      if not list then error(("line %d cannot be read: %s"):format(n, why), 0) end
      self:send(list)
    end
  end,
}
