-- Noting: a script's graph is made, and nothing moves.
local kam = require "kam"
local note = require "kam.note"

local function roots(f, ...)
  return note.roots(f, tostring, ...)
end

describe("noting", function()
  it("gives what run, activate, a handle and try were given, once and in order", function()
    local a, b, c, d
    local ok, list = roots(function()
      a, b, c, d = kam.NullSink(), kam.NullSink(), kam.NullSink(), kam.NullSink()
      assert.is_true(a:run())
      assert.equal(b, b:activate())
      local h <close> = kam.handle(c)
      assert.is_true(h:put(1))
      assert.is_nil((h:get()))
      for _ in h:messages() do error "a message" end
      h:finish()
      h:stop()
      assert.same({}, kam.try(d, { 1 }))
      a:run()
    end)
    assert.is_true(ok)
    assert.same({ a, b, c, d }, list)
  end)

  it("runs nothing", function()
    local ran = false
    local ok = roots(function() kam.main(function() ran = true end):run() end)
    assert.is_true(ok)
    assert.is_false(ran)
  end)

  it("goes on with what was noted when the script leaves by os.exit", function()
    local ok, list = roots(function()
      kam.NullSink():run()
      os.exit(7)
    end)
    assert.is_true(ok)
    assert.equal(1, #list)
  end)

  it("writes no file, starts no program and gives the library back", function()
    local execute, path = os.execute, os.tmpname()
    os.remove(path)
    roots(function()
      io.open(path, "w"):write "x"
      os.execute("touch " .. path)
    end)
    assert.is_nil(io.open(path))
    assert.equal(execute, os.execute)
  end)

  it("gives the error of a script that is wrong", function()
    local ok, err = roots(function() kam.Pipeline {}:run() end)
    assert.is_false(ok)
    assert(err:find("E0111", 1, true), err)
  end)
end)
