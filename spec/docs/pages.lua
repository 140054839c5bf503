-- pages: the blocks of a Markdown page and the notes of a Lua file, and a place
-- to run them.
--
-- In a page, what stands between two fences is run, in order, in one temporary
-- folder that looks like the root of the project, with ./kam being this host:
--
--   lua     a script; file=NAME keeps it under that name for what follows; is=PATH
--           says that it is a part of that file of docs/, which is run by itself
--   sh      commands, for sh -e; error=any says that what they write to the standard
--           error is not compared
--   prompt  what is typed at ./kam on a terminal, and what then appears: see
--           spec/docs/prompt.lua; the blocks of a page are one session
--   text    what the block before it writes to the standard output
--   text error    what the block before it writes to the standard error
--   text figure   a drawing; nobody runs it
--
-- A block may say exit=N, and skip="why" if it cannot be run here. Without a text
-- block after it, a block writes nothing.
--
-- In a Lua file of docs/, and in the example of a component, these lines are notes:
--
--   --< a line of the standard input
--   --> a line of the standard output; without any, nothing is written to it
--   --! exit N, or a text that is found in the standard error; without any, it is
--       empty and the exit status is 0

local library = require "kam.library"

local pages = { root = library.root }

local function capture(command)
  local f <close> = assert(io.popen(command))
  return (f:read "a":gsub("\n$", ""))
end

local function own_pid()
  local f <close> = assert(io.open("/proc/self/stat"))
  return f:read "n"
end

-- This host; also when it is being built anew meanwhile.
pages.host = ("/proc/%d/exe"):format(own_pid())

-- A sanitizer's module cannot be loaded by a plain lua5.4.
pages.sanitized = capture("readlink " .. pages.host):find "%-[at]san/" ~= nil

function pages.read(path)
  local f <close> = assert(io.open(path, "rb"))
  return f:read "a"
end

local function write(path, text)
  local f <close> = assert(io.open(path, "wb"))
  f:write(text)
end

-- The files below folder with that ending, from the root, sorted.
function pages.find(folder, ending)
  local list = {}
  local found = capture(("cd '%s' && find '%s' -name '*%s' -type f | sort"):format(pages.root,
    folder, ending))
  for path in found:gmatch "[^\n]+" do list[#list + 1] = path end
  return list
end

-- --- places to run in ---

local Place = {}
Place.__index = Place

-- A temporary folder that looks like the root of the project.
function pages.place()
  local folder = capture "mktemp -d"
  local names = capture(("ls '%s'"):format(pages.root))
  for name in names:gmatch "[^\n]+" do
    if name ~= "kam" and not name:find "^build" then
      assert(os.execute(("ln -s '%s/%s' '%s/'"):format(pages.root, name, folder)))
    end
  end
  assert(os.execute(("ln -s '%s' '%s/kam'"):format(pages.host, folder)))
  return setmetatable({ folder = folder }, Place)
end

function Place:__close()
  os.execute(("rm -rf '%s'"):format(self.folder))
end

function Place:write(name, text) write(self.folder .. "/" .. name, text) end

-- Runs an sh command in it: { out =, err =, exit = }.
function Place:run(command, input)
  self:write(".in", input or "")
  self:write(".command", command)
  local _, _, exit = os.execute(("cd '%s' && exec timeout 60 sh -e .command <.in >.out 2>.err")
    :format(self.folder))
  return { out = pages.read(self.folder .. "/.out"), err = pages.read(self.folder .. "/.err"),
    exit = exit }
end

-- --- what is compared ---

-- Without what differs from run to run: numbers and times of a trace, the time
-- that specs took, where the project lies, in which line of the library a failure is.
function pages.steady(text)
  local root = pages.root:gsub("%p", "%%%0")
  text = ("\n" .. text):gsub(root .. "/", "")
  text = text:gsub("(components/[%w_/]+%.lua:)%d+", "%1N")
  text = text:gsub("\n *%d+ +%d+%.%d%d%d  ", "\n# "):gsub("[%d.]+ seconds", "N seconds")
  return (text:sub(2):gsub("[ \n]+$", ""))
end

-- --- Markdown ---

local function attributes(info)
  local block = { language = info:match "^%w+" or "" }
  for key, value in info:gmatch '(%w+)="([^"]*)"' do block[key] = value end
  info = info:gsub('%w+="[^"]*"', "")
  for key, value in info:gmatch "(%w+)=(%S+)" do block[key] = value end
  info = info:gsub("%w+=%S+", "")
  block.what = info:match "^%w+%s+(%w+)"
  return block
end

local languages = { lua = true, sh = true, prompt = true } -- of blocks that can be run

-- The blocks of a page: { language =, line =, body =, out =, err =, exit =, … }, each
-- with what it is to write; and a list of what is wrong with the page.
function pages.blocks(text)
  local blocks, wrong, open, number = {}, {}, nil, 0
  local function blame(line, what) wrong[#wrong + 1] = ("line %d: %s"):format(line, what) end
  for line in (text .. "\n"):gmatch "(.-)\n" do
    number = number + 1
    local pasted = open and open.language == "text"
    if not pasted and (utf8.len(line) or 0) > 100 then blame(number, "over 100 columns") end
    local info = line:match "^```(.*)$"
    if info and not open then
      open = attributes(info)
      open.line, open.lines = number, {}
    elseif info then
      open.body = table.concat(open.lines, "\n") .. "\n"
      local before = blocks[#blocks]
      if open.language == "text" and open.what == "figure" then
        open.lines = nil
      elseif open.language == "text" then
        local field = open.what == "error" and "err" or "out"
        if not before or before[field] then
          blame(open.line, "nothing before this block writes it")
        else
          before[field] = open.body
        end
      elseif languages[open.language] then
        blocks[#blocks + 1] = open
      else
        blame(open.line, ("a block in %q cannot be run"):format(open.language))
      end
      open = nil
    elseif open then
      open.lines[#open.lines + 1] = line
    elseif line:find "^    %S" or line:find "^\t" then
      blame(number, "an indented block is not run; put it between fences")
    elseif line:find "~~~" then
      blame(number, "fences are ```")
    end
  end
  if open then blame(open.line, "a fence that is not closed") end
  return blocks, wrong
end

-- The sh command that runs a block in a place; nil if it is a part of a file.
function pages.command(place, block, number)
  if block.language == "sh" then return block.body end
  local name = block.file or ("block_%d.lua"):format(number)
  place:write(name, block.body)
  if block.is then return nil end
  return ("exec ./kam %s'%s'"):format(block.what == "check" and "check " or "", name)
end

-- The targets of links to files in a page.
function pages.links(text)
  local list = {}
  for target in text:gsub("```.-\n```", ""):gmatch "%]%(([^)#]+)[^)]*%)" do
    if not target:find "^%a+:" then list[#list + 1] = target end
  end
  return list
end

-- --- notes in Lua ---

-- What a text in Lua says of its run: { input =, out =, exit =, errors = { … } }.
function pages.notes(text)
  local input, out, errors, exit = {}, {}, {}, nil
  for line in (text .. "\n"):gmatch "(.-)\n" do
    local kind, rest = line:match "^%s*%-%-([<>!]) ?(.*)$"
    if kind == "<" then
      input[#input + 1] = rest .. "\n"
    elseif kind == ">" then
      out[#out + 1] = rest .. "\n"
    elseif kind == "!" and rest:find "^exit %d+$" then
      exit = math.tointeger(rest:match "%d+")
    elseif kind == "!" then
      errors[#errors + 1] = rest
    end
  end
  return { input = table.concat(input), out = table.concat(out), exit = exit, errors = errors }
end

return pages
