local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

describe("NameResolver", function()
  it("gives the addresses of names, in order", function()
    local got = kam.try(kam.NameResolver(), { "localhost", "127.0.0.1", "::1", "nowhere.invalid", "" })
    assert.equal(5, #got)
    local all = table.concat(got[1].addresses, " ")
    assert.truthy(all:find("127.0.0.1", 1, true) or all:find("::1", 1, true))
    assert.same({ name = "127.0.0.1", addresses = { "127.0.0.1" } }, got[2])
    assert.same({ name = "::1", addresses = { "::1" } }, got[3])
    for i, name in pairs { [4] = "nowhere.invalid", [5] = "" } do
      assert.equal(name, got[i].name)
      assert.same({}, got[i].addresses)
      assert.equal("string", type(got[i].error))
    end
  end)

  it("can be asked", function()
    local answer
    kit.runs(kam.main(function(self)
      local names = self:addChildren(kam.NameResolver())
      answer = self:ask(names, "127.0.0.1", 5)
    end))
    assert.equal("127.0.0.1", answer.addresses[1])
  end)

  it("refuses what is no name", function()
    for _, bad in ipairs { 5, ("x"):rep(256), "a\0b" } do
      local _, _, text = kit.run(kam.Pipeline { kam.DataSource { bad }, kam.NameResolver(), kam.NullSink() })
      kit.has(text, "NameResolver")
    end
  end)
end)
