-- kam doc --html and --man: all of the library as files.
local codes = require "kam.codes"
local core = require "kam.core"
local kit = require "spec.lua.kit"
local library = require "kam.library"
local near = require "kam.near"
local place = require "spec.lua.place"

local here

local function has_program(name)
  return select(3, here:run(("command -v %s >/dev/null"):format(name))) == 0
end

describe("kam doc --html", function()
  setup(function()
    here = place.new()
    local out, err, status = here:run "kam doc --html 'the site'"
    assert.equal("", err)
    assert.equal(0, status)
    kit.has(out, "files in the site")
  end)
  teardown(function() here:__close() end)

  it("has a page for each component, and says it in the index", function()
    local index = here:read "the site/index.html"
    for _, name in ipairs(library.names()) do
      kit.has(index, ('<a href="components/%s.html">'):format(name))
      kit.has(here:read(("the site/components/%s.html"):format(name)), ("<h1>%s</h1>"):format(name))
    end
  end)

  it("says boxes with kinds, options with ranges, and the example", function()
    kit.has(here:read "the site/components/Chunker.html", "<code>inbox</code>", ">bytes</span>",
      "integer, default 188, from 1, to 16777216", "bytes in a chunk", "<h2>example</h2>", "<code>size</code>",
      "<b>Ends:</b>")
  end)

  it("has the source beside it, in C and in Lua", function()
    kit.has(here:read "the site/components/Take.html", 'href="../source/take.lua.txt"')
    kit.has(here:read "the site/source/take.lua.txt", 'kam.component "Take"')
    if core.list(library.root .. "/core") then
      kit.has(here:read "the site/source/chunker.c.txt", "KAM_COMPONENT(chunker)")
      for _, name in ipairs(library.names()) do
        kit.has(here:read(("the site/components/%s.html"):format(name)), 'href="../source/')
      end
    end
  end)

  it("says all error codes", function()
    local page = here:read "the site/errors.html"
    for _, code in ipairs(near.names(codes.all)) do kit.has(page, ('id="%s"'):format(code)) end
  end)

  it("links only to what is there", function()
    local wrong = {}
    for _, folder in ipairs { "", "components/" } do
      for _, file in ipairs(core.list(here.folder .. "/the site/" .. folder)) do
        local text = file:find "%.html$" and here:read("the site/" .. folder .. file) or ""
        for target in text:gmatch 'href="([^"#]+)' do
          local f = io.open(("%s/the site/%s%s"):format(here.folder, folder, target))
          if f then f:close() else wrong[#wrong + 1] = folder .. file .. ": " .. target end
        end
      end
    end
    assert.same({}, wrong)
  end)

  -- The page as the browser makes it.
  local function shown(page)
    return (here:run(("chromium --headless --no-sandbox --disable-gpu --user-data-dir=\"$PWD/profile\" "
      .. "--dump-dom \"file://$PWD/the site/%s\""):format(page)))
  end

  for address, wanted in pairs {
    ["#q=chunks+size"] = "components/Chunker.html", ["?q=chunker"] = "components/Chunker.html",
    ["#q=E0205"] = "errors.html#E0205",
  } do
    it("finds without a server what stands behind " .. address, function()
      if not has_program "chromium" then pending "needs chromium" return end
      local found = shown("index.html" .. address):match '<div id="found">(.-)</div>'
      kit.has(found, ('href="%s"'):format(wanted))
      assert.is_nil(found:find("Take.html", 1, true))
    end)
  end

  it("shows all families where nothing is searched", function()
    if not has_program "chromium" then pending "needs chromium" return end
    kit.has(shown "index.html", '<div id="found"></div>', '<div id="all">', '<h2 id="text">')
  end)
end)

describe("kam doc --man", function()
  setup(function() here = place.new() end)
  teardown(function() here:__close() end)

  it("has a page of the command, and one for each component", function()
    local out, err, status = here:run "kam doc --man pages"
    assert.equal("", err)
    assert.equal(0, status)
    kit.has(out, ("wrote %d files"):format(#library.names() + 1))
    kit.has(here:read "pages/man1/kam.1", "kam test", "SYNOPSIS")
    kit.has(here:read "pages/man7/kam-Chunker.7", ".SH OPTIONS", "bytes in a chunk")
  end)

  it("is roff without a warning", function()
    if not has_program "groff" then pending "needs groff" return end
    local _, err, status = here:run "kam doc --man pages && groff -man -ww -z -Tutf8 pages/man*/*"
    assert.equal("", err)
    assert.equal(0, status)
  end)

  it("shows the example as it is written", function()
    if not has_program "groff" then pending "needs groff" return end
    kit.has(here:run "kam doc --man pages >/dev/null && groff -man -Tascii -P-cbou pages/man7/kam-Chunker.7",
      "kam.Pipeline {", "--> abc")
  end)
end)

describe("kam doc with a form", function()
  setup(function() here = place.new() end)
  teardown(function() here:__close() end)

  for _, form in ipairs { "--html", "--man" } do
    it(form .. " refuses no folder, and one that cannot be made", function()
      local _, err, status = here:run("kam doc " .. form)
      assert.equal(2, status)
      kit.has(err, "needs a folder")
      _, err, status = here:run("touch file; kam doc " .. form .. " file/x")
      assert.equal(1, status)
      kit.has(err, "kam: cannot write file/x")
    end)
  end
end)
