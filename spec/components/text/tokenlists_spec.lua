-- TokenlistsToLines and LinesToTokenlists.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local function written(list) return kam.try(kam.TokenlistsToLines(), { list })[1] end
local function read(line) return kam.try(kam.LinesToTokenlists(), { line })[1] end

it("every byte, empty tokens and empty lists come back as they were", function()
  local every = {}
  for i = 0, 255 do every[i + 1] = string.char(i) end
  for _, list in ipairs { {}, { "" }, { {} }, { "", {}, "a b", { "[", { "]", "%" }, "%20" } }, every,
    { table.concat(every) } } do
    assert.same(list, read(written(list)))
    assert.is_nil(written(list):find "\n")
  end
end)

it("lists stand in brackets, and escapes in hexadecimal", function()
  assert.equal("a%20b [ 1 [ ] ] %", written { "a b", { 1, {} }, "" })
end)

it("a wrong line is an error that says which", function()
  for line, why in pairs { ["[ a"] = "a %[ without its %]", ["a ]"] = "a %] without its %[",
    ["a%2"] = "is no token", ["a%%"] = "is no token", ["[a"] = "is no token" } do
    assert.matches("line 2 cannot be read: .*" .. why, cuts.fails(kam.LinesToTokenlists(), { "a", line }))
  end
  assert.matches("64 deep", cuts.fails(kam.LinesToTokenlists(), { ("[ "):rep(64) .. ("] "):rep(64) }))
end)

it("what is no token is an error", function()
  assert.matches("true is no token", cuts.fails(kam.TokenlistsToLines(), { { true } }))
  local round = {}
  round[1] = round
  assert.matches("64 deep", cuts.fails(kam.TokenlistsToLines(), { round }))
end)
