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
  usage = { { "kam check [--strict] FILE [WORD …]", "what would be refused or go wrong, without running it" } },
  takes = "words",
  main = function(words)
    local strict
    while words[1] and words[1]:find "^%-%-" do
      local flag = table.remove(words, 1)
      if flag == "--strict" then
        strict = true
      elseif flag == "--json" then
        flags.values.json = true
      else
        return launch.wrong("check takes --strict and --json before the file, got " .. flag)
      end
    end
    local path = table.remove(words, 1)
    if not path then return launch.wrong "check needs a file" end
    local text, name = launch.read(path, words)
    if not text then return name end
    local errors, warnings = check.text(text, name:find "^=" and name or "@" .. name, table.unpack(words))
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
