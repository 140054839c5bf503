-- manual: the command and the components as manual pages, for man -l or a folder of
-- MANPATH.

local component = require "kam.component"
local doc = require "kam.doc"
local library = require "kam.library"

local manual = {}

-- A text as roff takes it: nothing in it is a request.
local function plain(text)
  text = text:gsub("\\", "\\e"):gsub("%-", "\\-"):gsub("\n([.'])", "\n\\&%1"):gsub("^([.'])", "\\&%1")
  return (text:gsub("[\xc2-\xf4][\x80-\xbf]+", function(c) return ("\\[u%04X]"):format(utf8.codepoint(c)) end))
end

local function block(text)
  return (".nf\n%s\n.fi"):format(plain(text):gsub("%s+$", ""))
end

local function page(title, section, name, summary, body)
  return (".TH %s %s \"\" kam kam\n.SH NAME\n%s \\- %s\n%s\n"):format(plain(title), section, plain(name),
    plain(summary), body)
end

local function component_page(d)
  local data, out = doc.data(d), {}
  local function section(title, text) out[#out + 1] = (".SH %s\n%s"):format(title, text) end
  local function items(title, list, text)
    local lines = {}
    for i, item in ipairs(list) do
      lines[i] = (".TP\n.B %s\n%s"):format(plain(item.name), plain(text(item)))
    end
    if #lines > 0 then section(title, table.concat(lines, "\n")) end
  end
  local function box(b) return b.doc and b.doc ~= "" and b.doc or "messages" end
  if d.doc then section("DESCRIPTION", plain(d.doc)) end
  if d.ends then section("ENDS", plain(d.ends)) end
  items("INBOXES", data.inboxes, box)
  items("OUTBOXES", data.outboxes, box)
  items("OPTIONS", d.options, function(o) return ("%s (%s)"):format(o.doc or "", doc.option_text(o)) end)
  if d.example then section("EXAMPLE", block(d.example)) end
  return page("kam-" .. d.name, "7", "kam-" .. d.name, d.summary or "", table.concat(out, "\n"))
end

-- The pages: a list of { path, text }.
function manual.files(cli)
  local help = cli.usage()
  local first, rest = help:match "^kam: ([^\n]*)\n\n(.*)$"
  local files = { { "man1/kam.1", page("kam", "1", "kam", first,
    ".SH SYNOPSIS\n" .. block(rest) .. "\n.SH SEE ALSO\n.BR kam\\-Pipeline (7),\nand a page kam\\-NAME "
    .. "for each component; kam doc NAME says the same") } }
  for _, entry in ipairs(library.all()) do
    local d = component.declaration(entry.make)
    files[#files + 1] = { ("man7/kam-%s.7"):format(d.name), component_page(d) }
  end
  return files
end

return manual
