-- Who may include and require whom (the table in the house style), and how long a
-- file may get.
local component = require "kam.component"
local core = require "kam.core"
local library = require "kam.library"

local root = library.root

-- The levels of core/, lowest first: each includes only what stands before it.
local order = {
  "err", "utf8", "mem", "text", "queue", "timer", "msg", "bytes", "extent", "tape", "world", "box", "party", "link", "kind",
  "component", "life", "warn", "feed", "alarm", "lanes", "sched", "quiet", "watchdog", "loop", "worker", "stream", "trace", "kam",
}
local level = {}
for i, name in ipairs(order) do level[name] = i end

-- Files that implement a part of another one's header.
local part_of = { stall = "quiet", runtime = "kam" }

-- What of core/ is made for components; with life and kam a chassis in C keeps its children.
local facing = {}
for name in ([[err utf8 mem text queue msg bytes extent tape world box party link kind component feed alarm loop
  worker lanes stream life warn kam]]):gmatch "%w+" do facing[name] = true end

-- The outside libraries of a family, by their headers. What CMakeLists.txt links for
-- each stands there, in kam_family.
local family_library = {
  console = { "^uv%.h$", "^histedit%.h$" }, file = { "^uv%.h$" }, process = { "^uv%.h$" },
  network = { "^uv%.h$" }, json = { "^jansson%.h$" }, csv = { "^csv%.h$" }, xml = { "^expat%.h$" },
  marshal = { "^msgpack%.h$" },
  database = { "^sqlite3%.h$" }, compress = { "^zlib%.h$", "^zstd" },
  crypto = { "^openssl/" }, tls = { "^openssl/" }, http = { "^llhttp%.h$", "^zlib%.h$" },
  websocket = { "^wslay/", "^openssl/" }, dns = { "^ares%.h$", "^arpa/nameser%.h$", "^netdb%.h$" },
}

local libc = {}
for name in ([[arpa/inet assert ctype dirent errno fcntl float fnmatch grp inttypes limits linux/openat2 locale
  math netinet/in netinet/tcp poll pthread pwd search setjmp signal stdalign stdarg stdatomic stdbool stddef
  stdint stdio stdlib stdnoreturn string strings termios time unistd sys/inotify sys/ioctl sys/mman sys/resource
  sys/sendfile sys/socket sys/stat sys/syscall sys/time sys/types sys/uio sys/un sys/wait wchar]])
  :gmatch "%S+" do libc[name .. ".h"] = true end

local lua_headers = { ["lua.h"] = true, ["lauxlib.h"] = true, ["lualib.h"] = true }

-- --- reading ---

local function read(path)
  local f <close> = assert(io.open(root .. "/" .. path, "rb"))
  return f:read "a"
end

-- The files below folder that end in one of the endings, by name.
local function files(folder, ...)
  local list = {}
  local function collect(path, endings)
    for _, name in ipairs(core.list(path == "" and root or root .. "/" .. path) or {}) do
      local ending = name:match "%.%a+$"
      if ending and endings[ending] then
        list[#list + 1] = path .. "/" .. name
      elseif not ending then
        collect(path .. "/" .. name, endings)
      end
    end
  end
  local endings = {}
  for _, ending in ipairs { ... } do endings[ending] = true end
  collect(folder, endings)
  table.sort(list)
  return list
end

-- "core/box.c" is of "box".
local function stem(path) return path:match "([%w_]+)%.%a$" end

-- What a C file includes: a list of names; <x.h> and "x.h" are alike.
local function includes(path)
  local list = {}
  for name in ("\n" .. read(path)):gmatch '\n%s*#%s*include%s*[<"]([^>"]+)' do
    list[#list + 1] = name
  end
  return list
end

-- The code of a text in Lua without comments, and its strings, a list.
local function code_of(text)
  local out, strings, at = {}, {}, 1
  while at <= #text do
    local from, to, what = text:find('(%-%-)', at)
    local quote = text:find('["\']', at)
    local long, long_to, signs = text:find("%[(=*)%[", at)
    local first = math.min(from or math.huge, quote or math.huge, long or math.huge)
    if first == math.huge then
      out[#out + 1] = text:sub(at)
      break
    end
    out[#out + 1] = text:sub(at, first - 1)
    if first == from and what then
      local equals = text:match("^%[(=*)%[", to + 1)
      local _, stop = text:find(equals and "]" .. equals .. "]" or "\n", to + 1, true)
      at = (stop or #text) + 1
      out[#out + 1] = "\n"
    elseif first == quote then
      local mark, stop = text:sub(quote, quote), quote + 1
      while stop <= #text and text:sub(stop, stop) ~= mark do
        stop = stop + (text:sub(stop, stop) == "\\" and 2 or 1)
      end
      strings[#strings + 1] = text:sub(quote + 1, stop - 1)
      out[#out + 1] = ("\0%d\0"):format(#strings)
      at = stop + 1
    else
      local _, stop = text:find("]" .. signs .. "]", long_to, true)
      strings[#strings + 1] = text:sub(long_to + 1, (stop or #text) - 2 - #signs)
      out[#out + 1] = ("\0%d\0"):format(#strings)
      at = (stop or #text) + 1
    end
  end
  return table.concat(out), strings
end

-- What a Lua file requires: a list of names.
local function requires(path)
  local code, strings = code_of(read(path))
  local list = {}
  for n in code:gmatch "require%s*%(?%s*%z(%d+)%z" do list[#list + 1] = strings[tonumber(n)] end
  return list
end

-- --- judging ---

local wrong

local function blame(path, name, why)
  wrong[#wrong + 1] = ("%s: %s %s"):format(path, name, why)
end

-- Each file of a list, each name that it includes or requires.
local function each(paths, names_of, judge)
  wrong = {}
  for _, path in ipairs(paths) do
    for _, name in ipairs(names_of(path)) do
      local why = judge(path, name)
      if why then blame(path, name, why) end
    end
  end
  assert.same({}, wrong)
end

describe("core", function()
  it("has every header in the order of levels", function()
    for _, path in ipairs(files("core", ".h")) do
      assert.truthy(level[stem(path)], path .. " is at no level; write it into the list here")
    end
    for _, path in ipairs(files("core", ".c")) do
      assert.truthy(level[part_of[stem(path)] or stem(path)], path .. " belongs to no header")
    end
  end)

  it("includes only libc and lower levels of core, and libuv in loop and worker", function()
    each(files("core", ".c", ".h"), includes, function(path, name)
      local own = part_of[stem(path)] or stem(path)
      local other = name:match "^core/([%w_]+)%.h$"
      if other and not level[other] then return "is at no level" end
      if other and other == own then return path:find "%.h$" and "is itself" or nil end
      if other then return level[other] > level[own] and "is above" or nil end
      if name == "uv.h" and (own == "loop" or own == "worker") then return nil end
      return not libc[name] and "is neither libc nor core" or nil
    end)
  end)
end)

describe("components", function()
  it("in C include libc, what of core is made for them, and their own family", function()
    each(files("components", ".c", ".h"), includes, function(path, name)
      local family = path:match "^components/([%w_]+)/"
      local other = name:match "^core/([%w_]+)%.h$"
      if other then return not facing[other] and "is not made for components" or nil end
      if name:find("components/" .. family .. "/", 1, true) == 1 then return nil end
        for _, header in ipairs(family_library[family] or {}) do
        if name:find(header) then return nil end
      end
      return not libc[name] and "is neither libc nor its own family's" or nil
    end)
  end)

  it("in Lua require kam and their own family", function()
    each(files("components", ".lua"), requires, function(path, name)
      local family = path:match "^components/([%w_]+)/"
      if name == "kam" or name:find("^components%." .. family .. "%.") then return nil end
      return "is neither kam nor its own family's"
    end)
  end)

  it("are one to a file, and the file is named after it", function()
    local named = {}
    for _, entry in ipairs(library.all()) do named[entry.name:gsub("_", ""):lower()] = entry end
    for _, path in ipairs(files("components", ".c", ".lua")) do
      local family, name = path:match "^components/([%w_]+)/([%w_]+)%.%a+$"
      local entry = named[(name:gsub("_", ""))]
      local part = path:find "%.c$" and not read(path):find "\nKAM_COMPONENT%("
      if not part then -- a part of its family's others declares none
        assert.truthy(entry, path .. " declares no component of its name")
        assert.equal(family, component.declaration(entry.make).family, path)
      end
    end
  end)
end)

describe("lua/binding", function()
  it("includes libc, Lua, core and itself", function()
    each(files("lua/binding", ".c", ".h"), includes, function(_, name)
      if libc[name] or lua_headers[name] or name:find "^core/" or name:find "^lua/binding/" then
        return nil
      end
      return "is neither libc, Lua nor core"
    end)
  end)

  it("is the only C that includes Lua, with the host", function()
    local others = files("core", ".c", ".h")
    for _, path in ipairs(files("components", ".c", ".h")) do others[#others + 1] = path end
    each(others, includes, function(_, name)
      return (lua_headers[name] or name:find "^lua/") and "is Lua's" or nil
    end)
  end)
end)

describe("lua/kam", function()
  local list = files("lua/kam", ".lua")

  it("requires only itself and the binding, and busted in the runner of specs", function()
    each(list, requires, function(path, name)
      if name == "kam" or name:find "^kam%.[%w_.]+$" then return nil end
      return not (path:find "/spec[%w_]*%.lua$" and name:find "^busted") and "is not kam's" or nil
    end)
  end)

  it("requires downwards: nothing requires itself by a way round", function()
    local needs, state, circle = {}, {}, nil
    for _, path in ipairs(list) do
      local name = path:match "^lua/(.*)%.lua$":gsub("/init$", ""):gsub("/", ".")
      needs[name] = requires(path)
    end
    local function visit(name, way)
      if state[name] == "done" or not needs[name] or circle then return end
      if state[name] then
        circle = way .. " -> " .. name
        return
      end
      state[name] = "open"
      for _, other in ipairs(needs[name]) do visit(other, way .. " -> " .. name) end
      state[name] = "done"
    end
    local names = {}
    for name in pairs(needs) do names[#names + 1] = name end
    table.sort(names)
    for _, name in ipairs(names) do visit(name, "") end
    assert.is_nil(circle)
  end)

  it("names no component but the chassis, which are its own, outside the prompt", function()
    local named = {}
    for _, name in ipairs(library.names()) do named[name] = true end
    for name in pairs(require "kam.chassis") do named[name] = nil end
    named[component.declaration(require "kam.supervisor").name] = nil
    wrong = {}
    for _, path in ipairs(list) do
      if path:find "/repl%.lua$" then goto continue end -- the prompt is a system itself
      local code, strings = code_of(read(path))
      for name in code:gmatch "kam%.(%u%w*)" do strings[#strings + 1] = name end
      for _, text in ipairs(strings) do
        if named[text] then blame(path, text, "is named") end
      end
      ::continue::
    end
    assert.same({}, wrong)
  end)
end)

describe("the applications", function()
  it("know the binding by one header, if they are the host", function()
    each(files("apps", ".c", ".h"), includes, function(path, name)
      if path:find "^apps/kam/" and (lua_headers[name] or name == "lua/binding/kam_lua.h") then
        return nil
      end
      return not libc[name] and "is neither libc nor the binding's one header" or nil
    end)
  end)

  it("in Lua require kam and what is their own", function()
    each(files("apps", ".lua"), requires, function(path, name)
      local folder = path:match "^(apps/[%w_]+)/"
      local own = ("%s/%s/%s.lua"):format(root, folder, (name:gsub("%.", "/")))
      return name ~= "kam" and not os.rename(own, own) and "is neither kam nor its own" or nil
    end)
  end)
end)

describe("a file", function()
  local longest = { [".c"] = 800, [".h"] = 300, [".lua"] = 1200 } -- specs of many clauses

  it("is no longer than one can read", function()
    wrong = {}
    for _, folder in ipairs { "core", "lua", "components", "apps", "spec", "bench", "docs" } do
      for _, path in ipairs(files(folder, ".c", ".h", ".lua")) do
        local most = longest[path:match "%.%a+$"]
        local _, n = read(path):gsub("\n", "")
        if n > most then blame(path, n, ("lines; at most %d"):format(most)) end
      end
    end
    assert.same({}, wrong)
  end)
end)
