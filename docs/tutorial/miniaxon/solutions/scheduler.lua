-- MiniAxon, step 2, solved: a scheduler gives each microprocess a step in turn.
local Scheduler = {}
Scheduler.__index = Scheduler

function Scheduler.new()
  return setmetatable({ active = {} }, Scheduler)
end

-- From the next round on it takes part.
function Scheduler:activate(process)
  self.active[#self.active + 1] = process
end

-- A step for each that is active; who has finished is active no more.
function Scheduler:round()
  local now = self.active
  self.active = {}
  for _, process in ipairs(now) do
    if process:step() then self:activate(process) end
  end
end

-- At most so many rounds; true if all have finished.
function Scheduler:run(rounds)
  for _ = 1, rounds or 100 do
    if #self.active == 0 then return true end
    self:round()
  end
  return #self.active == 0
end

return Scheduler
