/* UnixServer: a handler for each connection to a Unix socket. */
#include "components/network/server.h"

#include "core/tape.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct unix_server {
  struct kam_server server; /* must be first */
  char *path;               /* option */
};

/* Is there a socket at path that nobody listens on any more? */
static bool is_left_over(const char *path)
{
  struct sockaddr_un a = {.sun_family = AF_UNIX};
  struct stat st;
  size_t i;
  int fd, r;
  if (lstat(path, &st) || !S_ISSOCK(st.st_mode))
    return false;
  fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  for (i = 0; path[i] && i < sizeof a.sun_path - 1; i++)
    a.sun_path[i] = path[i];
  r = fd < 0 ? 0 : connect(fd, (struct sockaddr *)&a, sizeof a);
  if (fd >= 0)
    close(fd);
  return r != 0;
}

static int unix_server_open(struct kam_component *c)
{
  struct unix_server *u = (struct unix_server *)c;
  int err;
  kam_listener_init(&u->server.listener);
  if (is_left_over(u->path))
    unlink(u->path);
  err = kam_listener_bind_path(&u->server.listener, u->path,
                               (int)u->server.backlog);
  if (!err)
    err = kam_server_start(&u->server);
  return err ? kam_server_cannot(&u->server, u->path, err) : 0;
}

static void describe(struct kam_server *sv, struct kam_tape *t)
{
  kam_tape_text(t, "path");
  kam_tape_text(t, ((struct unix_server *)sv)->path);
}

static int unix_server_step(struct kam_component *c)
{
  return kam_server_step(c, describe);
}

static const struct kam_option_spec options[] = {
    KAM_SERVER_OPTIONS(struct kam_server),
    {.name = "path",
     .doc = "the socket, which is made; one that is left over is replaced",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct unix_server, path),
     .required = true},
    {0}};

KAM_COMPONENT(unix_server) = {
    .name = "UnixServer",
    .family = "network",
    .summary = "Listens on a Unix socket, and makes a handler for each peer.",
    .doc = "As TCPServer, for programs on the same machine. The socket is a "
           "file, whose folder says who may reach it; it is taken away at the "
           "end, and one that another server left behind is replaced. A path "
           "may have at most 107 bytes.",
    .ends = "When it is told; connections may end what they do.",
    .example =
        "local path = os.tmpname()\n"
        "os.remove(path)\n"
        "kam.main(function(self)\n"
        "  local server = self:addChildren(kam.UnixServer { kam.PassThrough, "
        "path = path })\n"
        "  self:link({ server, \"listening\" }, { self, \"inbox\" })\n"
        "  self:recv()\n"
        "  kam.Pipeline { kam.OneShot \"hello\\n\", kam.UnixClient(path),\n"
        "    kam.ConsoleEchoer { eol = \"\" } }:activate()\n"
        "  self:sleep(0.2)\n"
        "  server:stop()\n"
        "end):run()\n"
        "--> hello\n",
    .first = "protocol",
    .inboxes = kam_server_inboxes,
    .outboxes = kam_server_outboxes,
    .options = options,
    .size = sizeof(struct unix_server),
    .effects = true,
    .separate = true,
    .drains = true,
    .open = unix_server_open,
    .step = unix_server_step,
    .close = kam_server_close,
};
