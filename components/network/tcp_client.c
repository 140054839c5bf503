/* TCPClient: a connection to a TCP port. */
#include "components/network/client.h"

struct tcp_client {
  struct kam_client client; /* must be first */
  char *host;               /* options */
  int64_t port;
  bool no_delay, keep_alive;
  bool tuned;
};

static int tcp_client_open(struct kam_component *c)
{
  struct tcp_client *t = (struct tcp_client *)c;
  return kam_client_dial_tcp(&t->client, t->host, (int)t->port);
}

static int tcp_client_step(struct kam_component *c)
{
  struct tcp_client *t = (struct tcp_client *)c;
  if (t->client.connected && !t->tuned) {
    t->tuned = true;
    uv_tcp_nodelay(&t->client.s.uv.tcp, t->no_delay);
    uv_tcp_keepalive(&t->client.s.uv.tcp, t->keep_alive, 60);
  }
  return kam_client_step(c);
}

static const struct kam_option_spec options[] = {
    KAM_CLIENT_OPTIONS,
    {.name = "host",
     .doc = "the name or address of the peer",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct tcp_client, host),
     .required = true},
    {.name = "port",
     .doc = "its port",
     .type = KAM_OPTION_INTEGER,
     .offset = offsetof(struct tcp_client, port),
     .required = true,
     .min = 1,
     .max = 65535},
    {.name = "noDelay",
     .doc = "small messages leave at once, and are not gathered by the kernel",
     .type = KAM_OPTION_BOOLEAN,
     .offset = offsetof(struct tcp_client, no_delay),
     .fallback = {.type = KAM_OPTION_BOOLEAN, .b = true}},
    {.name = "keepAlive",
     .doc = "the kernel asks a silent peer after a minute whether it lives",
     .type = KAM_OPTION_BOOLEAN,
     .offset = offsetof(struct tcp_client, keep_alive),
     .fallback = {.type = KAM_OPTION_BOOLEAN, .b = true}},
    {0}};

KAM_COMPONENT(tcp_client) = {
    .name = "TCPClient",
    .family = "network",
    .summary = "Connects to a TCP port, and carries bytes both ways.",
    .doc = "What comes to `inbox` is sent to the peer, and what the peer sends "
           "goes to `outbox`, in any cut; where one side takes no more, the "
           "other waits. When the inbox has ended, the peer is told that no "
           "more will come, and may still answer. A name is looked up off the "
           "loop, and its addresses are tried in turn. A peer that cannot be "
           "reached, or a connection that breaks, fails the component.",
    .ends = "When the peer has said that no more will come, or has closed.",
    .example = "kam.main(function(self)\n"
               "  local server = self:addChildren(kam.TCPServer { "
               "kam.PassThrough, port = 0 })\n"
               "  self:link({ server, \"listening\" }, { self, \"inbox\" })\n"
               "  local at = self:recv()\n"
               "  local got = self:addInbox \"got\"\n"
               "  local client = kam.Pipeline { kam.OneShot \"hello\", "
               "kam.TCPClient { \"localhost\", at.port } }\n"
               "  self:link({ client, \"outbox\" }, { self, got })\n"
               "  self:addChildren(client)\n"
               "  print(self:recv(got))\n"
               "  server:stop()\n"
               "end):run()\n"
               "--> hello\n",
    .first = "host port",
    .inboxes = kam_client_inboxes,
    .outboxes = kam_client_outboxes,
    .options = options,
    .size = sizeof(struct tcp_client),
    .effects = true,
    .ends_early = true,
    .duplex = true,
    .open = tcp_client_open,
    .step = tcp_client_step,
    .close = kam_client_close,
};
