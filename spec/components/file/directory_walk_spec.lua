-- DirectoryWalk: what it finds, against find, and what it says of what it cannot read.
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

local here

before_each(function() here = place.new() end)
after_each(function()
  here:__close()
  kit.settled()
end)

local function sh(text)
  assert.truthy(os.execute(("cd '%s' && { %s\n}"):format(here.folder, text)))
end

-- What a walk of that folder sends, as a list.
local function walks(options)
  options.path = here.folder .. "/" .. (options.path or "tree")
  local got = {}
  kit.runs(kam.Pipeline { kam.DirectoryWalk(options), kit.into(got) })
  return got
end

-- The same without the folder that all paths begin with.
local function names(options)
  local list = walks(options)
  for i, path in ipairs(list) do list[i] = path:sub(#options.path + 2) end
  return list
end

-- What find gives for its arguments: a list, sorted.
local function find(arguments)
  local command = ("find '%s/tree' -mindepth 1 %s -print0"):format(here.folder, arguments)
  local f <close> = assert(io.popen(command))
  local list = {}
  for path in f:read "a":gmatch "%Z+" do list[#list + 1] = path end
  table.sort(list)
  return list
end

local function sorted(list)
  table.sort(list)
  return list
end

describe("DirectoryWalk", function()
  it("sends a folder before what lies in it, in the order of the names", function()
    sh "mkdir -p tree/b/c tree/a; touch tree/z tree/b/c/1 tree/b-x tree/a/2 tree/B"
    assert.same({ "B", "a", "a/2", "b", "b/c", "b/c/1", "b-x", "z" }, names {})
  end)

  it("finds what find finds, any bytes in its names, and as often as it is asked to", function()
    sh [[mkdir -p tree/.git/x 'tree/a b' tree/empty; cd tree; touch .hidden 'a b/new
line' .git/x/y; touch "$(printf '\377\001')"; mkfifo pipe; ln -s nowhere broken; ln -s empty link]]
    assert.same(find "", sorted(walks {}))
    assert.same(find "-maxdepth 1", sorted(walks { depth = 1 }))
    assert.same(find "-maxdepth 2", sorted(walks { depth = 2 }))
    assert.same(find "-type f", sorted(walks { only = "files" }))
    assert.same(find "-type d", sorted(walks { only = "folders" }))
    assert.same(find "-name '*e*'", sorted(walks { pattern = "*e*" }))
    assert.same(find "-not -path '*/.*'", sorted(walks { hidden = false }))
  end)

  it("goes into folders behind links only when asked to, and never in a circle", function()
    sh "mkdir -p tree/a/b other; touch other/x"
    sh "ln -s ../.. tree/a/b/up; ln -s ../../other tree/a/there"
    assert.same({ "a", "a/b", "a/b/up", "a/there" }, names {})
    sh "rm tree/a/b/up; ln -s ../../a tree/a/b/up"
    assert.same({ "a", "a/b", "a/b/up", "a/there", "a/there/x" }, names { follow = true })
  end)

  it("tells type, size and time when it is asked for details", function()
    sh [[mkdir -p tree/d; printf 12345 > tree/f; ln -s f tree/l; mkfifo tree/p
      touch -d @1700000000.25 tree/f]]
    local got = walks { details = true }
    local types = {}
    for i, entry in ipairs(got) do types[i] = entry.path:match "%a$" .. " " .. entry.type end
    assert.same({ "d folder", "f file", "l link", "p pipe" }, types)
    assert.same({ path = here.folder .. "/tree/f", type = "file", size = 5, mtime = 1700000000.25 }, got[2])
    assert.equal(5, walks { path = "tree", details = true, follow = true, pattern = "l" }[1].size)
  end)

  it("puts no second slash behind a path that ends with one", function()
    sh "mkdir tree; touch tree/a"
    assert.same({ here.folder .. "/tree/a" }, walks { path = "tree/" })
  end)

  it("walks down deeper than any path may be long", function()
    local name, n = ("d"):rep(200), 60
    sh(([[mkdir tree; cd tree; i=0
      while [ $i -lt %d ]; do mkdir %s; cd -P ./%s; i=$((i+1)); done
      touch end]]):format(n, name, name))
    local got = walks {}
    assert.equal(n + 1, #got)
    assert.equal("/end", got[#got]:sub(-4))
    assert.equal(#here.folder + #"/tree" + n * 201 + 4, #got[#got])
  end)

  it("sends every one of very many to a receiver that is slow", function()
    sh "mkdir tree; cd tree; seq 1 20000 | xargs touch"
    local n, last = 0, ""
    local slow = kam.main(function(self)
      for path in self:messages() do
        assert(path > last)
        n, last = n + 1, path
        if n % 100 == 0 then self:sleep(0.01) end
      end
    end)
    kit.runs(kam.Pipeline { kam.DirectoryWalk(here.folder .. "/tree"), slow })
    assert.equal(20000, n)
  end)

  it("fails when the folder is not there, or is none", function()
    sh "touch file"
    for name, why in pairs { nosuch = "No such file or directory", file = "Not a directory" } do
      local path = here.folder .. "/" .. name
      local ok, _, said = kit.run(kam.Pipeline { kam.DirectoryWalk(path), kam.NullSink() })
      assert.is_nil(ok)
      kit.has(said, "error[E0860]", "cannot read the folder " .. path, why)
    end
  end)

  it("goes on past a folder that it may not read when its box error is linked", function()
    local path = here.folder .. "/tree"
    local got, errors = {}, {}
    kit.runs(kam.Graphline {
      WALK = kam.DirectoryWalk(path), GOT = kit.into(got), ERRORS = kit.into(errors),
      linkages = { "WALK -> GOT", "WALK.error -> ERRORS" },
    })
    assert.same({ {}, { { path = path, error = "No such file or directory" } } }, { got, errors })
    sh "mkdir -p tree/a tree/locked/x tree/z; touch tree/z/y; chmod 0 tree/locked"
    if io.open(path .. "/locked/x") then
      return pending "needs a user whom folders can be closed to"
    end
    errors = {}
    kit.runs(kam.Graphline {
      WALK = kam.DirectoryWalk(path), GOT = kit.into(got), ERRORS = kit.into(errors),
      linkages = { "WALK -> GOT", "WALK.error -> ERRORS" },
    })
    sh "chmod 700 tree/locked"
    assert.same({ path .. "/a", path .. "/locked", path .. "/z", path .. "/z/y" }, got)
    assert.same({ { path = path .. "/locked", error = "Permission denied" } }, errors)
  end)

  it("ends when its receiver has had enough", function()
    sh "mkdir tree; cd tree; seq 1 5000 | xargs touch"
    local got = {}
    kit.runs(kam.Pipeline { kam.DirectoryWalk(here.folder .. "/tree"), kam.Take(2), kit.into(got) })
    assert.equal(2, #got)
  end)
end)
