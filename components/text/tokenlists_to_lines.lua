local kam = require "kam"

local function escaped(byte) return ("%%%02x"):format(byte:byte()) end

-- A token as it stands in a line: never empty, without spaces, and no bracket alone.
local function token(text)
  if text == "" then return "%" end
  return (text:gsub("[%c%s%%%[%]]", escaped))
end

local function written(list, depth)
  if depth > 64 then error("lists are more than 64 deep", 0) end
  local parts = {}
  for i = 1, #list do
    local v = list[i]
    if type(v) == "string" or type(v) == "number" then
      parts[i] = token(tostring(v))
    elseif type(v) == "table" then
      local inner = written(v, depth + 1)
      parts[i] = inner == "" and "[ ]" or "[ " .. inner .. " ]"
    else
      error(("%s is no token: tokens are strings, numbers and lists of them"):format(kam.show(v)), 0)
    end
  end
  return table.concat(parts, " ")
end

return kam.component "TokenlistsToLines" {
  summary = "Writes lists of tokens as lines.",
  doc = "Tokens stand with a space between; a list in a list stands in [ and ]. Spaces, control "
    .. "characters, brackets and % in a token become % and two hexadecimal digits, an empty token a "
    .. "% alone, so that LinesToTokenlists gives the same lists again; numbers come back as text. "
    .. "Anything else in a list is an error, as are more than 64 lists in one another.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "lists of tokens", kind = "table" } },
  outboxes = { outbox = { "lines", kind = "line" } },
  answers = true,
  example = [[
kam.Pipeline { kam.DataSource { { "ADD", "big box", { "x", 5 } } }, kam.TokenlistsToLines(),
  kam.ConsoleEchoer() }:run()
--> ADD big%20box [ x 5 ]
]],
  main = function(self)
    for list in self:messages() do self:send(written(list, 1)) end
  end,
}
