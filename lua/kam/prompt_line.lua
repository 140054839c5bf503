-- prompt_line: what is typed at a prompt as a function, with locals that live on.
--
-- Each local of the outermost block is an upvalue of the next lines: a line is compiled
-- as a function inside one that declares those that it names, and is then joined to the
-- variables of the earlier lines, so that functions made there share them.

local prompt_line = {}

local opens = { ["function"] = true, ["do"] = true, ["if"] = true, ["repeat"] = true }
local closes = { ["end"] = true, ["until"] = true }
local brackets = { ["("] = 1, ["{"] = 1, ["["] = 1, [")"] = -1, ["}"] = -1, ["]"] = -1 }

-- The end of what begins at a quote or a long bracket.
local function string_end(text, at)
  local signs = text:match("^%[(=*)%[", at)
  if signs then return select(2, text:find("]" .. signs .. "]", at, true)) or #text end
  local quote = text:sub(at, at)
  at = at + 1
  while at <= #text and text:sub(at, at) ~= quote do
    at = at + (text:sub(at, at) == "\\" and 2 or 1)
  end
  return at
end

-- Names, signs and "" for strings and numbers, one after another: word, place.
local function words(text)
  local at = 1
  return function()
    while true do
      at = text:find("%S", at)
      if not at then return nil end
      local from = at
      if text:find("^%-%-", at) then
        local long = text:find("^%-%-%[=*%[", at)
        at = (long and string_end(text, at + 2) or text:find("\n", at, true) or #text) + 1
      elseif text:find("^[\"']", at) or text:find("^%[=*%[", at) then
        at = string_end(text, at) + 1
        return "", from
      elseif text:find("^%d", at) then
        at = select(2, text:find("^[%w%.]+", at)) + 1
        return "", from
      else
        at = (select(2, text:find("^[%a_][%w_]*", at)) or at) + 1
        return text:sub(from, at - 1), from
      end
    end
  end
end

-- The locals that the outermost block of a text declares, a list; all names in it, a set;
-- and the text without <close> and <const>: at a prompt, no block ends.
function prompt_line.names(text)
  local list, depth, all = {}, 0, {}
  local state -- after local: "name"; after a name: "more"; after < : "attribute"
  local cut = {}
  for word, place in words(text) do
    if word:find "^[%a_]" then all[word] = true end
    if opens[word] then depth = depth + 1 end
    if closes[word] then depth = depth - 1 end
    if brackets[word] then depth = depth + brackets[word] end
    if state == "name" and word == "function" then
      state = "function"
    elseif state == "function" then
      list[#list + 1], state = word, nil
    elseif state == "name" then
      list[#list + 1], state = word, "more"
    elseif state == "more" and word == "," then
      state = "name"
    elseif state == "more" and word == "<" then
      state, cut[#cut + 1] = "attribute", place
    elseif state == "attribute" then
      if word == ">" then
        cut[#cut], state = { cut[#cut], place }, "more"
      end
    elseif word == "local" and depth == 0 then
      state = "name"
    else
      state = nil
    end
  end
  for _, range in ipairs(cut) do
    if type(range) == "table" then
      text = text:sub(1, range[1] - 1) .. (" "):rep(range[2] - range[1] + 1) .. text:sub(range[2] + 1)
    end
  end
  return list, all, text
end

local Session = {}
Session.__index = Session

-- A new session; name is what errors call it, env where its globals are (_G).
function prompt_line.new(name, env)
  return setmetatable({ name = name, env = env or _G, lines = 0, kept = {}, text = "" }, Session)
end

local reserved = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or
  repeat return then true until while]]):gmatch "%a+" do reserved[word] = true end

-- The names of the kept locals that a text has in it.
local function used(self, all)
  local names = {}
  for name in pairs(self.kept) do
    if all[name] then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

-- Makes upvalues of f the kept variables.
local function join(self, f)
  local i = 1
  while true do
    local name = debug.getupvalue(f, i)
    if not name then return f end
    local kept = self.kept[name]
    if kept then debug.upvaluejoin(f, i, kept.of, kept.index) end
    i = i + 1
  end
end

local function keep(self, of)
  local i = 1
  while true do
    local name = debug.getupvalue(of, i)
    if not name then return end
    if name ~= "_ENV" then self.kept[name] = { of = of, index = i } end
    i = i + 1
  end
end

-- Loads code with the text's own line numbers in the session.
local function compile(self, code)
  return load(("\n"):rep(self.lines) .. code, "=" .. self.name, "t", self.env)
end

local function closure(self, text, all, new)
  local names = used(self, all)
  local head = #names > 0 and ("local %s; "):format(table.concat(names, ", ")) or ""
  local tail = ""
  if #new > 0 then
    local seen, list = {}, {}
    for _, name in ipairs(new) do
      if not seen[name] then list[#list + 1], seen[name] = name, true end
    end
    tail = ("\n;(...)(function() return %s end)"):format(table.concat(list, ", "))
  end
  local outer, err = compile(self, ("%sreturn function(...) %s%s\nend"):format(head, text, tail))
  if not outer then return nil, err end
  return join(self, outer())
end

-- Is only the end missing? Lua then complains of what it found there.
local function is_cut(err)
  return err and err:find "near '?<eof>'?$" ~= nil
end

-- The function of a text: it gives the values of an expression, or nothing. Or nil and
-- what is wrong with it, and true if only its end is missing.
function Session:load(text)
  text = text:gsub("^%s*=", "return ")
  local new, all, plain = prompt_line.names(text)
  local value, why = compile(self, "return " .. text)
  local f = value and closure(self, "return " .. text, all, {})
  if f then return f end
  local ok, err = compile(self, text)
  if not ok then return nil, err, is_cut(err) or is_cut(why) end
  f = closure(self, plain, all, new)
  if not f then f, err = closure(self, text, all, {}) end -- a return, and nothing can follow it
  if not f then return nil, err end
  return function() return f(function(of) keep(self, of) end) end
end

-- The text has been run, or given up: the next one has the next line numbers.
function Session:passed(text)
  self.text = self.text .. text .. "\n"
  self.lines = self.lines + select(2, text:gsub("\n", "")) + 1
end

-- A kept local: its value, and true; nil if there is none of that name.
function Session:get(name)
  local kept = self.kept[name]
  if not kept then return nil, false end
  return select(2, debug.getupvalue(kept.of, kept.index)), true
end

-- The names of all kept locals, sorted.
function Session:locals()
  local names = {}
  for name in pairs(self.kept) do names[#names + 1] = name end
  table.sort(names)
  return names
end

prompt_line.reserved = reserved

return prompt_line
