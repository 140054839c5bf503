-- makers: what a user gives where components are made again and again: a constructor, or a
-- function that gives a component.

local component = require "kam.component"
local core = require "kam.core"
local report = require "kam.report"

local makers = {}

-- Those of the fields that a constructor declares as options.
local function declared(d, given)
  local fields
  for name, v in pairs(given) do
    if d.options[name] then
      fields = fields or {}
      fields[name] = v
    end
  end
  return fields
end

-- A component of a maker's, for what comes, of which given tells.
function makers.make(maker, given)
  local d = component.declaration(maker)
  local c
  if d then c = maker(declared(d, given)) else c = maker(given) end
  if not core.isself(c) then report.raise("E0224", "a server's protocol", c) end
  return c
end

-- The component for what comes, of which given tells: a constructor gets those of the
-- fields that it declares, a function gets the table. nil, after it was said, if there is
-- none.
function makers.serve(maker, given)
  local ok, c = xpcall(makers.make, function(e)
    return report.is_error(e) and e or debug.traceback(core.show(e, true), 2)
  end, maker, given)
  if ok then return c end
  report.say(report.is_error(c) and tostring(c)
    or tostring(report.new("E0672", c:match "^[^\n]*", report.users_trace(c))))
  return nil
end

return makers
