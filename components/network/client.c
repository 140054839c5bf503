/* client: looking up, connecting, and the end of both directions. */
#include "components/network/client.h"

#include "core/alarm.h"

#include <stdio.h>
#include <string.h>
#include <sys/un.h>

/* What is needed until a peer has answered. */
struct kam_dial {
  struct kam_client *cl;
  uv_getaddrinfo_t lookup;
  uv_connect_t req;
  struct addrinfo *all, *next;
};

const struct kam_box_spec kam_client_inboxes[] = {
    {.name = "inbox",
     .doc = "bytes for the peer",
     .kinds = KAM_BYTES | KAM_LINE},
    {0}};
const struct kam_box_spec kam_client_outboxes[] = {
    {.name = "outbox",
     .doc = "bytes from the peer, in any cut",
     .kinds = KAM_BYTES},
    {0}};

static int new_dial(struct kam_client *cl, const char *what)
{
  struct kam_mem *mem = kam_mem_of(&cl->comp);
  struct kam_dial *d = kam_mem_zalloc(mem, sizeof *d);
  cl->what = kam_mem_strdup(mem, what);
  if (!d || !cl->what) {
    kam_mem_free(mem, d, d ? sizeof *d : 0);
    return KAM_ENOMEM;
  }
  d->cl = cl;
  cl->dial = d;
  kam_component_hold(&cl->comp);
  return 0;
}

/* There is a connection, or will be none. */
static void done(struct kam_dial *d, int err)
{
  struct kam_client *cl = d->cl;
  cl->error = err;
  cl->connected = err == 0;
  cl->dial = NULL;
  uv_freeaddrinfo(d->all);
  kam_mem_free(kam_mem_of(&cl->comp), d, sizeof *d);
  if (cl->comp.state < KAM_ENDED)
    kam_party_wake(&cl->comp.party);
  kam_component_unhold(&cl->comp);
}

/* --- TCP --- */

static void try_next(struct kam_stream *s);

static void on_connected(uv_connect_t *req, int status)
{
  struct kam_dial *d = req->data;
  struct kam_client *cl = d->cl;
  if (status == 0 || !d->next || status == UV_ECANCELED) {
    done(d, status);
    return;
  }
  cl->error = status;
  cl->s.closed = try_next; /* another address needs another socket */
  kam_stream_close(&cl->s);
}

/* Connects to the next address: 0 or libuv's error. */
static int connect_next(struct kam_client *cl)
{
  struct kam_dial *d = cl->dial;
  const struct addrinfo *a = d->next;
  if (kam_stream_init_tcp(&cl->s, &cl->comp))
    return UV_ENOMEM;
  d->next = a->ai_next;
  d->req.data = d;
  return uv_tcp_connect(&d->req, &cl->s.uv.tcp, a->ai_addr, on_connected);
}

static void try_next(struct kam_stream *s)
{
  struct kam_client *cl = (struct kam_client *)s->c;
  int err = cl->comp.state == KAM_ACTIVE ? connect_next(cl) : UV_ECANCELED;
  if (err)
    done(cl->dial, err);
}

static void on_found(uv_getaddrinfo_t *req, int status, struct addrinfo *all)
{
  struct kam_dial *d = req->data;
  struct kam_client *cl = d->cl;
  d->all = d->next = all;
  if (!status)
    status = cl->comp.state == KAM_ACTIVE ? connect_next(cl) : UV_ECANCELED;
  if (status)
    done(d, status);
}

/* An address is found here; a name is looked up beside the loop. */
static int look_up(struct kam_client *cl, const char *host, const char *service)
{
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                           .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
  struct kam_dial *d = cl->dial;
  d->lookup.data = d;
  if (getaddrinfo(host, service, &hints, &d->all) == 0) {
    d->next = d->all;
    return connect_next(cl);
  }
  d->all = NULL;
  hints.ai_flags = 0;
  return uv_getaddrinfo(kam_uv(&cl->comp), &d->lookup, on_found, host, service,
                        &hints);
}

int kam_client_dial_tcp(struct kam_client *cl, const char *host, int port)
{
  char what[300], service[8];
  int err;
  snprintf(what, sizeof what, strchr(host, ':') ? "[%s]:%d" : "%s:%d", host,
           port);
  snprintf(service, sizeof service, "%d", port);
  err = new_dial(cl, what);
  if (err)
    return err;
  err = look_up(cl, host, service);
  if (err)
    done(cl->dial, err);
  return kam_alarm_after(&cl->comp, (uint64_t)(cl->timeout * 1e9));
}

/* --- Unix sockets --- */

int kam_client_dial_pipe(struct kam_client *cl, const char *path)
{
  struct sockaddr_un room;
  int err = new_dial(cl, path);
  if (!err)
    err = kam_stream_init_pipe(&cl->s, &cl->comp);
  if (err)
    return err;
  cl->dial->req.data = cl->dial;
  if (strlen(path) >= sizeof room.sun_path) /* libuv would cut it off */
    done(cl->dial, UV_ENAMETOOLONG);
  else
    uv_pipe_connect(&cl->dial->req, &cl->s.uv.pipe, path, on_connected);
  return kam_alarm_after(&cl->comp, (uint64_t)(cl->timeout * 1e9));
}

/* --- working --- */

static int fail(struct kam_client *cl, const char *code, const char *what,
                const char *why)
{
  char text[600];
  snprintf(text, sizeof text, "error[%s]: %s %.300s: %s", code, what, cl->what,
           why);
  kam_component_fail(&cl->comp, text);
  return KAM_EFAILED;
}

static int dial_step(struct kam_client *cl)
{
  char why[64];
  if (cl->dial && !kam_alarm_rang(&cl->comp))
    return KAM_BLOCKED;
  if (!cl->dial)
    return fail(cl, "E0671", "cannot connect to", uv_strerror(cl->error));
  snprintf(why, sizeof why, "no answer in %.14g seconds", cl->timeout);
  return fail(cl, "E0671", "cannot connect to", why);
}

/* Will nothing more come to be sent? What nothing feeds is not waited for. */
static bool is_silent(const struct kam_client *cl)
{
  const struct kam_component *c = &cl->comp;
  bool fed = c->party.in[KAM_INBOX].port.flags & KAM_PORT_FED;
  return (fed || c->party.told) && kam_over(c, KAM_INBOX);
}

static int talk(struct kam_client *cl)
{
  bool more;
  int err = kam_stream_read(&cl->s);
  if (err)
    return err;
  more = kam_stream_write(&cl->s);
  if (cl->s.error)
    return fail(cl, "E0673", "the connection to", uv_strerror(cl->s.error));
  if (more)
    return KAM_AGAIN;
  if (!cl->s.write && is_silent(cl)) {
    if (!(cl->comp.party.in[KAM_INBOX].port.flags & KAM_PORT_FED))
      return KAM_DONE;
    kam_stream_shut(&cl->s);
  }
  if (cl->s.over && !cl->s.chunk && !kam_is_held(&cl->comp) && !cl->s.write &&
      (!cl->half_open || cl->s.shut))
    return KAM_DONE;
  return KAM_PAUSE;
}

int kam_client_step(struct kam_component *c)
{
  struct kam_client *cl = (struct kam_client *)c;
  if (c->party.told == KAM_SHUTDOWN)
    return KAM_DONE;
  if (!cl->connected)
    return dial_step(cl);
  if (kam_alarm_armed(c))
    kam_alarm_clear(c);
  return talk(cl);
}

void kam_client_close(struct kam_component *c)
{
  struct kam_client *cl = (struct kam_client *)c;
  if (cl->dial)
    uv_cancel((uv_req_t *)&cl->dial->lookup); /* refused once it is over */
  kam_stream_close(&cl->s);
  if (cl->what)
    kam_mem_strfree(kam_mem_of(c), cl->what);
  cl->what = NULL;
}
