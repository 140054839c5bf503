local check = require "kam.check"
local core = require "kam.core"
local flags = require "kam.flags"
local launch = require "kam.launch"
local report = require "kam.report"

local function as_data(list)
  local data = {}
  for i, e in ipairs(list) do
    data[i] = report.is_error(e) and { code = e.code, message = e.message, file = e.file, line = e.line,
      mend = e.mend } or { message = core.show(e) }
  end
  return data
end

return {
  usage = { { "kam check [--strict] FILE", "what would be refused or go wrong, without running it" } },
  takes = "words",
  main = function(words)
    local strict, path
    for _, word in ipairs(words) do
      if word == "--strict" then
        strict = true
      elseif word == "--json" then
        flags.values.json = true
      elseif word:find "^%-%-" or path then
        return launch.wrong("check takes one file, --strict and --json, got " .. word)
      else
        path = word
      end
    end
    if not path then return launch.wrong "check needs a file" end
    local text, name = launch.read(path)
    if not text then return name end
    local errors, warnings = check.text(text, name:find "^=" and name or "@" .. name)
    if flags.values.json then
      print(require "kam.json".encode { errors = as_data(errors), warnings = as_data(warnings) })
    else
      for _, e in ipairs(errors) do
        report.say(report.is_error(e) and tostring(e) or "error: " .. core.show(e, true))
      end
      for _, w in ipairs(warnings) do report.say(tostring(w)) end
    end
    return #errors > 0 and 2 or strict and #warnings > 0 and 1 or 0
  end,
}
