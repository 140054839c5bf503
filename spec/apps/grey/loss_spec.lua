-- No mail is lost, and none goes where it should not, at whatever point something breaks: see
-- loss.py. For more points, and others: KAM_POINTS=1000 KAM_SEED=7 ./kam test spec/apps/grey/loss_spec.lua
local kit = require "spec.apps.grey.kit"

local conf = [[
servername = mail.test.example
delay = 0
max_per_address = 0
auto_whitelist = 0
on_store_failure = defer
allowed_domains:
    test.example
]]

describe("grey", function()
  if not os.execute "[ $(id -u) = 0 ] && [ -d /proc/self ]" then
    pending "needs root, for a small disk"
    return
  end

  it("loses nothing and relays nothing, whatever breaks, and where", function()
    local here <close> = kit.place(conf)
    local f <close> = assert(io.open "spec/apps/grey/loss.py")
    here:write("loss.py", f:read "a")
    local out, err = here:run(kit.begin .. ([[
      mkdir disk; small=
      if mount -t tmpfs -o size=512k none disk 2> /dev/null; then small=disk; trap 'umount disk' EXIT; fi
      { cat grey.conf; echo "port = $port"; echo "smtp_port = $sink"; echo "database = $PWD/disk/grey.db"; } > whole.conf
      timeout -s KILL %d python3 loss.py whole.conf $port $sink %d %d $small]])
      :format(math.tointeger(os.getenv "KAM_POINTS" or 45) * 2 + 60, os.getenv "KAM_POINTS" or 45, os.getenv "KAM_SEED" or 1))
    assert.equal(("%d points, 0 bad\n"):format(os.getenv "KAM_POINTS" or 45), out, err)
    if os.getenv "KAM_POINTS" then io.stderr:write(err) end
  end)
end)
