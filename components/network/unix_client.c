/* UnixClient: a connection to a Unix socket. */
#include "components/network/client.h"

struct unix_client {
  struct kam_client client; /* must be first */
  char *path;               /* option */
};

static int unix_client_open(struct kam_component *c)
{
  struct unix_client *u = (struct unix_client *)c;
  return kam_client_dial_pipe(&u->client, u->path);
}

static const struct kam_option_spec options[] = {
    KAM_CLIENT_OPTIONS,
    {.name = "path",
     .doc = "the socket",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct unix_client, path),
     .required = true},
    {0}};

KAM_COMPONENT(unix_client) = {
    .name = "UnixClient",
    .family = "network",
    .summary = "Connects to a Unix socket, and carries bytes both ways.",
    .doc = "As TCPClient, for programs on the same machine.",
    .ends = "When the peer has said that no more will come, or has closed.",
    .example = "local path = os.tmpname()\n"
               "os.remove(path)\n"
               "kam.main(function(self)\n"
               "  local server = self:addChildren(kam.UnixServer { "
               "kam.PassThrough, path = path })\n"
               "  self:link({ server, \"listening\" }, { self, \"inbox\" })\n"
               "  self:recv()\n"
               "  local got = self:addInbox \"got\"\n"
               "  local client = kam.Pipeline { kam.OneShot \"hello\", "
               "kam.UnixClient(path) }\n"
               "  self:link({ client, \"outbox\" }, { self, got })\n"
               "  self:addChildren(client)\n"
               "  print(self:recv(got))\n"
               "  server:stop()\n"
               "end):run()\n"
               "--> hello\n",
    .first = "path",
    .inboxes = kam_client_inboxes,
    .outboxes = kam_client_outboxes,
    .options = options,
    .size = sizeof(struct unix_client),
    .effects = true,
    .ends_early = true,
    .duplex = true,
    .open = unix_client_open,
    .step = kam_client_step,
    .close = kam_client_close,
};
