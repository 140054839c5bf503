-- near: the name that was probably meant.

local near = {}

-- The edit distance of two names; a swap of neighbours is one edit.
local function distance(a, b)
  local before, last, now = nil, {}
  for j = 0, #b do last[j] = j end
  for i = 1, #a do
    now = { [0] = i }
    for j = 1, #b do
      local cost = a:byte(i) == b:byte(j) and 0 or 1
      now[j] = math.min(last[j] + 1, now[j - 1] + 1, last[j - 1] + cost)
      if before and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
        now[j] = math.min(now[j], before[j - 2] + 1)
      end
    end
    before, last = last, now
  end
  return last[#b]
end

-- The one of names that is nearest to name, or nil if none is near.
function near.best(name, names)
  local best, least
  local lower = name:lower()
  for _, other in ipairs(names) do
    local d = distance(lower, other:lower())
    if not least or d < least then best, least = other, d end
  end
  local limit = math.max(1, (#name + 1) // 3)
  return least and least <= limit and best or nil
end

-- The keys of t that are strings, sorted.
function near.names(t)
  local names = {}
  for name in pairs(t) do
    if type(name) == "string" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

return near
