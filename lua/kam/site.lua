-- site: the library as pages to browse without a server.

local boxes = require "kam.boxes"
local codes = require "kam.codes"
local component = require "kam.component"
local core = require "kam.core"
local doc = require "kam.doc"
local json = require "kam.json"
local library = require "kam.library"
local near = require "kam.near"

local site = {}

local style = [[
:root { color-scheme: light dark; --ink: #1d2329; --paper: #fff; --faint: #5d6873; --line: #d9dee3;
  --link: #0b5cad; --code: #f3f5f7; }
@media (prefers-color-scheme: dark) { :root { --ink: #e2e6ea; --paper: #14181c; --faint: #9aa5b0;
  --line: #323a42; --link: #7db9f5; --code: #1e242a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 52rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center;
  padding-bottom: .7rem; border-bottom: 1px solid var(--line); }
header form { flex: 1 1 12rem; }
input { width: 100%; padding: .45rem .6rem; font: inherit; color: inherit; background: var(--code);
  border: 1px solid var(--line); border-radius: .35rem; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
h1 { margin: 1rem 0 .2rem; font-size: 1.6rem; }
h2 { margin: 1.6rem 0 .3rem; font-size: 1.1rem; }
pre, code { font: .9em/1.5 ui-monospace, monospace; background: var(--code); border-radius: .25rem; }
code { padding: .1em .25em; }
pre { padding: .7rem; overflow-x: auto; }
dl { margin: 0; }
dt { margin-top: .5rem; font-weight: 600; }
dd { margin: 0 0 0 1rem; }
.faint { color: var(--faint); }
@media (min-width: 40rem) { dl.wide { display: grid; grid-template-columns: 14rem 1fr; }
  dl.wide dt, dl.wide dd { margin: .15rem 0; } }
]]

-- Finds what is typed, or stands behind #q= or ?q=, among name, family and summary.
local search = [[
const things = JSON.parse(document.getElementById("index").textContent);
const box = document.getElementById("q"), out = document.getElementById("found");
const all = document.getElementById("all");
function find() {
  const words = box.value.toLowerCase().split(/\s+/).filter(w => w);
  all.hidden = words.length > 0;
  out.replaceChildren();
  if (!words.length) return;
  const hits = things.filter(t => words.every(w => t.text.toLowerCase().includes(w)));
  const first = t => t.name.toLowerCase().startsWith(words[0]) ? 0 : 1;
  hits.sort((a, b) => first(a) - first(b));
  const list = document.createElement("dl");
  list.className = "wide";
  for (const t of hits) {
    const dt = document.createElement("dt"), a = document.createElement("a");
    const dd = document.createElement("dd");
    a.href = t.page; a.textContent = t.name; dd.textContent = t.summary;
    dt.append(a); list.append(dt, dd);
  }
  const p = document.createElement("p");
  p.className = "faint"; p.textContent = hits.length + " found";
  out.append(p, list);
}
function fromAddress() {
  const q = new URLSearchParams(location.hash.slice(1)).get("q")
    ?? new URLSearchParams(location.search).get("q");
  if (q !== null) box.value = q;
  find();
}
box.addEventListener("input", find);
addEventListener("hashchange", fromAddress);
fromAddress();
]]

local function escaped(s)
  return (tostring(s):gsub('[&<>"]', { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function page(title, up, body)
  return ([[
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s</title>
<link rel="stylesheet" href="%sstyle.css">
<header><a href="%sindex.html"><b>kam</b></a> <a href="%serrors.html">error codes</a>
<form action="%sindex.html"><input id="q" name="q" type="search" placeholder="search"
 aria-label="search" autocomplete="off"></form></header>
<main>
%s
</main>
</html>
]]):format(escaped(title), up, up, up, up, body)
end

-- --- links in texts ---

-- A word that opens a sentence is a component only if no other word looks like it.
local function opens(text, at)
  local before = text:sub(1, at - 1):match "(%S)%s*$"
  return not before or before:find "[.:;]" ~= nil
end

-- A text with links to the components that it names. own: none to itself.
local function linked(text, known, own)
  local out, at = {}, 1
  for from, word, to in text:gmatch "()%f[%w_](%u%w+)%f[^%w_]()" do
    local sure = word:find "%l%u" or text:sub(from - 4, from - 1) == "kam." or not opens(text, from)
    if known[word] and word ~= own and sure then
      out[#out + 1] = escaped(text:sub(at, from - 1))
      out[#out + 1] = ('<a href="%s.html">%s</a>'):format(word, word)
      at = to
    end
  end
  out[#out + 1] = escaped(text:sub(at))
  return table.concat(out)
end

local function prose(text, known, own)
  return (linked(text, known, own):gsub("`([^`]+)`", "<code>%1</code>"))
end

-- --- the pages ---

local function box_list(out, title, list, known, own)
  out[#out + 1] = ("<h2>%s</h2>\n<dl class=\"wide\">"):format(title)
  for _, box in ipairs(list) do
    local kinds = box.kinds and box.kinds ~= 0 and boxes.kind_name(box.kinds) or ""
    out[#out + 1] = ("<dt><code>%s</code></dt><dd>%s%s</dd>"):format(escaped(box.name),
      prose(box.doc or "", known, own), kinds ~= "" and (' <span class="faint">%s</span>'):format(kinds) or "")
  end
  out[#out + 1] = "</dl>"
end

local function component_body(d, data, known, source)
  local out = { ("<h1>%s</h1>\n<p class=\"faint\">%s%s</p>\n<p><b>%s</b></p>"):format(escaped(d.name),
    escaped(d.family or ""), source and (', <a href="../source/%s.txt">source</a>'):format(source) or "",
    escaped(d.summary or "")) }
  if d.doc then out[#out + 1] = ("<p>%s</p>"):format(prose(d.doc, known, d.name)) end
  if d.ends then out[#out + 1] = ("<p><b>Ends:</b> %s</p>"):format(prose(d.ends, known, d.name)) end
  box_list(out, "inboxes", data.inboxes, known, d.name)
  box_list(out, "outboxes", data.outboxes, known, d.name)
  if #d.options > 0 then
    out[#out + 1] = "<h2>options</h2>\n<dl class=\"wide\">"
    for _, o in ipairs(d.options) do
      out[#out + 1] = ('<dt><code>%s</code></dt><dd>%s <span class="faint">%s</span></dd>'):format(
        escaped(o.name), prose(o.doc or "", known, d.name), escaped(doc.option_text(o)))
    end
    out[#out + 1] = "</dl>"
  end
  if d.example then
    out[#out + 1] = ("<h2>example</h2>\n<pre>%s</pre>"):format(linked(d.example, known, d.name))
  end
  return table.concat(out, "\n")
end

local function index_body(all)
  local things, families = {}, {}
  for _, entry in ipairs(all) do
    local d = component.declaration(entry.make)
    local text = ("%s %s %s"):format(d.name, d.family or "", d.summary or "")
    things[#things + 1] = { name = d.name, summary = d.summary, text = text,
      page = ("components/%s.html"):format(d.name) }
    local family = families[d.family or "other"] or {}
    families[d.family or "other"] = family
    family[#family + 1] = d
  end
  for _, code in ipairs(near.names(codes.all)) do
    things[#things + 1] = { name = code, summary = codes.all[code].title, page = "errors.html#" .. code,
      text = code .. " " .. codes.all[code].title }
  end
  local out = { "<h1>The components of kam</h1>\n<div id=\"found\"></div>\n<div id=\"all\">" }
  for _, family in ipairs(near.names(families)) do
    out[#out + 1] = ("<h2 id=\"%s\">%s</h2>\n<dl class=\"wide\">"):format(escaped(family), escaped(family))
    for _, d in ipairs(families[family]) do
      out[#out + 1] = ('<dt><a href="components/%s.html">%s</a></dt><dd>%s</dd>'):format(d.name, d.name,
        escaped(d.summary or ""))
    end
    out[#out + 1] = "</dl>"
  end
  -- A "<" could end the element early; in JSON it may be written so.
  out[#out + 1] = ('</div>\n<script type="application/json" id="index">%s</script>\n<script>\n%s</script>')
    :format((json.encode(things):gsub("<", "\\u003c")), search)
  return table.concat(out, "\n")
end

local function errors_body()
  local out = { "<h1>Error codes</h1>" }
  for _, code in ipairs(near.names(codes.all)) do
    local entry = codes.all[code]
    out[#out + 1] = ("<h2 id=\"%s\">%s: %s</h2>\n<p>%s</p>"):format(code, code, escaped(entry.title),
      escaped(entry.why))
    if entry.wrong ~= "" then out[#out + 1] = ("<p>wrong</p><pre>%s</pre>"):format(escaped(entry.wrong)) end
    if entry.right ~= "" then out[#out + 1] = ("<p>right</p><pre>%s</pre>"):format(escaped(entry.right)) end
  end
  return table.concat(out, "\n")
end

-- A file in C is found as the component is: but for capitals and underscores.
local function c_file(d)
  local folder = ("%s/components/%s"):format(library.root, d.family)
  for _, file in ipairs(core.list(folder) or {}) do
    local stem = file:match "^([%w_]+)%.c$"
    if stem and stem:gsub("_", "") == d.name:lower() then return folder .. "/" .. file end
  end
end

-- The file that declares it, by its name and text; nil where it is not at hand.
local function source_of(d)
  local f = d.main or d.init
  local path = d.in_c and c_file(d) or f and debug.getinfo(f, "S").source:match "^@(.*)"
  local file <close> = path and io.open(path, "r") or nil
  if file then return path:match "[^/]+$", file:read "a" end
end

-- The pages: a list of { path, text }.
function site.files()
  local all, known = library.all(), {}
  for _, entry in ipairs(all) do known[entry.name] = true end
  local files = { { "style.css", style }, { "index.html", page("kam: components", "", index_body(all)) },
    { "errors.html", page("kam: error codes", "", errors_body()) } }
  for _, entry in ipairs(all) do
    local d = component.declaration(entry.make)
    local name, text = source_of(d)
    if name then files[#files + 1] = { ("source/%s.txt"):format(name), text } end
    files[#files + 1] = { ("components/%s.html"):format(d.name),
      page(d.name .. " - kam", "../", component_body(d, doc.data(d), known, name)) }
  end
  return files
end

return site
