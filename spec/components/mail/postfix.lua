-- postfix: a Postfix of one's own, for specs: it takes mails for test.example, which lie in a
-- maildir then, and gives on what is for others to relay, if there is one.
local kit = {}
kit.__index = kit

-- What follows Postfix's own files: folder, port, port, further lines.
local begin = [[
set -e
PATH=$PATH:/usr/sbin
D=%s
mkdir -p $D/etc $D/spool $D/data $D/mail
for f in postfix-files post-install postfix-script postfix-files.d dynamicmaps.cf dynamicmaps.cf.d; do
  [ ! -e /etc/postfix/$f ] || cp -r /etc/postfix/$f $D/etc/
done
chown postfix $D/data; chown nobody $D/mail; chmod 755 $D
cat > $D/etc/main.cf <<C
compatibility_level = 3.6
queue_directory = $D/spool
data_directory = $D/data
mail_owner = postfix
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = test.example
mydestination =
virtual_mailbox_domains = test.example
virtual_mailbox_base = $D/mail
virtual_mailbox_maps = static:all/
virtual_transport = virtual
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
smtp_host_lookup = native
disable_dns_lookups = yes
maillog_file = $D/maillog
maillog_file_prefixes = $D
local_header_rewrite_clients =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = permit
%s
C
cat > $D/etc/master.cf <<C
127.0.0.1:%d inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
C
postfix -c $D/etc start >$D/said 2>&1
]]

local function output(command)
  local f <close> = assert(io.popen(command))
  return (f:read "a":gsub("\n$", ""))
end

-- Why it cannot be had: nil if it can.
function kit.missing()
  if not os.execute "PATH=$PATH:/usr/sbin command -v postfix >/dev/null" then return "needs Postfix" end
  if output "id -u" ~= "0" then return "needs root, as Postfix does" end
end

-- Starts one, with further lines of its main.cf. Close it to stop it, and remove its folder.
function kit.start(lines)
  local self = setmetatable({ folder = output "mktemp -d" }, kit)
  self.port = tonumber(output [[python3 -c '
import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])']])
  local path = self.folder .. "/begin"
  do
    local f <close> = assert(io.open(path, "w"))
    f:write(begin:format(self.folder, lines or "", self.port))
  end
  if not os.execute("sh " .. path) then
    local said = output(("cat %s/said %s/maillog 2>/dev/null"):format(self.folder, self.folder))
    self:__close()
    error("Postfix did not start: " .. said, 0)
  end
  return self
end

-- The mails in its maildir, in any order, as they lie there: lines end in LF.
function kit:mails()
  local list = {}
  for name in output(("ls %s/mail/all/new 2>/dev/null"):format(self.folder)):gmatch "[^\n]+" do
    local f <close> = assert(io.open(("%s/mail/all/new/%s"):format(self.folder, name), "rb"))
    list[#list + 1] = f:read "a"
  end
  return list
end

-- How many mails are in its queue.
function kit:queued()
  return tonumber(output(("find %s/spool/incoming %s/spool/active %s/spool/deferred -type f 2>/dev/null | wc -l")
    :format(self.folder, self.folder, self.folder)))
end

function kit:log() return output(("cat %s/maillog"):format(self.folder)) end

function kit:__close()
  os.execute(("PATH=$PATH:/usr/sbin; postfix -c %s/etc stop >/dev/null 2>&1; rm -rf %s")
    :format(self.folder, self.folder))
end

return kit
