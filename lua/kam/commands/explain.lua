local codes = require "kam.codes"
local near = require "kam.near"
local report = require "kam.report"

local function indented(text)
  return (("\n" .. text):gsub("\n", "\n  "):gsub("\n +%f[\n]", "\n"):sub(2))
end

return {
  usage = { { "kam explain CODE", "what an error code means" } },
  main = function(words)
    local code = (words[1] or ""):upper()
    local entry = codes.all[code]
    if not entry and words[1] then
      report.say(("kam: there is no error code %s"):format(words[1]))
      return 2
    elseif not entry then
      for _, name in ipairs(near.names(codes.all)) do
        print(("%s  %s"):format(name, codes.all[name].title))
      end
      return 0
    end
    print(("%s: %s"):format(code, entry.title))
    print("\n" .. indented(entry.why))
    print("\nwrong\n" .. indented(entry.wrong))
    print("\nright\n" .. indented(entry.right))
    return 0
  end,
}
