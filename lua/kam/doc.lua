-- doc: the library in words, from the declarations.

local boxes = require "kam.boxes"
local component = require "kam.component"
local core = require "kam.core"
local library = require "kam.library"
local near = require "kam.near"
local report = require "kam.report"

local doc = {}

local function wrapped(text, indent, width)
  local lines, line = {}, ""
  for word in text:gmatch "%S+" do
    if #line + #word + 1 > width and #line > 0 then
      lines[#lines + 1] = indent .. line
      line = word
    else
      line = #line > 0 and line .. " " .. word or word
    end
  end
  lines[#lines + 1] = indent .. line
  return table.concat(lines, "\n")
end

-- The boxes of a declaration with the standard ones, those first.
local function all_boxes(declared, standard)
  local list, by_name = {}, {}
  for _, box in ipairs(declared) do by_name[box.name] = box end
  for _, box in ipairs(standard) do
    local own = by_name[box.name]
    if not (own and own.absent) then
      list[#list + 1] = own and own.doc and own.doc ~= "" and own or box
    end
    by_name[box.name] = nil
  end
  for _, name in ipairs(near.names(by_name)) do list[#list + 1] = by_name[name] end
  return list
end

local standard_in = { { name = "inbox", doc = "messages" }, { name = "control", doc = "being told to end" } }
local standard_out = { { name = "outbox", doc = "messages" }, { name = "signal", doc = "its end" } }

local function box_lines(out, title, list)
  out[#out + 1] = title
  for _, box in ipairs(list) do
    local kinds = box.kinds and box.kinds ~= 0 and (" (%s)"):format(boxes.kind_name(box.kinds)) or ""
    out[#out + 1] = ("  %-12s %s%s"):format(box.name, box.doc or "", kinds)
  end
end

-- A value of an option; in quotes if it is more than a word.
local function value_text(v)
  if type(v) == "string" and not v:find "^[%w_]+$" then return (core.show({ v }):sub(3, -3)) end
  return report.show(v)
end

-- The type of an option, its default and its range in words.
function doc.option_text(o)
  local parts = { o.type }
  if o.required then parts[#parts + 1] = "must be given" end
  if o.default ~= nil then parts[#parts + 1] = "default " .. value_text(o.default) end
  if o.min then parts[#parts + 1] = ("from %.14g"):format(o.min) end
  if o.max then parts[#parts + 1] = ("to %.14g"):format(o.max) end
  if o.oneOf then
    local names = {}
    for i, v in ipairs(o.oneOf) do names[i] = value_text(v) end
    parts[#parts + 1] = "one of " .. table.concat(names, ", ")
  end
  return table.concat(parts, ", ")
end

-- A declaration as a page of text.
function doc.page(d)
  local out = { ("%s (%s): %s"):format(d.name, d.family or "your own", d.summary or ""), "" }
  if d.doc then out[#out + 1] = wrapped(d.doc, "  ", 76) .. "\n" end
  if d.ends then out[#out + 1] = wrapped("Ends: " .. d.ends, "  ", 76) .. "\n" end
  box_lines(out, "inboxes", all_boxes(d.inboxes, standard_in))
  box_lines(out, "outboxes", all_boxes(d.outboxes, standard_out))
  if #d.options > 0 then
    out[#out + 1] = "options"
    for _, o in ipairs(d.options) do
      out[#out + 1] = ("  %-12s %s (%s)"):format(o.name, o.doc or "", doc.option_text(o))
    end
  end
  if d.example then
    out[#out + 1] = "example"
    out[#out + 1] = (("\n" .. d.example):gsub("\n(.)", "\n  %1"):sub(2))
  end
  return (table.concat(out, "\n"):gsub("%s+$", "")) .. "\n"
end

-- A declaration as data, for --json.
function doc.data(d)
  local options = {}
  for i, o in ipairs(d.options) do
    options[i] = { name = o.name, doc = o.doc, type = o.type, default = o.default, min = o.min,
      max = o.max, oneOf = o.oneOf, required = o.required }
  end
  return { name = d.name, family = d.family, summary = d.summary, doc = d.doc, ends = d.ends,
    example = d.example, inboxes = all_boxes(d.inboxes, standard_in),
    outboxes = all_boxes(d.outboxes, standard_out), options = options }
end

-- The components whose name, family or summary has word in it.
function doc.find(word)
  local list = {}
  for _, entry in ipairs(library.all()) do
    local d = component.declaration(entry.make)
    local text = ("%s %s %s"):format(d.name, d.family, d.summary):lower()
    if not word or text:find(word:lower(), 1, true) then list[#list + 1] = d end
  end
  return list
end

-- Those that this build lacks and whose name or family has word in it.
function doc.missing(word)
  local list = {}
  for _, entry in ipairs(library.missing()) do
    local text = (entry.name .. " " .. entry.family):lower()
    if not word or text:find(word:lower(), 1, true) then list[#list + 1] = entry end
  end
  return list
end

return doc
