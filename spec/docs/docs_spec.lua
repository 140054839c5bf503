-- What the README, the pages of docs/ and the components' own examples say is run,
-- and happens. How blocks and files say what they do: spec/docs/pages.lua.
local component = require "kam.component"
local library = require "kam.library"
local pages = require "spec.docs.pages"
local prompt = require "spec.docs.prompt"

-- What a run must have done; shown whole when it has not.
local function check(wanted, got)
  assert.same({
    out = pages.steady(wanted.out or ""), err = pages.steady(wanted.err or ""),
    exit = tonumber(wanted.exit) or 0,
  }, { out = pages.steady(got.out), err = pages.steady(got.err), exit = got.exit })
end

local function run_page(path)
  local text = pages.read(pages.root .. "/" .. path)
  local blocks, wrong = pages.blocks(text)
  local place, session

  setup(function() place = pages.place() end)
  teardown(function()
    if session then session:__close() end
    place:__close()
  end)

  local function type_in(body)
    if not prompt.here() then pending "needs tmux" return end
    session = session or prompt.new(place.folder)
    local missing, screen = session:does(body)
    assert(not missing, ("%s\ndid not come; the terminal:\n%s"):format(missing, screen))
  end

  it("is a page whose blocks can be run", function() assert.same({}, wrong) end)

  it("links to what is there", function()
    local folder = path:match "^(.*/)" or ""
    for _, target in ipairs(pages.links(text)) do
      local there = ("%s/%s%s"):format(pages.root, folder, target)
      assert.truthy(os.rename(there, there), target .. " is not there")
    end
  end)

  for number, block in ipairs(blocks) do
    it(("does what it says at line %d"):format(block.line), function()
      if block.skip then pending(block.skip) return end
      if pages.sanitized and block.body:find "lua5%.4" then
        pending "needs a build without sanitizers: lua5.4 cannot load its module"
        return
      end
      if block.language == "prompt" then return type_in(block.body) end
      local command = pages.command(place, block, number)
      if not command then
        local whole = pages.read(("%s/%s"):format(pages.root, block.is))
        assert.truthy(whole:find(block.body, 1, true), "it is not what stands in " .. block.is)
        return
      end
      local got = place:run(command)
      if block.error == "any" and got.err ~= "" then got.err = "" end
      check(block, got)
    end)
  end
end

for _, path in ipairs { "README.md", table.unpack(pages.find("docs", ".md")) } do
  describe(path, function() run_page(path) end)
end

-- --- the tutorial ---

local beats = { "Predict", "Run", "Look", "Change one thing", "Make your own" }

describe("the tutorial", function()
  local lessons = {}
  for _, path in ipairs(pages.find("docs/tutorial", ".md")) do
    if path:find "/%d+%-[^/]*$" then lessons[#lessons + 1] = path end
  end

  for number, path in ipairs(lessons) do
    it(("has five beats, and a way on, in %s"):format(path), function()
      local text, found = pages.read(pages.root .. "/" .. path), {}
      for heading in text:gmatch "\n## ([^\n]*)" do found[#found + 1] = heading end
      assert.same(beats, found)
      assert.truthy(text:find("^# " .. number .. "%. "), "its number is not " .. number)
      assert.truthy(text:match "\n## Predict\n(.-)\n## ":find "%?", "it asks nothing")
      local after = lessons[number + 1]
      assert.truthy(not after or text:find("](" .. after:match "[^/]*$" .. ")", 1, true), "it does not lead on")
    end)
  end
end)

describe("the cookbook's list", function()
  it("has every page and every program of it", function()
    local list, missing = pages.read(pages.root .. "/docs/cookbook/README.md"), {}
    for _, ending in ipairs { ".lua", ".md" } do
      for _, path in ipairs(pages.find("docs/cookbook", ending)) do
        local name = path:match "[^/]*$"
        if name ~= "README.md" and not list:find("](" .. name .. ")", 1, true) then
          missing[#missing + 1] = name
        end
      end
    end
    assert.same({}, missing)
  end)
end)

-- --- files in Lua ---

-- Runs a text in Lua, or the command for its file, and compares with its notes.
local function run_lua(text, command, name)
  local place <close> = pages.place()
  local notes = pages.notes(text)
  if name then place:write(name, text) end
  local got = place:run(command, notes.input)
  local err = #notes.errors > 0 and got.err or ""
  for _, part in ipairs(notes.errors) do
    assert(got.err:find(part, 1, true), ("%q is not in: %s"):format(part, got.err))
  end
  check({ out = notes.out, err = err, exit = notes.exit }, got)
end

local function run_file(path)
  local text = pages.read(pages.root .. "/" .. path)
  local opens = text:find "^%-%- " or path:find "hello%.lua$"
  assert.truthy(opens, "its first line does not say what it shows")
  if path:find "_spec%.lua$" then
    local place <close> = pages.place()
    local exercise = path:find("/miniaxon/", 1, true)
    local got = place:run((exercise and "KAM_SOLUTIONS=1 " or "") .. "./kam test " .. path)
    assert.equal(0, got.exit, got.out .. got.err)
    if exercise then
      got = place:run("exec ./kam test " .. path)
      assert.equal(1, got.exit)
      assert.truthy(got.out:find("a hole: ", 1, true), got.out)
    end
  else
    run_lua(text, ("exec ./kam '%s'"):format(path))
  end
end

describe("the Lua files of docs", function()
  for _, path in ipairs(pages.find("docs", ".lua")) do
    if not path:find "^docs/programs/" then -- spec/docs/programs_spec.lua gives those files
      it("do what their notes say: " .. path, function() run_file(path) end)
    end
  end
end)

describe("the library", function()
  for _, entry in ipairs(library.all()) do
    local d = component.declaration(entry.make)

    it(("says what %s is and does"):format(d.name), function()
      for _, field in ipairs { "summary", "doc", "ends", "example", "family" } do
        assert.truthy(d[field] and d[field]:find "%S", ("%s has no %s"):format(d.name, field))
      end
      assert.truthy(d.summary:find "^%u.*%.$" and #d.summary <= 80,
        d.name .. ": its summary is a sentence of up to 80 characters")
      local lists = { inbox = d.inboxes, outbox = d.outboxes, option = d.options }
      for what, list in pairs(lists) do
        for _, item in ipairs(list) do
          assert.truthy(item.absent or item.doc and item.doc:find "%S",
            ("%s's %s %s has no text"):format(d.name, what, item.name))
        end
      end
    end)

    it(("has an example of %s that does what it says"):format(d.name), function()
      assert.truthy(d.example:find(d.name, 1, true), "the example does not use it")
      run_lua('local kam = require "kam"\n' .. d.example, "exec ./kam example.lua", "example.lua")
    end)
  end
end)
