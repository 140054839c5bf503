/* NameResolver: the addresses of names, looked up off the loop. */
#include "components/network/server.h"
#include "core/feed.h"

#include <string.h>

enum { NAME = 255 /* bytes; RFC 1035 */ };

struct name_resolver {
  struct kam_component comp; /* must be first */
  uv_getaddrinfo_t req;
  char name[NAME + 1];
  struct kam_tape tape; /* the answer */
  bool looks_up, found;
};

static void write_answer(struct name_resolver *n, int status,
                         const struct addrinfo *all)
{
  struct kam_tape *t = &n->tape;
  const struct addrinfo *a;
  char text[64];
  int port;
  kam_tape_clear(t);
  kam_tape_table(t);
  kam_tape_text(t, "name");
  kam_tape_text(t, n->name);
  if (status) {
    kam_tape_text(t, "error");
    kam_tape_text(t, uv_strerror(status));
  }
  kam_tape_text(t, "addresses");
  kam_tape_list(t);
  for (a = all; a; a = a->ai_next) {
    kam_address_text(a->ai_addr, text, sizeof text, &port);
    kam_tape_text(t, text);
  }
  kam_tape_end(t);
  kam_tape_end(t);
}

static void on_found(uv_getaddrinfo_t *req, int status, struct addrinfo *all)
{
  struct name_resolver *n = req->data;
  n->looks_up = false;
  if (n->comp.state < KAM_ENDED) {
    write_answer(n, status, all);
    n->found = true;
    kam_party_wake(&n->comp.party);
  }
  uv_freeaddrinfo(all);
  kam_component_unhold(&n->comp);
}

static int look_up(struct name_resolver *n, struct kam_msg m)
{
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
  const struct kam_host *host = &n->comp.party.world->host;
  size_t len;
  const char *name = kam_msg_view(host, m, &len);
  bool fits = name && len <= NAME && !memchr(name, '\0', len);
  int err;
  if (fits) {
    memcpy(n->name, name, len);
    n->name[len] = '\0';
  }
  kam_msg_drop(host, m);
  if (!fits)
    return kam_failf(&n->comp, "a name is a string of at most %d bytes", NAME);
  n->req.data = n;
  err = uv_getaddrinfo(kam_uv(&n->comp), &n->req, on_found, n->name, NULL,
                       &hints);
  if (err) { /* it is none, as the empty one is */
    write_answer(n, err, NULL);
    n->found = true;
    return 0;
  }
  n->looks_up = true;
  kam_component_hold(&n->comp);
  return 0;
}

static int name_resolver_step(struct kam_component *c)
{
  struct name_resolver *n = (struct name_resolver *)c;
  struct kam_msg m;
  int r;
  if (c->party.told == KAM_SHUTDOWN)
    return KAM_DONE;
  if (n->looks_up)
    return KAM_BLOCKED;
  if (n->found) {
    n->found = false;
    r = kam_tape_msg(&c->party.world->host, kam_mem_of(c), &n->tape, &m);
    r = r ? r : kam_send(c, KAM_OUTBOX, m);
    return r < 0 ? r : r == KAM_WAIT ? KAM_BLOCKED : KAM_AGAIN;
  }
  if (!kam_take(c, KAM_INBOX, &m))
    return kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
  r = look_up(n, m);
  return r ? r : n->found ? KAM_AGAIN : KAM_BLOCKED;
}

static int name_resolver_open(struct kam_component *c)
{
  kam_tape_init(&((struct name_resolver *)c)->tape);
  return 0;
}

static void name_resolver_close(struct kam_component *c)
{
  struct name_resolver *n = (struct name_resolver *)c;
  if (n->looks_up)
    uv_cancel((uv_req_t *)&n->req);
  kam_tape_fini(&n->tape);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "names of hosts", .kinds = KAM_BYTES | KAM_LINE},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "{ name =, addresses = }, and if there are none error =",
     .kinds = KAM_TABLE},
    {0}};

KAM_COMPONENT(name_resolver) = {
    .name = "NameResolver",
    .family = "network",
    .summary = "Looks up the addresses of names.",
    .doc = "One after the other, as the system is set up to: in the DNS, in "
           "/etc/hosts. Nothing else waits meanwhile. An unknown name has an "
           "empty list of addresses, and `error` says why.",
    .ends = "When its inbox has ended and all is answered, or when told.",
    .example = "kam.Pipeline { kam.OneShot \"127.0.0.1\", kam.NameResolver(),\n"
               "  kam.each(function(m) print(m.name, m.addresses[1]) end) "
               "}:run()\n"
               "--> 127.0.0.1\t127.0.0.1\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .size = sizeof(struct name_resolver),
    .answers = true,
    .open = name_resolver_open,
    .step = name_resolver_step,
    .close = name_resolver_close,
};
