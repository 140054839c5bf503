-- kam annotations: a file that lua-language-server reads, and that says all there is.
local annotations = require "kam.annotations"
local kam = require "kam"
local kit = require "spec.lua.kit"
local library = require "kam.library"
local methods = require "kam.methods"
local near = require "kam.near"
local place = require "spec.lua.place"

-- The names of a table of annotations, sorted.
local function names_of(list)
  local names = {}
  for i, entry in ipairs(list) do names[i] = entry[1] end
  table.sort(names)
  return names
end

describe("kam annotations", function()
  local here

  before_each(function() here = place.new() end)
  after_each(function() here:__close() end)

  it("writes a file that loads as Lua and names every component", function()
    local out, err, status = here:run "kam annotations types"
    assert.equal("", err)
    assert.equal(0, status)
    assert.equal("wrote 1 file in types\n", out)
    local declared = assert(load(here:read "types/kam.lua", "=types", "t", {}))()
    for _, name in ipairs(library.names()) do assert.equal("function", type(declared[name]), name) end
    assert.equal("function", type(declared.try))
  end)

  it("says what a component may be given", function()
    kit.has(annotations.text(), "---@field size? integer bytes in a chunk (integer, default 188",
      "---@param options? kam.ChunkerOptions|table|integer", "---@field n integer how many messages to send on",
      "---@param options kam.TakeOptions|table|integer")
  end)

  it("says every method of components and handles, and every function of kam", function()
    assert.same(near.names(methods.all), names_of(annotations.methods))
    local functions = {}
    for name, value in pairs(kam) do
      if name:find "^%l" and type(value) == "function" then functions[name] = true end
    end
    assert.same(near.names(functions), names_of(annotations.functions))
    local handle <close> = kam.handle(kam.NullSink())
    local of_handle = {}
    for name in pairs(getmetatable(handle).__index) do
      if not name:find "^_" then of_handle[name] = true end
    end
    assert.same(near.names(of_handle), names_of(annotations.handle))
  end)

  it("needs a folder", function()
    local _, err, status = here:run "kam annotations"
    assert.equal(2, status)
    kit.has(err, "needs a folder")
  end)
end)
