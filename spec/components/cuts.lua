-- cuts: what specs of streams share: a stream gives the same however it is cut into
-- messages, and other programs agree.
local assert = require "luassert"
local kam = require "kam"

local cuts = {}

-- What c gives for a list of messages, joined.
function cuts.bytes(c, list)
  local out = kam.try(c, list)
  return table.concat(out)
end

-- text as a list of pieces of n bytes.
function cuts.pieces(text, n)
  local list = {}
  for i = 1, #text, n do list[#list + 1] = text:sub(i, i + n - 1) end
  return list
end

local function result(take, make, list)
  local ok, out = pcall(take, make(), list)
  return ok and out or { failed = (tostring(out):gsub("^.-:%d+: ", ""):gsub(" %d+ failed", " failed")) }
end

-- take(make(), pieces) is the same for text in one piece, cut in two at each place, in
-- single bytes, and with empty messages between: gives it. An error is a result too.
function cuts.same(text, make, take)
  take = take or kam.try
  local whole = result(take, make, { text })
  for i = 1, #text - 1 do
    assert.same(whole, result(take, make, { text:sub(1, i), text:sub(i + 1) }))
  end
  assert.same(whole, result(take, make, cuts.pieces(text, 1)))
  local spaced = { "" }
  for _, piece in ipairs(cuts.pieces(text, 3)) do
    spaced[#spaced + 1] = piece
    spaced[#spaced + 1] = ""
  end
  assert.same(whole, result(take, make, spaced))
  return whole
end

-- The text of the error with which c fails.
function cuts.fails(c, list)
  local ok, why = pcall(kam.try, c, list)
  assert.is_false(ok, "it did not fail")
  return tostring(why)
end

-- What is in a file.
function cuts.read(path)
  local f <close> = assert(io.open(path, "rb"))
  return f:read "a"
end

-- The output of a shell command that has input on its standard input, and whether it
-- ended well.
function cuts.command(command, input)
  local path = os.tmpname()
  do
    local f <close> = assert(io.open(path, "wb"))
    f:write(input)
  end
  local ok = os.execute(("{ %s; } <%s >%s.out 2>/dev/null"):format(command, path, path))
  local out = cuts.read(path .. ".out")
  os.remove(path)
  os.remove(path .. ".out")
  return out, ok == true
end

-- n bytes, the same each time, of an alphabet of k.
function cuts.noise(n, k)
  local bytes, x = {}, 12345
  for i = 1, n do
    x = (x * 1103515245 + 12345) % 2147483648
    bytes[i] = string.char((x >> 16) % (k or 256))
  end
  return table.concat(bytes)
end

return cuts
