-- codes: every error that the system raises, from the files of codes/, one for each
-- hundred. An entry is
--
--     title         what kind of mistake it is
--     make(...)     { message =, mark =, under =, mend =, notes =, … } of what the caller knows
--     why, wrong, right   what `kam explain` says
--     exit          the exit status; 2 if it is not there

local codes = { all = {} }

local function define(code, title, entry)
  assert(not codes.all[code], code)
  entry.title = title
  codes.all[code] = entry
end

for _, part in ipairs { "before", "warnings", "graph", "making", "inside", "formats", "running", "files",
  "prompt" } do
  require("kam.codes." .. part)(define)
end

return codes
