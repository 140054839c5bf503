-- annotations: what kam has, as lua-language-server reads it.

local component = require "kam.component"
local doc = require "kam.doc"
local library = require "kam.library"

local annotations = {}

-- What every component can do: name, parameters, what it gives, what it does. A
-- parameter is "name type", with ? after the name if it may be left out.
annotations.methods = {
  { "activate", {}, "self", "Starts it, with its children, without running the system." },
  { "addChildren", { "... kam.Component" }, nil, "Makes components its children: they start and end with it." },
  { "addInbox", { "name string", "box? string|kam.Box" }, "string", "Adds an inbox: gives its actual name." },
  { "addOutbox", { "name string", "box? string|kam.Box" }, "string", "Adds an outbox: gives its actual name." },
  { "anyReady", {}, "string|nil", "The name of a box with something in it, control included." },
  { "ask", { "to kam.Component|table|string", "msg any", "seconds? number" }, "any, string?",
    "Asks a component, { component, box } or a service, and waits for the answer; or nil and why." },
  { "boxes", {}, "table[], table[]", "Its inboxes and its outboxes now." },
  { "dataReady", { "box? string" }, "integer|false", "How many messages wait in a box, or false." },
  { "graph", { 'form? "text"|"dot"|"svg"|"mermaid"' }, "string", "The system drawn." },
  { "isHeard", { "box string" }, "boolean", "Does a component hear what is sent there, or is it null?" },
  { "join", { "c kam.Component" }, "table|nil, string?",
    "Waits until c has ended, also when nothing more comes: { component =, ok =, error = }; or nil, \"told\"." },
  { "lend", { "c kam.Component", "keep? boolean" }, nil, "Passes its boxes on to those of c." },
  { "link", { "... any" }, "any", "Links boxes, given as a text or as component, box, component, box." },
  { "log", { "... any" }, nil, "Says something on the standard error, with its name before it." },
  { "messages", { "box? string" }, "fun(): any", "for msg in self:messages() do: until no more come." },
  { "messagesAny", { "boxes? string[]" }, "fun(): string, any", "for box, msg in self:messagesAny() do." },
  { "pause", { "seconds? number" }, "string|nil", "Waits until something comes, or for so long." },
  { "recv", { "box? string", "seconds? number" }, "any, string?", "Waits for a message; or nil and why." },
  { "recvAny", { "boxes? string[]", "seconds? number" }, "string|nil, any",
    "Waits for a message of any box: the box and it; or nil and why." },
  { "removeChild", { "c kam.Component" }, nil, "Ends a child, and forgets it." },
  { "removeInbox", { "name string" }, nil, "Takes an inbox away." },
  { "removeOutbox", { "name string" }, nil, "Takes an outbox away." },
  { "run", {}, "true|nil, table?", "Runs the system until all has ended: true; or nil and a report." },
  { "send", { "msg any", "box? string" }, "boolean, string?", "Sends; waits while the receiver is full." },
  { "set", { "options table" }, "any", "Changes options while it lives." },
  { "shuttingDown", {}, "string|false", "Has it been told to end? Takes all of control." },
  { "sleep", { "seconds number" }, "boolean", "Waits so long: false if it was told to end." },
  { "stop", {}, "self", "Tells it to end now." },
  { "told", {}, "string|nil", "How it was told to end, if it was." },
  { "trySend", { "msg any", "box? string" }, "boolean, string?", "Sends if there is room; never waits." },
  { "unlink", { "link any" }, nil, "Takes away a link, or all links of a component." },
  { "warn", { "text string" }, nil, "Says what does not fail it: once, then how often again." },
  { "watch", { "c kam.Component", "box? string" }, nil,
    "c's end comes as { component =, ok =, error = } in box." },
  { "yield", {}, nil, "Gives way to the others." },
}

-- What require "kam" gives, beside the components.
annotations.functions = {
  { "component", { "name string" }, "fun(declaration: kam.Declaration): fun(...): kam.Component",
    "Declares a component: kam.component \"Name\" { … }." },
  { "configure", { "settings { grace: number?, stopAfter: number? }" }, nil,
    "Times in seconds: until force, and until one that does not give way is stopped." },
  { "declaration", { "make function" }, "table|nil", "The declaration of a constructor." },
  { "deregisterService", { "name string" }, nil, "The name of a service is free again." },
  { "each", { "f fun(msg: any)" }, "kam.Component", "Calls f with each message." },
  { "filter", { "f fun(msg: any): any" }, "kam.Component", "Sends on the messages for which f gives true." },
  { "handle", { "c kam.Component" }, "kam.Handle", "An open end of all boxes of c, which it starts." },
  { "isComponent", { "v any" }, "boolean", "Is v a component?" },
  { "isShutdown", { "msg any" }, "string|false", "How msg tells to end, or false." },
  { "make", { "maker fun(...): kam.Component", "given table" }, "kam.Component",
    "A component of a maker: a constructor is given those of the fields that it declares." },
  { "main", { "f fun(self: kam.Component)" }, "kam.Component", "A component of a function alone." },
  { "map", { "f fun(msg: any): any" }, "kam.Component", "Sends what f makes of each message." },
  { "now", {}, "number", "The time of the system in seconds." },
  { "producerFinished", {}, "any", "What tells that no more will come." },
  { "registerService", { "name string", "c kam.Component", "box? string" }, "kam.Component",
    "Makes an inbox known under a name." },
  { "retrieveService", { "name string" }, "kam.Component, string", "The component and inbox of a name." },
  { "run", { "... kam.Component" }, "true|nil, table?", "Runs until all has ended: true; or nil and a report." },
  { "sends", { "c kam.Component" }, "boolean", "Does it send by its outbox?" },
  { "service", { "name string", "make? fun(): kam.Component" }, "kam.Component",
    "The component of that name; made if there is none." },
  { "show", { "v any", "whole? boolean" }, "string", "A value as a text for people." },
  { "shutdownMicroprocess", {}, "any", "What tells to end now." },
  { "source", { "f fun(): any" }, "kam.Component", "Sends what f gives until it gives nil." },
  { "stop", {}, nil, "Asks all components to end." },
  { "takes", { "c kam.Component" }, "boolean", "Does it take messages by its inbox?" },
  { "promptSession", { "env? table" }, "table", "A prompt whose lines, and what they show, somebody carries." },
  { "topology", {}, "table", "What lives, as data: nodes and links." },
  { "tree", { "c? kam.Component" }, "string", "What lives, as a text." },
  { "try", { "c kam.Component", "messages any[]" }, "any[]",
    "What comes out of c when the messages of a list are put into it." },
}

annotations.handle = {
  { "close", {}, nil, "Tells the component to end now, and waits for that." },
  { "finish", {}, nil, "No more will be put." },
  { "get", { "box? string", "seconds? number" }, "any, string?", "Gets a message; or nil and why." },
  { "messages", { "box? string" }, "fun(): any", "for msg in h:messages() do." },
  { "put", { "msg any", "box? string" }, "boolean, string?", "Puts a message into an inbox, or says why not." },
  { "stop", {}, nil, "Tells the component to end now." },
}

local head = [[
---@meta kam
-- Made by kam annotations, for lua-language-server: name its folder in workspace.library.

---@class kam.Box
---@field [1] string what comes or goes there
---@field kind? "bytes"|"line"|"number"|"table"|"picture"|"sound"|"buffer"|"any"
---@field limit? integer|"unbounded"
---@field whenFull? "wait"|"dropOldest"|"dropNewest"
---@field optional? boolean
---@field open? boolean

---@class kam.Option
---@field [1] any the default
---@field [2]? string what it is
---@field type? string
---@field min? number
---@field max? number
---@field oneOf? any[]
---@field optional? boolean
---@field as? string

---@class kam.Declaration
---@field summary? string
---@field doc? string
---@field ends? string
---@field example? string
---@field inboxes? table<string, string|kam.Box|false>
---@field outboxes? table<string, string|kam.Box|false>
---@field options? table<string, kam.Option>
---@field first? string|string[]
---@field effects? boolean
---@field endsEarly? boolean
---@field answers? boolean
---@field init? fun(self: any)
---@field main fun(self: any)

---@class kam.Component
---@field name string
---@field inboxes table<string, string>
---@field outboxes table<string, string>
---@field children table
local Component = {}

---@class kam.Handle
local Handle = {}

---@class kam
---@field null any stands for nothing in tables of data
local kam = {}
]]

local types = {
  list = "any[]", strings = "string[]", components = "kam.Component[]", component = "kam.Component",
  maker = "fun(...): kam.Component", ["function"] = "fun(...): any",
}

-- The type of an option; only texts are named one by one.
local function type_of(o)
  local names = {}
  for i, value in ipairs(o.oneOf or {}) do
    names[i] = type(value) == "string" and ("%q"):format(value):gsub("\\\n", "\\n") or nil
  end
  if o.oneOf and #names == #o.oneOf and #names > 0 then return table.concat(names, "|") end
  return types[o.type] or o.type
end

local function one_line(text)
  return (text or ""):gsub("%s+", " ")
end

-- A function or method: owner is "Component:" or "kam.".
local function signature(out, owner, entry)
  local name, params, gives, text = table.unpack(entry, 1, 4)
  local names = {}
  out[#out + 1] = "\n---" .. text
  for i, param in ipairs(params) do
    local word, type_name = param:match "^(%S+) (.*)$"
    names[i] = word:gsub("%?$", "")
    out[#out + 1] = ("---@param %s %s"):format(word, type_name)
  end
  if gives then out[#out + 1] = "---@return " .. gives end
  out[#out + 1] = ("function %s%s(%s) end"):format(owner, name, table.concat(names, ", "))
end

local function constructor(out, d)
  local needed = false
  out[#out + 1] = ("\n---@class kam.%sOptions"):format(d.name)
  for _, o in ipairs(d.options) do
    needed = needed or o.required
    out[#out + 1] = ("---@field %s%s %s %s (%s)"):format(o.name, o.required and "" or "?", type_of(o),
      one_line(o.doc), one_line(doc.option_text(o)))
  end
  out[#out + 1] = ("\n---%s\n---\n---%s"):format(one_line(d.summary), one_line(d.doc))
  if d.ends then out[#out + 1] = "---\n---Ends: " .. one_line(d.ends) end
  local first = d.first and d.first[1] and d.options[d.first[1]]
  local given = ("kam.%sOptions|table%s"):format(d.name, first and "|" .. type_of(first) or "")
  out[#out + 1] = ("---@param options%s %s"):format(needed and "" or "?", given)
  out[#out + 1] = ("---@param ... any\n---@return kam.Component\nfunction kam.%s(options, ...) end"):format(d.name)
end

-- The file, as a text.
function annotations.text()
  local out = { head }
  for _, entry in ipairs(annotations.methods) do signature(out, "Component:", entry) end
  for _, entry in ipairs(annotations.handle) do signature(out, "Handle:", entry) end
  for _, entry in ipairs(annotations.functions) do signature(out, "kam.", entry) end
  for _, entry in ipairs(library.all()) do constructor(out, component.declaration(entry.make)) end
  out[#out + 1] = "\nreturn kam\n"
  return table.concat(out, "\n")
end

return annotations
