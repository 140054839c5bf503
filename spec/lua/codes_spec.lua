-- What `kam explain` shows: for every code, the wrong example is told with that code and
-- no other, and the right one runs and says nothing.
--
-- An example is what may stand after kam -e, or a command line that begins with "kam ".
-- How others are run stands in `otherwise`, and what cannot be told here in `elsewhere`.
local codes = require "kam.codes"
local near = require "kam.near"
local place = require "spec.lua.place"
local terminal = require "spec.lua.terminal"

local files = {
  ["a.txt"] = "one\ntwo\nthree\n",
  ["sorted.txt"] = "one\nthree\ntwo\n",
  ["Shout.lua"] = 'return require "kam".map(string.upper)\n',
}

local here

-- Runs an example as kam -e does; from a file, so that quotes mean nothing to a shell.
local function run_code(text)
  if text:find "^kam " then return here:run(text) end
  here:write("example", text)
  return here:run 'exec kam -e "$(cat example)"'
end

local function run_file(text)
  here:write("example.lua", text)
  return here:run "exec kam example.lua"
end

-- kam check warns of what run would only tell when it happens.
local function check_file(text)
  here:write("example.lua", 'local kam = require "kam"\n' .. text)
  return here:run "exec kam check --strict example.lua"
end

-- As if ^C were typed soon after it has begun.
local function interrupted(text)
  here:write("example", 'io.stdout:setvbuf "no" io.write "begun"\n' .. text)
  local out, err, exit = here:run [[
    env --default-signal=INT kam -e "$(cat example)" >begun &
    while [ ! -s begun ]; do sleep 0.02; done
    sleep 0.2
    kill -INT $!
    wait $!]]
  assert.equal(130, exit)
  return out, err, err == "" and 0 or exit
end

-- At the prompt: what stands on the screen after the example's lines, and no exit.
local function at_prompt(text)
  local t <close> = terminal.new(("cd '%s' && NO_COLOR=1 HOME=$PWD bin/kam"):format(here.folder))
  t:wait "? for help"
  for line in text:gmatch "[^\n]+" do
    t:type(line)
    t:press "Enter"
  end
  t:type 'print("the " .. "last line")'
  t:press "Enter"
  local screen = t:wait "the last line"
  return "", screen:find "error%[" and screen or "", screen:find "error%[" and 1 or 0
end

local otherwise = {
  E0141 = run_file, -- kam -e gives kam without require
  E0150 = check_file,
  E0402 = interrupted,
  W0011 = run_code, -- told while they run
  W0012 = run_code,
  W0013 = run_code,
  W0014 = run_code,
  W0015 = run_code,
  W0016 = run_code,
  E0730 = at_prompt,
  E0731 = at_prompt,
}

-- Codes of which only the right example is run, and why.
local elsewhere = {
  E0223 = "needs a build without a library",
  W0013 = "needs a machine without descriptors",
  E0673 = "needs a peer that breaks off; one that ends in good order may come first",
  E0654 = "needs an OpenSSL that is set to refuse old digests",
}

-- What is told and does not fail the run.
local passing = {
  W0011 = "a server goes on without the connection",
  W0012 = "a server goes on without the connection",
  W0014 = "a component goes on",
  W0015 = "a server goes on without the connection",
  W0016 = "what was read before goes on to be used",
  E0672 = "a server goes on without the connection",
  E0674 = "a server goes on without the connection",
}

local function how(code)
  return otherwise[code] or code:find "^W" and check_file or run_code
end

local function told(text)
  local list, seen = {}, {}
  for code in text:gmatch "%[([EW]%d%d%d%d)%]" do
    if not seen[code] then list[#list + 1] = code end
    seen[code] = true
  end
  return list
end

describe("the examples of kam explain", function()
  setup(function() here = place.new(files) end)
  teardown(function() here:__close() end)

  for _, code in ipairs(near.names(codes.all)) do
    local entry = codes.all[code]

    it(("have a wrong one that %s tells"):format(code), function()
      if elsewhere[code] then
        pending(elsewhere[code])
        return
      end
      local _, err, exit = how(code)(entry.wrong)
      assert.same({ code }, told(err), err)
      assert.equal(passing[code] ~= nil, exit == 0)
    end)

    it(("have one that is right beside that of %s"):format(code), function()
      local _, err, exit = how(code)(entry.right)
      assert.equal("", err)
      assert.equal(0, exit)
    end)

    it(("say why of %s"):format(code), function()
      assert.is_truthy(entry.why:find "%S")
    end)
  end
end)
