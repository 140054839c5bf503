-- SqliteDatabase: on real files, beside other programs, on full disks, killed.
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

local function database(given)
  given = given or {}
  given[1] = path
  return kam.SqliteDatabase(given)
end

-- What a database says to messages, one after the other.
local function ask(messages, given) return kam.try(database(given), messages) end

local function answering(messages, given)
  given = given or {}
  given.errors = "answer"
  return ask(messages, given)
end

local table_t = { setup = { "create table if not exists t (a integer primary key, b unique)" } }
local function t(more)
  local given = { setup = table_t.setup }
  for k, v in pairs(more or {}) do given[k] = v end
  return given
end

describe("SqliteDatabase", function()
  it("runs the statement of each message", function()
    assert.same({
      { { n = 1 } }, { changes = 1, lastId = 1 }, { changes = 1, lastId = 2 }, { { b = "y" } }, {}, { changes = 2 },
    }, ask({
      "select 1 as n", { "insert into t (b) values (?)", { "x" } }, { "insert into t (b) values (:b)", { b = "y" } },
      { "select b from t where a = ?", 2 }, { "select b from t where a = ?", { 3 } }, "delete from t",
    }, t()))
  end)

  it("takes a statement without parameters in both ways", function()
    assert.same({ { { n = 1 } }, { { n = 1 } }, { { n = 1 } } }, ask { "select 1 as n", { "select 1 as n" },
      { "select 1 as n", {} } })
  end)

  it("runs a list of statements as one transaction, with a list of results", function()
    assert.same({ { { changes = 1, lastId = 7 }, { { b = "x" } }, { changes = 0 }, {} } }, ask({ {
      { "insert into t values (?, ?)", { 7, "x" } }, { "select b from t" }, { "delete from t where a = 1" },
      { "select b from t where a = 1" },
    } }, t()))
  end)

  it("makes a table and fills it in one transaction", function()
    assert.same({ { { changes = 0 }, { changes = 1, lastId = 1 }, { { c = 5 } } } }, ask { {
      { "create table u (c)" }, { "insert into u values (5)" }, { "select c from u" } } })
  end)

  it("does nothing of a transaction when one statement fails", function()
    kit.has(cuts.fails(database(t()), { { { "insert into t (b) values (1)" }, { "insert into t (b) values (1)" } } }),
      "E0662", "UNIQUE", path)
    assert.same({ { { n = 0 } } }, ask { "select count(*) as n from t" })
  end)

  it("leaves a transaction open that a message of its own began", function()
    local out = answering({ "begin immediate", { { "insert into t (b) values (1)" }, { "select b from t" } },
      { { "insert into t (b) values (1)" }, { "select 1 as n" } }, "select count(*) as n from t", "rollback",
      "select count(*) as n from t" }, t())
    assert.same({ { changes = 1, lastId = 1 }, { { b = 1 } } }, out[2])
    assert.equal("constraint", out[3].kind)
    assert.same({ { n = 1 } }, out[4])
    assert.same({ { n = 0 } }, out[6])
  end)

  it("keeps more statements than it has places for", function()
    local messages, wanted = {}, {}
    for round = 1, 3 do
      for i = 1, 100 do
        table.insert(messages, { ("select ? + %d as n"):format(i), { round } })
        table.insert(wanted, { { n = round + i } })
      end
    end
    assert.same(wanted, ask(messages))
  end)

  it("sees that the columns of a kept statement have changed", function()
    assert.same({ { { a = 1, b = 2 } }, { changes = 0 }, { { a = 1, b = 2, c = 3 } } }, { table.unpack(ask({
      "insert into t values (1, 2)", "select * from t", "alter table t add column c default 3", "select * from t",
    }, t()), 2) })
  end)

  it("tells two statements apart of which one is the beginning of the other", function()
    assert.same({ { { n = 1 } }, { { n = 12 } }, { { n = 1 } } }, ask { "select 1 as n", "select 12 as n", "select 1 as n" })
  end)

  it("answers many who ask at once", function()
    local db = database(t())
    local sum, askers = 0, { db }
    for i = 1, 50 do
      askers[#askers + 1] = kam.main(function(self)
        self:ask(db, { "insert into t (b) values (?)", { i } })
        local rows = self:ask(db, { "select b from t where b = ?", { i } })
        sum = sum + rows[1].b
      end)
    end
    kit.runs(table.unpack(askers))
    assert.equal(50 * 51 / 2, sum)
  end)

  it("is a sink when nobody is linked, and fails when something goes wrong there", function()
    kit.runs(kam.Pipeline { kam.DataSource { { "insert into t (b) values (?)", { 1 } } }, database(t()) })
    assert.same({ { { n = 1 } } }, ask { "select count(*) as n from t" })
    local ok, _, text = kit.run(kam.Pipeline { kam.DataSource { "insert into nowhere values (1)" },
      database(t { errors = "answer" }) })
    assert.is_nil(ok)
    kit.has(text, "E0662", "nowhere")
  end)

  describe("fails, and says why,", function()
    local cases = {
      { "when the sql is wrong", "selct 1", "E0662", "syntax error" },
      { "when there are two statements", "select 1; select 2", "E0661", "select 2" },
      { "when a parameter is missing", { "select ? as a" }, "E0661", "1 parameter", "0 were" },
      { "when there is one too many", { "select ? as a", { 1, 2 } }, "E0661", "2 were" },
      { "when a parameter is a table", { "select ? as a", { { 1 } } }, "E0661", "parameter 1 is a table" },
      { "when a parameter is a function", { "select ? as a", { print } }, "E0661" },
      { "when a message is a number", 5, "E0663" },
      { "when a message is an empty table", {}, "E0663" },
      { "when a message has names", { sql = "select 1" }, "E0663" },
      { "when a statement has three parts", { "select ?", { 1 }, { 2 } }, "E0663" },
      { "when a list has something else in it", { { "select 1" }, 5 }, "E0663" },
      { "when there are more rows than limit", "select 1 as n union all select 2 union all select 3", "E0658" },
    }
    for _, case in ipairs(cases) do
      it(case[1], function()
        kit.has(cuts.fails(database { limit = 2 }, { case[2] }), "SqliteDatabase", path, table.unpack(case, 3))
        if case[3] ~= "E0661" or case[1] ~= "when a parameter is a function" then
          local out = answering({ case[2], "select 1 as n" }, { limit = 2 })
          assert.equal("sql", out[1].kind)
          assert.same({ { n = 1 } }, out[2])
        end
      end)
    end
  end)

  it("says what kind of failure it is", function()
    assert.equal("constraint", answering({ "insert into t values (1, 1)", "insert into t values (1, 1)" }, t())[2].kind)
    assert.equal("readonly", answering({ "insert into t values (2, 2)" }, { readonly = true })[1].kind)
    path = "/nowhere/at/all.db"
    assert.equal("cannotOpen", answering({ "select 1" })[1].kind)
    path = os.tmpname()
    do
      local f <close> = assert(io.open(path, "wb"))
      f:write(("this is a text, and not a database\n"):rep(100))
    end
    assert.equal("corrupt", answering({ "select * from t" })[1].kind)
  end)

  it("tries to open a file again that could not be opened", function()
    local folder = path .. ".d"
    path = folder .. "/db"
    local db = database { errors = "answer", setup = { "create table t (a)" } }
    local first, second
    kit.runs(db, kam.main(function(self)
      first = self:ask(db, "select 1 as n")
      os.execute("mkdir " .. folder)
      second = self:ask(db, "select 1 as n")
    end))
    os.execute("rm -r " .. folder)
    assert.equal("cannotOpen", first.kind)
    assert.same({ { n = 1 } }, second)
  end)

  it("goes on when another has held the database for longer than its timeout", function()
    ask({ "select 1 as n" }, t())
    local other, own = database(), database { errors = "answer", timeout = 0 }
    local during, read, after
    kit.runs(other, own, kam.main(function(self)
      self:ask(other, "begin exclusive")
      during = self:ask(own, { { "insert into t (b) values (1)" }, { "select 1" } })
      self:ask(other, "commit")
      read = self:ask(own, { { "select count(*) as n from t" } })
      after = self:ask(own, { { "insert into t (b) values (1)" } })
    end))
    assert.equal("busy", during.kind)
    assert.same({ { { n = 0 } } }, read)
    assert.same({ { changes = 1, lastId = 1 } }, after)
  end)

  it("reads in a transaction while another writes, with a log before", function()
    ask({ "select 1 as n" }, t { setup = { "pragma journal_mode = wal", table_t.setup[1] } })
    local other, own = database(), database { timeout = 0 }
    local got
    kit.runs(other, own, kam.main(function(self)
      self:ask(other, "begin immediate")
      self:ask(other, "insert into t (b) values (1)")
      got = self:ask(own, { { "select count(*) as n from t" }, { "select 2 as n" } })
      self:ask(other, "commit")
    end))
    assert.same({ { { n = 0 } }, { { n = 2 } } }, got)
  end)

  describe("on the loop (direct)", function()
    it("says what a worker says", function()
      local messages = {}
      for i = 1, 100 do
        local read = { "select b from t where a < ?", i }
        messages[#messages + 1] = { "insert into t (b) values (?)", { i } }
        for _, message in ipairs { read, { read, { "select 1 as n" } }, "select x from t", { { "select 1 as n" }, { "no" } } } do
          messages[#messages + 1] = message
        end
      end
      local by_worker = answering(messages, t())
      os.remove(path)
      assert.same(by_worker, answering(messages, t { direct = true }))
    end)

    it("sees what others have written, and does not wait for who writes", function()
      ask({ "select 1 as n" }, t { setup = { "pragma journal_mode = wal", table_t.setup[1] } })
      local other, own = database(), database { direct = true }
      local count, got = "select count(*) as n from t", {}
      kit.runs(other, own, kam.main(function(self)
        got[1] = self:ask(own, count)[1].n
        self:ask(other, { "insert into t (b) values (1)" })
        got[2] = self:ask(own, count)[1].n
        self:ask(other, "begin immediate")
        self:ask(other, "insert into t (b) values (2)")
        got[3] = self:ask(own, count)[1].n
        self:ask(other, "commit")
        got[4] = self:ask(own, count)[1].n
      end))
      assert.same({ 0, 1, 1, 2 }, got)
    end)

    -- What a program prints of which this is a part. There are `db` and `other`, two connections, and
    -- `asked`, which asks db, and gives whether a worker did it: a component that never rests has had
    -- many turns meanwhile.
    local function prints(main)
      local place <close> = require "spec.lua.place".new {
        ["direct.lua"] = [[
          local kam = require "kam"
          local db = kam.SqliteDatabase { "db", direct = true, errors = "answer", timeout = 0.2,
            setup = { "create table if not exists t (a)" } }
          local other = kam.SqliteDatabase { "db" }
          local turns = 0
          local restless = kam.main(function(it)
            while not it:told() do
              turns = turns + 1
              it:yield()
            end
          end)
          kam.run(db, other, restless, kam.main(function(self)
            local function asked(message)
              local before = turns
              local answer = self:ask(db, message)
              return turns - before > 10, answer[1] and answer[1].n or answer.kind
            end
        ]] .. main .. "\nfor _, c in ipairs { db, other, restless } do c:stop() end end))",
      }
      local out, err = place:run "kam direct.lua"
      assert.equal("", err)
      return out
    end

    it("leaves to a worker what takes long, and what follows it, for a second", function()
      assert.equal("true 1, false 1, true 300000, false 1, true 300000, true 1, false 1, ", prints [[
        local long = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000) "
          .. "select count(*) as n from n"
        local function tell(message)
          local by_worker, n = asked(message)
          io.write(tostring(by_worker), " ", n, ", ")
        end
        tell "select 1 as n" -- is prepared, by a worker
        tell "select 1 as n"
        tell(long) -- the same
        tell "select 1 as n"
        tell(long) -- is begun on the loop
        tell "select 1 as n"
        self:sleep(1.01)
        tell "select 1 as n"
      ]])
    end)

    it("leaves to a worker what others keep waiting", function()
      assert.equal("true 0, false 0, true busy, true 0, ", prints [[
        local function tell()
          local by_worker, n = asked "select count(*) as n from t"
          io.write(tostring(by_worker), " ", n, ", ")
        end
        tell()
        tell()
        self:ask(other, "begin exclusive")
        tell()
        self:ask(other, "commit")
        tell()
      ]])
    end)
  end)

  it("answers what did not fit on a full disk, and goes on", function()
    local place <close> = require "spec.lua.place".new {
      ["fill.lua"] = [[
        local kam = require "kam"
        local db = kam.SqliteDatabase { "db", errors = "answer", setup = { "create table if not exists t (a)" } }
        kam.run(db, kam.main(function(self)
          local whole, kind = 0, nil
          for _ = 1, 50 do
            local out = self:ask(db, { { "insert into t values (?)", { ("x"):rep(5000) } },
              { "insert into t values (?)", { ("y"):rep(5000) } } })
            if out.error then kind = out.kind else whole = whole + 2 end
          end
          print(kind, whole > 2, self:ask(db, "select count(*) as n from t")[1].n == whole)
        end))
      ]],
    }
    -- a file of at most 100 KiB is as full as a disk
    local out, err, exit = place:run "trap '' XFSZ; ulimit -f 200; exec kam fill.lua"
    assert.equal("", err)
    kit.has("full\ttrue\ttrue\n io\ttrue\ttrue\n", out)
    assert.equal(0, exit)
  end)

  it("keeps whole transactions and a sound file when it is killed", function()
    local place <close> = require "spec.lua.place".new {
      ["three.lua"] = [[
        local kam = require "kam"
        local one = { "insert into t values (1)" }
        kam.Pipeline { kam.source(function() return { one, one, one } end),
          kam.SqliteDatabase { "db", setup = { "pragma journal_mode = wal", "create table if not exists t (a)" } } }:run()
      ]],
    }
    local out, err = place:run [[
      for seconds in 0.15 0.2 0.25 0.3 0.35; do
        kam three.lua & sleep $seconds; kill -KILL $!; wait $! 2>/dev/null
      done
      kam -e 'local kam = require "kam"
        local sql = "select count(*) % 3 as part, count(*) > 0 as some from t"
        print(kam.show(kam.try(kam.SqliteDatabase "db", { sql, "pragma integrity_check" })))']]
    kit.lacks(err, "error")
    assert.equal('{ { { part = 0, some = 1 } }, { { integrity_check = "ok" } } }\n', out)
  end)

  it("ends in the middle of a long query when it is told to", function()
    local place <close> = require "spec.lua.place".new {
      ["long.lua"] = [[
        local kam = require "kam"
        kam.Pipeline { kam.OneShot { msg = { "with recursive n(i) as (select ? union all select i + 1 from n) "
          .. "select count(*) as c from n", { 1 } } }, kam.SqliteDatabase { ":memory:" }, kam.ConsoleEchoer() }:run()
      ]],
    }
    local out = place:run "kam long.lua & sleep 1; kill -TERM $!; sleep 0.1; kill -TERM $!; wait $! || echo $?"
    assert.equal("143\n", out)
  end)
end)
