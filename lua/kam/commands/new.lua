local core = require "kam.core"
local launch = require "kam.launch"
local library = require "kam.library"
local patterns = require "kam.patterns"

local function is_there(path)
  local f = io.open(path, "r")
  if f then f:close() end
  return f ~= nil
end

-- "LineCounter" and "line_counter" give both of these, and nil what cannot be a name.
local function both_names(word)
  if not word:find "^%a[%w_]*$" then return nil end
  local file = word:gsub("(%l)(%u)", "%1_%2"):gsub("(%d)(%u)", "%1_%2"):lower()
  return ("_" .. file):gsub("_+(%w)", string.upper):gsub("_", ""), file
end

-- Writes all files, or none if one of them is there: the exit status.
local function write(files, names)
  for _, file in ipairs(files) do
    if is_there(file.path) then
      return launch.wrong(("%s is there already; it is not written over"):format(file.path))
    end
  end
  for _, file in ipairs(files) do
    local f, err = io.open(file.path, "w")
    local ok = f and f:write((file.text:gsub("@(%a+)@", names)))
    if f and not (f:close() and ok) then ok, err = false, file.path .. ": the disk is full" end
    if not ok then return launch.wrong("cannot write " .. err) end
    print("wrote " .. file.path)
  end
  return 0
end

local function new_in_lua(names)
  if package.loaded[names.file] then
    return launch.wrong(("%s.lua would stand before Lua's own module %s; take another name")
      :format(names.file, names.file))
  end
  local status = write({
    { path = names.file .. ".lua", text = patterns.component },
    { path = names.file .. "_spec.lua", text = patterns.spec },
  }, names)
  if status ~= 0 then return status end
  print(("\ntest it   kam test %s_spec.lua"):format(names.file))
  print(("run it    kam run 'DataSource hello | ./%s.lua mark=? | ConsoleEchoer'"):format(names.file))
  return 0
end

local function new_in_c(names, root)
  if not (is_there(root .. "/core/component.h") and is_there(root .. "/CMakeLists.txt")) then
    return launch.wrong "a component in C is built with kam: it needs a checkout of kam, and this one is installed"
  end
  local folder = root .. "/components/" .. names.family
  if library.spelt(names.name) then
    return launch.wrong(("there is a component %s in the library; take another name"):format(names.name))
  end
  if not core.list(folder) then
    local families = core.list(root .. "/components") or {}
    table.sort(families)
    return launch.wrong(("there is no family %s; there are: %s"):format(names.family,
      table.concat(families, ", ")))
  end
  local status = write({ { path = ("%s/%s.c"):format(folder, names.file), text = patterns.c } }, names)
  if status ~= 0 then return status end
  print(("\nbuild it  ./kam doc %s"):format(names.name))
  print(("run it    ./kam run 'DataSource hello | %s 3 | ConsoleEchoer'"):format(names.name))
  return 0
end

local function new_component(words, cli)
  local names, word = {}, nil
  for _, given in ipairs(words) do
    if given:find "^%-%-c" then
      names.family = given == "--c" and "flow" or given:match "^%-%-c=(%l+)$"
      if not names.family then return launch.wrong("--c=FAMILY needs the name of a family, got " .. given) end
    elseif word or given:find "^%-" then
      return launch.wrong("new component takes one name, and --c; what is " .. given .. "?")
    else
      word = given
    end
  end
  if not word then return launch.wrong "new component needs a name, as LineCounter" end
  names.name, names.file = both_names(word)
  if not names.name then
    return launch.wrong(("%s cannot be a name: letters and digits, as LineCounter"):format(word))
  end
  return names.family and new_in_c(names, cli.root) or not names.family and new_in_lua(names)
end

return {
  usage = {
    { "kam new", "what can be begun with a file that works" },
    { "kam new component NAME [--c]", "a component and its spec, here; --c=FAMILY in C, in the checkout" },
  },
  takes = "words",
  main = function(words, cli)
    local what = table.remove(words, 1)
    if what == "component" then return new_component(words, cli) end
    if what then return launch.wrong("new knows components only; what is " .. what .. "?") end
    print "kam new component NAME             NAME's file and its spec, in this folder"
    print "kam new component NAME --c         components/flow/, in C, in a checkout of kam"
    print "kam new component NAME --c=FAMILY  the same in another family"
    return 0
  end,
}
