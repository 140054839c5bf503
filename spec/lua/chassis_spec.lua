local kam = require "kam"

describe("a Pipeline", function()
  it("hands messages from one component to the next, in order", function()
    local p = kam.Pipeline { kam.PassThrough(), kam.map(function(x) return x * 2 end) }
    assert.same({ 2, 4, 6 }, kam.try(p, { 1, 2, 3 }))
  end)
end)
