-- postfix: shell functions for a Postfix of a spec's own: queue, logs and mailboxes in a folder,
-- nothing of the system's. It delivers what is for test.example to FOLDER/mail/all/new, and all
-- else to the relay that it is given.
return [==[
# begin_postfix FOLDER PORT [RELAY_PORT [POLICY_PORT]]
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
smtpd_recipient_restrictions = ${policy:+check_policy_service inet:127.0.0.1:$policy,} permit
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
