-- syntax: Lua's commonest errors of syntax, told in our words: what is missing, where,
-- and how the line is to be.

local near = require "kam.near"
local report = require "kam.report"

local syntax = {}

local words = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat
  return then true until while]]):gmatch "%a+" do words[#words + 1] = word end
local statements = { "local", "function", "return", "while", "repeat", "for", "if", "until", "elseif" }

local function trimmed(s) return s:match "^%s*(.-)%s*$" end

-- A line without its comment, as far as one can see.
local function code_of(line) return (line:gsub("%s*%-%-.*$", "")) end

-- Where the token before the one at a line's column ends: line, the text up to there.
local function before(ctx)
  if ctx.token == "<eof>" then return ctx.line, trimmed(code_of(ctx.lines[ctx.line] or "")) end
  local line, token = ctx.lines[ctx.line] or "", ctx.token
  local column = token and (token:find "^[%w_]+$" and line:find("%f[%w_]" .. token .. "%f[^%w_]")
    or line:find(token, 1, true))
  local head = column and trimmed(line:sub(1, column - 1)) or ""
  if head ~= "" then return ctx.line, head end
  for n = ctx.line - 1, 1, -1 do
    local code = trimmed(code_of(ctx.lines[n]))
    if code ~= "" then return n, code end
  end
  return ctx.line, ""
end

-- A line with quotes as programs have them.
local function straight(line)
  return trimmed((line:gsub("\xe2\x80[\x9c\x9d]", '"'):gsub("\xe2\x80[\x98\x99]", "'")))
end

-- What follows from a code, a line, what to mark there, the mend and the words.
local function told(code, line, mark, mend, ...)
  return { code = code, line = line, mark = mark, mend = mend, args = { ... } }
end

local function line_with(ctx, from, to)
  local line = ctx.lines[ctx.line] or ""
  local new, n = line:gsub(from, to, 1)
  return n > 0 and trimmed(new) or nil
end

local function missing_comma(ctx)
  local n, text = before(ctx)
  local item = text:match '("[^"]*")$' or text:match "('[^']*')$" or text
  return told("E0002", n, item, item .. ",", item, n)
end

-- Each rule: a pattern for Lua's message, and what it gives, if it is that.
local rules = {}
local function rule(pattern, f) rules[#rules + 1] = { pattern, f } end

rule("unfinished string", function(ctx)
  local line = ctx.lines[ctx.line] or ""
  local quote, at = line:match "([\"'])", line:match "()[\"']"
  for position, found in line:gmatch "()([\"'])" do
    local _, many = line:sub(1, position - 1):gsub(found, "")
    if many % 2 == 0 then quote, at = found, position end
  end
  return told("E0005", ctx.line, at and line:sub(at), trimmed(line) .. (quote or '"'))
end)

rule("unfinished long (%a+) %(starting at line (%d+)%)", function(_, what, n)
  return told("E0013", tonumber(n), what == "comment" and "--[[" or "[[", "]] where it ends", what)
end)

rule("'%)' expected.- near", function(ctx)
  local n, text = before(ctx)
  if ctx.token == "}" then return told("E0006", ctx.line, "}", ") before }", ")") end
  return told("E0006", n, text, text .. ")", ")")
end)

rule("'%]' expected.- near", function(ctx)
  local n, text = before(ctx)
  return told("E0006", n, text, text .. "]", "]")
end)

rule("'}' expected.- near", function(ctx)
  local line, token = ctx.lines[ctx.line] or "", ctx.token
  if token == "=" then
    local key = line:match '("[^"]*")%s*=' or line:match "([%w_.]+)%s*="
    return key and told("E0015", ctx.line, key, ("[%s] ="):format(key), key)
  elseif token == "<eof>" or token == ")" or token == "end" or token == "]" then
    local n, text = before(ctx)
    return told("E0006", n, text, "} before " .. (token == "<eof>" and "the end" or token), "}")
  end
  return missing_comma(ctx)
end)

rule("'then' expected near", function(ctx)
  local line = code_of(ctx.lines[ctx.line] or "")
  if ctx.token == "=" then
    return told("E0007", ctx.line, "=", line_with(ctx, "([^=~<>])=([^=])", "%1==%2"))
  elseif ctx.token == "!" then
    return told("E0008", ctx.line, "!=", line_with(ctx, "!=", "~="))
  end
  local n, text = before(ctx)
  return told("E0004", n, text, text .. " then", "then", line)
end)

rule("'do' expected near", function(ctx)
  if ctx.token == "=" then
    return told("E0007", ctx.line, "=", line_with(ctx, "([^=~<>])=([^=])", "%1==%2"))
  elseif ctx.token == "!" then
    return told("E0008", ctx.line, "!=", line_with(ctx, "!=", "~="))
  end
  local n, text = before(ctx)
  return told("E0004", n, text, text .. " do", "do")
end)

rule("'=' or 'in' expected near", function(ctx)
  return told("E0014", ctx.line, ctx.token, "for i = 1, 10 do, or for i, item in ipairs(list) do")
end)

rule("'end' expected", function(ctx, _)
  local opened = tonumber(ctx.message:match "at line (%d+)%)")
  for n = #ctx.lines, 1, -1 do
    local line = code_of(ctx.lines[n])
    if line:find "%f[%w_]else%s+if%f[^%w_]" then
      return told("E0010", n, line:match "else%s+if", trimmed((line:gsub("else%s+if", "elseif", 1))))
    end
  end
  local n = opened or ctx.line
  return told("E0003", n, nil, "end", trimmed(code_of(ctx.lines[n] or "")), n)
end)

rule("<eof> expected near 'end'", function(ctx)
  return told("E0016", ctx.line, "end", "take it away", "end")
end)

rule("'%(' expected near", function(ctx)
  local n, text = before(ctx)
  local line = n == ctx.line and ctx.lines[n] or text
  local name = line:match "function%s+([%w_.:]+)%s*$"
  return told("E0011", n, "function", name and ("function %s()"):format(name)
    or trimmed((line:gsub("function", "function()", 1))))
end)

rule("function arguments expected near", function(ctx)
  local object, name = (ctx.lines[ctx.line] or ""):match "([%w_]+):([%w_]+)"
  if not name then
    local _, text = before(ctx)
    object, name = text:match "([%w_%]})]+):([%w_]+)$"
  end
  return name and told("E0012", ctx.line, object .. ":" .. name, ("%s:%s()"):format(object, name), object, name)
end)

-- The line above that opens a block and does not close it, with its number.
local function open_block(ctx)
  for n = ctx.line - 1, 1, -1 do
    local code, depth = code_of(ctx.lines[n]), 0
    for word in code:gmatch "%f[%w_]%a+%f[^%w_]" do
      if word == "do" or word == "then" or word == "function" then
        depth = depth + 1
      elseif word == "end" then
        depth = depth - 1
      end
    end
    if depth > 0 then return trimmed(code), n end
  end
end

rule("unexpected symbol near", function(ctx)
  local line, token = ctx.lines[ctx.line] or "", ctx.token
  if (token == "," or token == "}") and line:find "^%s*end%s*[,}]" then
    local code, n = open_block(ctx)
    if code then return told("E0003", n, code, "end", code, n) end
  end
  if token == "!" then
    if line:find "!=" then return told("E0008", ctx.line, "!=", line_with(ctx, "!=", "~=")) end
    return told("E0017", ctx.line, "!", line_with(ctx, "!%s*", "not "), "!", "not")
  elseif token == "=" or token == "==" then
    local name, sign = line:match "([%w_.]+)%s*([%+%-%*/%.]+)=", line:match "([%+%-%*/%.]+)="
    if name then
      return told("E0009", ctx.line, sign .. "=", line_with(ctx, "([%w_.]+)%s*[%+%-%*/%.]+=%s*",
        ("%%1 = %%1 %s "):format(sign:gsub("%%", "%%%%"))), sign .. "=")
    end
    if not line:find "^%s*if" and not line:find "^%s*while" and not line:find "^%s*return" then return nil end
    return told("E0007", ctx.line, token, line_with(ctx, "([^=~<>])=([^=])", "%1==%2"))
  elseif token == ">" and line:find "%->" then
    local from, to = line:match "([%w_.]+)%s*%->%s*([%w_.]+)"
    return told("E0018", ctx.line, "->", from and ('"%s -> %s"'):format(from, to))
  elseif token == "&" and line:find "&&" then
    return told("E0017", ctx.line, "&&", line_with(ctx, "&&", "and"), "&&", "and")
  elseif token == "|" and line:find "||" then
    return told("E0017", ctx.line, "||", line_with(ctx, "||", "or"), "||", "or")
  elseif token == "}" or token == ")" or token == "]" then
    return told("E0006", ctx.line, token, ("take the %s away, or open it before"):format(token), nil, token)
  elseif token and token:find "^[\xe2\xc2]" or line:find "\xe2\x80[\x9c\x9d\x98\x99]" then
    return told("E0019", ctx.line, nil, straight(line))
  end
end)

rule("syntax error near", function(ctx)
  local line, token = code_of(ctx.lines[ctx.line] or ""), ctx.token
  local name, sign = line:match "([%w_.]+)%s*([%+%-%*/%.]+=?)"
  if sign and (sign == "++" or token == sign or token and sign:sub(1, 1) == token) then
    return told("E0009", ctx.line, sign, sign:sub(-1) ~= "=" and ("%s = %s + 1"):format(name, name)
      or line_with(ctx, "([%w_.]+)%s*[%+%-%*/%.]+=%s*", ("%%1 = %%1 %s "):format(sign:sub(1, -2))), sign)
  end
  local n, text = before(ctx)
  local word = text:match "([%a_][%w_]*)$"
  local best = word and near.best(word, statements)
  if best and best ~= word then return told("E0012", n, word, best, nil, word, best) end
  return told("E0014", ctx.line, token)
end)

rule("<name> expected near", function(ctx)
  local keyword = ctx.token
  for _, word in ipairs(words) do
    if word == keyword then return told("E0017", ctx.line, keyword, keyword .. "_", keyword, "another name") end
  end
end)

rule("break outside a loop", function(ctx)
  return told("E0014", ctx.line, "break", "return")
end)

-- An error made of what load said of a text, or nil if that has no place.
function syntax.error(said, text, name)
  local file, line, message = said:match "^(.-):(%d+): (.*)$"
  if not file then return nil end
  local ctx = { file = name or file, line = tonumber(line), message = message, lines = report.lines(text),
    token = message:match "near '(.*)'$" or message:match "near (<eof>)$" }
  if ctx.token == "<eof>" then
    while ctx.line > 1 and trimmed(ctx.lines[ctx.line] or "") == "" do ctx.line = ctx.line - 1 end
  end
  local answer
  if (ctx.token or ""):find "^<\\226>" and (ctx.lines[ctx.line] or ""):find "\xe2\x80[\x9c\x9d\x98\x99]" then
    answer = told("E0019", ctx.line, nil, straight(ctx.lines[ctx.line]))
  end
  for _, r in ipairs(answer and {} or rules) do
    local found = table.pack(message:find(r[1]))
    if found[1] then
      answer = r[2](ctx, table.unpack(found, 3, found.n))
      break
    end
  end
  answer = answer or told("E0001", ctx.line, nil, nil)
  local e = report.new(answer.code, message, table.unpack(answer.args, 1, 4))
  e.file, e.line, e.mend = file, answer.line, answer.mend or e.mend
  local at = ctx.lines[answer.line]
  e.mark = answer.mark and at and at:find(answer.mark, 1, true) and answer.mark or nil
  if answer.code ~= "E0001" then e.notes = { "Lua says: " .. message } end
  return e
end

return syntax
