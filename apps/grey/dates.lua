-- dates: times as mails and logs have them, in UTC, whatever the language of the machine.
local dates = {}

local days = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" }
local months = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" }

-- f, which is asked for the same second again and again.
local function kept(f)
  local last, text
  return function(time)
    if time ~= last then last, text = time, f(time) end
    return text
  end
end

-- As the head of a mail has it (RFC 5322).
dates.mail = kept(function(time)
  local t = os.date("!*t", time)
  return ("%s, %d %s %d %02d:%02d:%02d +0000"):format(days[t.wday], t.day, months[t.month], t.year, t.hour,
    t.min, t.sec)
end)

-- As ISO 8601 has it.
dates.log = kept(function(time) return os.date("!%Y-%m-%dT%H:%M:%SZ", time) end)

return dates
