-- problems: what is wrong with a configuration, or risky, each with its place and its mend.

local problems = {}

local Problems = {}
Problems.__index = Problems

-- An empty list: of errors, with which nothing runs, and of risks.
function problems.new() return setmetatable({ errors = 0, risks = 0 }, Problems) end

local function add(self, kind, place, text, mend)
  self[#self + 1] = { kind = kind, file = place and place.file, line = place and place.line,
    source = place and place.source, text = text, mend = mend }
end

-- A place is { file =, line =, source = the line's text }, or nil.
function Problems:error(place, text, mend)
  add(self, "error", place, text, mend)
  self.errors = self.errors + 1
end

function Problems:risk(place, text, mend)
  add(self, "risk", place, text, mend)
  self.risks = self.risks + 1
end

-- All of them as text, by file and line.
function Problems:text()
  local order = {}
  for i, p in ipairs(self) do order[i] = { p, i } end
  table.sort(order, function(a, b)
    local p, q = a[1], b[1]
    if p.file == q.file and p.line and q.line and p.line ~= q.line then return p.line < q.line end
    return a[2] < b[2]
  end)
  local out = {}
  for i, one in ipairs(order) do
    local p = one[1]
    local text = ("%s: %s"):format(p.kind, p.text)
    if p.file then text = ("%s\n  --> %s%s"):format(text, p.file, p.line and ":" .. p.line or "") end
    if p.source then text = ("%s\n%4d | %s"):format(text, p.line, p.source) end
    if p.mend then text = ("%s\n  mend: %s"):format(text, p.mend) end
    out[i] = text
  end
  return table.concat(out, "\n")
end

-- The name of a list that is nearest to a name, or nil if none is near: the least number of
-- letters that are put in, left out, changed or swapped with the next.
function problems.nearest(name, names)
  local best, least
  for _, other in ipairs(names) do
    local before, last = nil, {}
    for j = 0, #other do last[j] = j end
    for i = 1, #name do
      local now = { [0] = i }
      for j = 1, #other do
        local cost = name:byte(i) == other:byte(j) and 0 or 1
        now[j] = math.min(last[j] + 1, now[j - 1] + 1, last[j - 1] + cost)
        if before and j > 1 and name:byte(i) == other:byte(j - 1) and name:byte(i - 1) == other:byte(j) then
          now[j] = math.min(now[j], before[j - 2] + 1)
        end
      end
      before, last = last, now
    end
    if not least or last[#other] < least then best, least = other, last[#other] end
  end
  return least and least <= math.max(1, (#name + 1) // 3) and best or nil
end

return problems
