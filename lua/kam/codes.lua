-- codes: every error that the system raises, from the files of codes/, one for each
-- hundred. An entry is
--
--     title         what kind of mistake it is
--     make(...)     { message =, mark =, under =, mend =, notes =, … } of what the caller knows
--     why           what `kam explain` says
--     wrong, right  examples: what may stand after `kam -e`
--     exit          the exit status; 2 if it is not there

local codes = { all = {} }

-- Without the blanks that all lines begin with.
local function flush_left(text)
  local indent = text:match "^ *"
  return (("\n" .. text):gsub("\n" .. indent, "\n"):sub(2):gsub("%s+$", ""))
end

local function define(code, title, entry)
  assert(not codes.all[code], code)
  entry.title = title
  entry.wrong, entry.right = flush_left(entry.wrong), flush_left(entry.right)
  codes.all[code] = entry
end

for _, part in ipairs { "before", "warnings", "graph", "making", "inside", "formats", "running",
  "files", "network", "prompt" } do
  require("kam.codes." .. part)(define)
end

return codes
