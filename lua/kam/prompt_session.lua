-- prompt_session: a prompt of which somebody else has the input and the output.

local component = require "kam.component"
local core = require "kam.core"
local doc = require "kam.doc"
local library = require "kam.library"
local near = require "kam.near"
local prompt_line = require "kam.prompt_line"
local report = require "kam.report"
local syntax = require "kam.syntax"

local LONG = 65536 -- bytes of one statement

local help = [[
An expression shows its value; a statement is run; what is not yet whole goes on in the next line.
Locals live on, and are yours alone. `self` is the component that runs your lines.

  print(kam.tree())       what all components are doing
  self:ask("NAME", msg)   what a service answers
  kam.stop()              asks the whole system to end
  ?NAME                   what a component does
  exit                    hangs up
]]

local function about(word)
  word = word:gsub("^kam%.", "")
  if word == "" then return help end
  local make = library.find(word)
  if make then return doc.page(component.declaration(make)) end
  local best = near.best(word, library.names())
  return ("there is no component %s%s\n"):format(word, best and ("; did you mean %s?"):format(best) or "")
end

-- The values that a line gave, as text.
local function shown(values)
  local texts = {}
  for i = 2, values.n do texts[i - 1] = core.show(values[i], true) end
  return #texts > 0 and table.concat(texts, "\t") .. "\n" or ""
end

local Session = {}
Session.__index = Session

-- A prompt with locals and globals of its own; names that are neither are those of env, and
-- then everybody's.
local function new(env)
  local self = setmetatable({ pending = "" }, Session)
  local globals = { print = function(...)
    if not self.output then return print(...) end -- called later, by somebody else
    local texts = table.pack(...)
    for i = 1, texts.n do texts[i] = tostring(texts[i]) end
    self.output[#self.output + 1] = table.concat(texts, "\t") .. "\n"
  end }
  for name, v in pairs(env or {}) do globals[name] = v end
  globals._G = globals
  self.line = prompt_line.new("prompt", setmetatable(globals, { __index = _G }))
  return self
end

-- Runs a whole statement: what is to be shown.
local function evaluate(self, f)
  self.output = {}
  local results = table.pack(xpcall(f, function(err)
    return report.is_error(err) and tostring(err) or "error: " .. core.show(err, true)
  end))
  local output = table.concat(self.output)
  self.output = nil
  if not results[1] then return output .. results[2] .. "\n" end
  local ok, text = pcall(shown, results)
  return output .. (ok and text or "error: a value that fails to show itself\n")
end

-- One more line of a statement, or a whole one: what is to be shown, and whether more of
-- the statement is to come.
function Session:take(line)
  if self.pending == "" and not line:find "%S" then return "", false end
  local word = self.pending == "" and line:match "^%s*%?%s*(.-)%s*$"
  if word then return about(word), false end
  local text = self.pending .. line
  self.pending = ""
  if #text > LONG then return ("error: a statement is longer than %d bytes\n"):format(LONG), false end
  local f, err, is_part = self.line:load(text)
  if is_part then
    self.pending = text .. "\n"
    return "", true
  end
  local source = self.line.text .. text
  self.line:passed(text)
  if f then return evaluate(self, f), false end
  return tostring(syntax.error(err, source) or "error: " .. err) .. "\n", false
end

return new
