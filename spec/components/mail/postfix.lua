-- postfix: a Postfix of a spec's own: queue, logs and mailboxes in a folder, nothing of the
-- system's. It delivers what is for test.example to FOLDER/mail/all/new, and all else to the
-- relay that it is given.
local place = require "spec.lua.place"

local kit = {}
kit.__index = kit

-- Shell functions; `up PORT` waits until somebody listens there.
kit.shell = [==[
# begin_postfix FOLDER PORT [RELAY_PORT [POLICY_PORT]], with further lines of main.cf in $lines
begin_postfix() {
  local d=$PWD/$1 port=$2 relay=$3 policy=$4 f
  mkdir -p $d/etc $d/spool $d/data $d/mail
  for f in /etc/postfix/postfix-files /etc/postfix/postfix-files.d /etc/postfix/dynamicmaps.cf \
      /etc/postfix/dynamicmaps.cf.d; do
    [ ! -e $f ] || cp -r $f $d/etc/
  done
  chown postfix $d/data; chown nobody $d/mail; chmod 755 $d
  cat > $d/etc/main.cf <<CF
compatibility_level = 3.6
queue_directory = $d/spool
data_directory = $d/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = ${1##*/}.test.example
mydestination =
virtual_mailbox_domains = ${relay:+inner.}test.example
virtual_mailbox_base = $d/mail
virtual_mailbox_maps = static:all/
virtual_transport = virtual
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
relayhost = ${relay:+[127.0.0.1]:$relay}
smtp_host_lookup = native
disable_dns_lookups = yes
smtp_bind_address = 127.0.0.3
minimal_backoff_time = 2s
maximal_backoff_time = 2s
queue_run_delay = 2s
transport_retry_time = 1s
smtp_destination_concurrency_failed_cohort_limit = 0
smtpd_authorized_xclient_hosts = 127.0.0.1
maillog_file = $d/maillog
maillog_file_prefixes = $d
smtpd_relay_restrictions = permit_mynetworks, reject
local_header_rewrite_clients =
smtpd_recipient_restrictions = ${policy:+check_policy_service inet:127.0.0.1:$policy,} permit
$lines
CF
  cat > $d/etc/master.cf <<CF
127.0.0.1:$port inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 2 1 qmgr
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
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
CF
  postfix -c $d/etc start 2> $d.said; up $port
}
stop_postfix() { postfix -c $PWD/$1/etc stop 2>> $PWD/$1.said; }
]==]

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
  local self = setmetatable({ place = output "mktemp -d" }, kit)
  self.folder = self.place .. "/mx"
  self.port = tonumber(output(place.free_port))
  local path = self.place .. "/begin"
  do
    local f <close> = assert(io.open(path, "w"))
    f:write("set -e\nPATH=$PATH:/usr/sbin\nup() { :; }\ncd ", self.place, "\nchmod 755 .\n", kit.shell, "lines='", lines or "",
      "'\nbegin_postfix mx ", self.port, "\n")
  end
  if not os.execute("sh " .. path) then
    local said = output(("cat %s.said %s/maillog 2>/dev/null"):format(self.folder, self.folder))
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
    :format(self.folder, self.place))
end

return kit
