-- MiniAxon, step 1, solved: a microprocess is a coroutine with a name.
local Microprocess = {}
Microprocess.__index = Microprocess

-- One that will run main(self), a step at a time.
function Microprocess.new(name, main)
  return setmetatable({ name = name, thread = coroutine.create(main) }, Microprocess)
end

-- Runs it up to its next yield: true while there is more of it.
function Microprocess:step()
  local ok, err = coroutine.resume(self.thread, self)
  if not ok then error(("%s failed: %s"):format(self.name, err), 0) end
  return coroutine.status(self.thread) ~= "dead"
end

return Microprocess
