-- No mail is lost, and none goes where it should not, at whatever point something breaks: see
-- loss.py, which is run by hand for more points.
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
    local out, err = here:run(kit.begin .. [[
      mkdir disk; small=
      if mount -t tmpfs -o size=512k none disk 2> /dev/null; then small=disk; trap 'umount disk' EXIT; fi
      { cat grey.conf; echo "port = $port"; echo "smtp_port = $sink"; echo "database = $PWD/disk/grey.db"; } > whole.conf
      python3 loss.py whole.conf $port $sink 45 1 $small]])
    assert.equal("45 points, 0 bad\n", out, err)
  end)
end)
