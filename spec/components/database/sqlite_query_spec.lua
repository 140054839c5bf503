-- SqliteQuery: on real files, compared with the command sqlite3 of python3.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local path
before_each(function()
  path = os.tmpname()
  os.remove(path)
end)
after_each(function()
  for _, ending in ipairs { "", "-journal", "-wal", "-shm" } do os.remove(path .. ending) end
end)

local function query(sql, given)
  given = given or {}
  given[1], given.sql = path, sql
  return kam.SqliteQuery(given)
end

local function ask(sql, messages, given) return kam.try(query(sql, given), messages or { true }) end

local function news()
  ask "create table news (id integer primary key, day text, title text, size real)"
  ask("insert into news (day, title, size) values (?, ?, ?)", {
    { "mon", "rain", 1.5 }, { "tue", "sun", 2 }, { "tue", kam.null, kam.null },
  })
end

describe("SqliteQuery", function()
  it("gives one list of rows for each message", function()
    news()
    assert.same({
      { { id = 2, title = "sun" }, { id = 3 } }, { { id = 1, title = "rain" } }, {},
    }, ask("select id, title from news where day = ?", { { "tue" }, { "mon" }, { "wed" } }))
  end)

  it("takes parameters as a list, by name, or as one value", function()
    news()
    for _, sign in ipairs { ":day", "@day", "$day", "?" } do
      local sql = "select id from news where day = " .. sign
      assert.same({ { { id = 1 } } }, ask(sql, { { "mon" } }))
      assert.same({ { { id = 1 } } }, ask(sql, { "mon" }))
      if sign ~= "?" then assert.same({ { { id = 1 } } }, ask(sql, { { day = "mon" } })) end
    end
  end)

  it("runs a statement without parameters for any message", function()
    assert.same({ { { n = 1 } }, { { n = 1 } }, { { n = 1 } } }, ask("select 1 as n", { true, {}, "go" }))
  end)

  it("keeps the kinds of values", function()
    local values = { 1, math.mininteger, 1.0, 0.1, "text", "", "é", "a\0b", "\xff\xfe", true, false }
    local messages = {}
    for i, v in ipairs(values) do messages[i] = { v } end
    local out = ask("select ? as v, typeof(?1) as t", messages)
    local got = {}
    for i, rows in ipairs(out) do got[i] = rows[1].v end
    values[10], values[11] = 1, 0
    assert.same(values, got)
    assert.equal("float", math.type(got[3]))
    assert.equal("real", out[3][1].t)
    assert.equal("text", out[9][1].t)
  end)

  it("gives blobs as strings, and leaves a NULL out", function()
    assert.same({ { { b = "\0\1\255", e = "" } } }, ask("select x'0001ff' as b, x'' as e, null as n"))
  end)

  it("says what a statement without rows has changed", function()
    news()
    assert.same({ { changes = 1, lastId = 4 } }, ask("insert into news (day) values (?)", { "wed" }))
    assert.same({ { changes = 2 } }, ask("update news set title = 'x' where day = ?", { "tue" }))
    assert.same({ { changes = 0 } }, ask("delete from news where day = ?", { "no" }))
    assert.same({ { changes = 0 } }, ask "create table other (a)")
  end)

  it("gives the rows of a statement that writes and returns", function()
    news()
    assert.same({ { { id = 4, day = "wed" } } }, ask("insert into news (day) values (?) returning id, day", { "wed" }))
  end)

  it("is a sink when it writes and nobody is linked", function()
    ask "create table t (a)"
    kit.runs(kam.Pipeline { kam.DataSource { 1, 2 }, query "insert into t values (?)" })
    assert.same({ { { a = 1 }, { a = 2 } } }, ask "select a from t")
  end)

  it("says that rows are lost when it reads and nobody is linked", function()
    local _, _, said = kit.run(kam.Pipeline { kam.DataSource { 1 }, query "select 1 as a" })
    kit.has(said, "E0602", "outbox")
  end)

  describe("with rows = each", function()
    local many = "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) select i from n"

    it("sends each row as a message", function()
      news()
      assert.same({ { id = 1 }, { id = 2 }, { id = 3 } }, ask("select id from news order by id", nil, { rows = "each" }))
    end)

    it("sends more rows than one job makes, in order", function()
      local out = ask(many, { 1000 }, { rows = "each" })
      assert.equal(1000, #out)
      for i, row in ipairs(out) do assert.equal(i, row.i) end
    end)

    it("reads no further than its receiver takes", function()
      local h <close> = kam.handle(kam.Pipeline { query(many, { rows = "each" }), kam.PassThrough() })
      h:put(100000000)
      assert.same({ i = 1 }, h:get())
      h:stop()
    end)

    it("ends when its receiver has", function()
      local got = {}
      kit.runs(kam.Pipeline {
        kam.DataSource { 100000000 }, query(many, { rows = "each" }),
        kam.component "Three" { main = function(self) for i = 1, 3 do got[i] = self:recv() end end, endsEarly = true }(),
      })
      assert.same({ { i = 1 }, { i = 2 }, { i = 3 } }, got)
    end)

    it("allows at most limit rows in a list", function()
      assert.equal(10, #ask(many, { 10 }, { limit = 10 })[1])
      kit.has(cuts.fails(query(many, { limit = 10 }), { 11 }), "E0658", "10 rows", 'rows = "each"')
    end)
  end)

  describe("with transaction", function()
    before_each(function() ask "create table t (a unique not null)" end)

    it("does all that a message lists", function()
      assert.same({ { changes = 3, lastId = 3 } }, ask("insert into t values (?)", { { { 1 }, { 2 }, { 3 } } },
        { transaction = true }))
      assert.same({ { { n = 3 } } }, ask "select count(*) as n from t")
    end)

    it("does nothing of it when one fails", function()
      kit.has(cuts.fails(query("insert into t values (?)", { transaction = true }), { { { 1 }, { 2 }, { 1 } } }),
        "E0662", "UNIQUE", "t.a", path, "insert into t")
      assert.same({ { { n = 0 } } }, ask "select count(*) as n from t")
    end)

    it("takes names, scalars and an empty list too", function()
      assert.same({ { changes = 2, lastId = 2 }, { changes = 0 } },
        ask("insert into t values (:a)", { { { a = 1 }, 2 }, {} }, { transaction = true }))
    end)

    it("joins the rows of all", function()
      assert.same({ { { v = 1 }, { v = 2 } } }, ask("select ? as v", { { { 1 }, { 2 } } }, { transaction = true }))
    end)

    it("refuses a message that is no list of parameters", function()
      kit.has(cuts.fails(query("insert into t values (?)", { transaction = true }), { 1 }), "E0661", "transaction")
      kit.has(cuts.fails(query("insert into t values (:a)", { transaction = true }), { { a = 1 } }), "E0661", "transaction")
    end)

    it("goes on after a failure when error is linked", function()
      local got, wrong = {}, {}
      kit.runs(kam.Graphline {
        SRC = kam.DataSource { { { 1 }, { 1 } }, { { 5 } } }, DB = query("insert into t values (?)", { transaction = true }),
        OUT = kit.into(got), BAD = kit.into(wrong), linkages = { "SRC -> DB -> OUT", "DB.error -> BAD" },
      })
      assert.same({ { changes = 1, lastId = 1 } }, got)
      kit.has(wrong[1].error, "UNIQUE")
      assert.same({ { { a = 5 } } }, ask "select a from t")
    end)
  end)

  describe("fails, and names the database and the sql,", function()
    local cases = {
      { "when the sql is wrong", "selct 1", true, "E0660", "syntax error", "selct" },
      { "when a table is not there", "select * from nowhere", true, "E0660", "no such table: nowhere" },
      { "when the sql is empty", " -- nothing", true, "E0660", "empty" },
      { "when there are two statements", "select 1; select 2", true, "E0660", "select 2" },
      { "when two columns have one name", "select 1 as a, 2 as a", true, "E0660", "called a", "as" },
      { "when a parameter is missing", "select ? as a, ? as b", { 1 }, "E0661", "2 parameters", "1 was" },
      { "when there is one too many", "select ? as a", { 1, 2 }, "E0661", "1 parameter,", "2 were" },
      { "when one value is not enough", "select ? as a, ? as b", 1, "E0661", "2 parameters" },
      { "when a list has a hole", "select ? as a, ? as b, ? as c", { 1, nil, 3 }, "E0661", "kam.null" },
      { "when a name is unknown", "select :day as a", { dya = 1 }, "E0661", ":dya", ":day" },
      { "when a name is missing", "select :a as a, :b as b", { a = 1 }, "E0661", "2 parameters" },
      { "when a parameter is a table", "select ? as a", { { 1 } }, "E0661", "parameter 1 is a table" },
      { "when a parameter is a function", "select ? as a", { print }, "E0661" },
    }
    for _, case in ipairs(cases) do
      it(case[1], function()
        local text = cuts.fails(query(case[2]), { case[3] })
        kit.has(text, "SqliteQuery", path, table.unpack(case, 4))
      end)
    end

    it("when the file is no database", function()
      do
        local f <close> = assert(io.open(path, "wb"))
        f:write(("this is a text, and not a database\n"):rep(100))
      end
      kit.has(cuts.fails(query "select * from t", { 1 }), "E0660", "not a database", path)
    end)

    it("when the folder is not there", function()
      local text = cuts.fails(kam.SqliteQuery { "/nowhere/at/all.db", sql = "select 1 as a" }, { 1 })
      kit.has(text, "E0660", "/nowhere/at/all.db", "unable to open")
    end)

    it("before any message comes", function()
      local h <close> = kam.handle(query "selct 1")
      local ok, why = pcall(h.get, h)
      assert.truthy(not ok or why == nil or tostring(why))
    end)
  end)

  it("makes no file and writes nothing with readonly", function()
    kit.has(cuts.fails(query("select 1 as a", { readonly = true }), { 1 }), "E0660", "unable to open")
    ask "create table t (a)"
    kit.has(cuts.fails(query("insert into t values (1)", { readonly = true }), { 1 }), "E0662", "readonly")
    assert.same({ {} }, ask("select a from t", nil, { readonly = true }))
  end)

  it("sends what failed to error, and goes on", function()
    ask "create table t (a unique)"
    local got, wrong = {}, {}
    kit.runs(kam.Graphline {
      SRC = kam.DataSource { 1, 1, { 1, 2 }, 3 }, DB = query "insert into t values (?)",
      OUT = kit.into(got), BAD = kit.into(wrong), linkages = { "SRC -> DB -> OUT", "DB.error -> BAD" },
    })
    assert.equal(2, #got)
    assert.equal(2, #wrong)
    kit.has(wrong[1].error, "UNIQUE")
    kit.has(wrong[2].error, "1 parameter")
  end)

  it("gives up when another holds the database for longer than its timeout", function()
    ask "create table t (a)"
    local slow = query("insert into t values (?)", { timeout = 0 })
    local lock = ([[python3 -c '
import sqlite3, sys
c = sqlite3.connect("%s", isolation_level=None)
c.execute("begin exclusive")
sys.stdout.write("x"); sys.stdout.flush()
sys.stdin.read()' >/dev/null]]):format(path)
    if not os.execute "python3 -c 'import sqlite3' 2>/dev/null" then pending "needs python3" return end
    local other = assert(io.popen(lock, "w"))
    local try = ([[python3 -c '
import sqlite3
sqlite3.connect("%s", timeout=0).execute("begin immediate")' 2>/dev/null]]):format(path)
    local locked
    for _ = 1, 1000 do
      locked = not os.execute(try)
      if locked then break end
    end
    assert.is_true(locked)
    kit.has(cuts.fails(slow, { 1 }), "locked")
    other:close()
    assert.same({ {} }, ask "select a from t")
  end)

  it("writes what another program reads", function()
    if not os.execute "python3 -c 'import sqlite3' 2>/dev/null" then pending "needs python3" return end
    news()
    local out = cuts.command(([[python3 -c '
import sqlite3
for row in sqlite3.connect("%s").execute("select * from news order by id"): print(row)']]):format(path), "")
    assert.equal("(1, 'mon', 'rain', 1.5)\n(2, 'tue', 'sun', 2.0)\n(3, 'tue', None, None)\n", out)
  end)

  it("works beside others on worker threads", function()
    local place <close> = require "spec.lua.place".new {
      ["count.lua"] = [[
        local kam = require "kam"
        local function db(sql, more)
          local o = { "t.db", sql = sql }
          for k, v in pairs(more or {}) do o[k] = v end
          return kam.SqliteQuery(o)
        end
        kam.Pipeline { kam.DataSource { 1 }, db "create table t (a)" }:run()
        local list = {}
        for i = 1, 1000 do list[i] = { i } end
        kam.Pipeline { kam.DataSource { list }, db("insert into t values (?)", { transaction = true }) }:run()
        local readers = {}
        for i = 1, 8 do
          readers[i] = kam.Pipeline { kam.DataSource { 1, 2, 3 }, db("select a from t", { rows = "each" }), kam.Collate(),
            kam.map(function(rows) return #rows end), kam.ConsoleEchoer() }
        end
        kam.run(table.unpack(readers))
      ]],
    }
    local out, err, exit = place:run "kam count.lua"
    assert.equal("", err)
    assert.equal(("3000\n"):rep(8), out)
    assert.equal(0, exit)
  end)

  it("fails on a full disk, and does nothing of what did not fit", function()
    local place <close> = require "spec.lua.place".new {
      ["fill.lua"] = [[
        local kam = require "kam"
        kam.try(kam.SqliteQuery { "db", sql = "create table t (a)" }, { true })
        local messages = {}
        for i = 1, 50 do messages[i] = { { ("x"):rep(5000) }, { ("y"):rep(5000) } } end
        kam.Pipeline { kam.DataSource(messages),
          kam.SqliteQuery { "db", sql = "insert into t values (?)", transaction = true } }:run()
      ]],
    }
    -- a file of at most 100 KiB is as full as a disk
    local _, err, exit = place:run "trap '' XFSZ; ulimit -f 200; exec kam fill.lua"
    kit.has(err, "error[E0662]", "db", "insert into t")
    assert.equal(1, exit)
    local out = place:run [[kam -e 'local kam = require "kam"
      print(kam.show(kam.try(kam.SqliteQuery { "db", sql = "select count(*) % 2 as odd, count(*) > 2 as some from t" },
        { true })[1]))
      print(kam.show(kam.try(kam.SqliteQuery { "db", sql = "pragma integrity_check" }, { true })[1]))']]
    assert.equal('{ { odd = 0, some = 1 } }\n{ { integrity_check = "ok" } }\n', out)
  end)

  it("keeps whole transactions and a sound file when it is killed", function()
    local place <close> = require "spec.lua.place".new {
      ["pairs.lua"] = [[
        local kam = require "kam"
        kam.try(kam.SqliteQuery { "db", sql = "create table if not exists t (a)" }, { true })
        kam.Pipeline { kam.source(function() return { { 1 }, { 2 }, { 3 } } end),
          kam.SqliteQuery { "db", sql = "insert into t values (?)", transaction = true } }:run()
      ]],
    }
    local out, err = place:run [[
      for seconds in 0.15 0.2 0.25 0.3 0.35; do
        kam pairs.lua & sleep $seconds; kill -KILL $!; wait $! 2>/dev/null
      done
      kam -e 'local kam = require "kam"
        local sql = "select count(*) % 3 as part, count(*) > 0 as some from t"
        print(kam.show(kam.try(kam.SqliteQuery { "db", sql = sql }, { true })[1]))
        print(kam.show(kam.try(kam.SqliteQuery { "db", sql = "pragma integrity_check" }, { true })[1]))']]
    kit.lacks(err, "error")
    assert.equal('{ { part = 0, some = 1 } }\n{ { integrity_check = "ok" } }\n', out)
  end)

  it("ends in the middle of a long query when it is told to", function()
    local place <close> = require "spec.lua.place".new {
      ["long.lua"] = [[
        local kam = require "kam"
        kam.Pipeline { kam.DataSource { 1 }, kam.SqliteQuery { ":memory:", limit = 1 << 30,
          sql = "with recursive n(i) as (select ? union all select i + 1 from n) select count(*) as c from n" },
          kam.ConsoleEchoer() }:run()
      ]],
    }
    local out = place:run "kam long.lua & sleep 1; kill -TERM $!; sleep 0.1; kill -TERM $!; wait $! || echo $?"
    assert.equal("143\n", out)
  end)
end)
