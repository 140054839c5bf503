/* DNSQuery: questions to the DNS, by c-ares, which asks on the loop and needs
 * no thread.
 *
 *     inbox ──> [ question, question, … ] ──> outbox
 *                    │ up to MANY under way; answers go in their order
 *                 c-ares ──sockets──> servers */
#include "components/dns/records.h"
#include "core/alarm.h"
#include "core/feed.h"
#include "core/loop.h"
#include "core/text.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 64, NAME = 255 /* bytes of a name; RFC 1035 */ };

struct question {
  struct question *next;
  struct dns_query *d;
  char name[NAME + 1];
  enum kam_dns_type type;
  uint64_t due;
  struct kam_tape tape; /* the answer */
  bool answered;
  bool asks;    /* c-ares will call back */
  bool dropped; /* and nobody waits for that any more */
};

/* A socket of c-ares; it outlives the component until the loop has let go. */
struct socket {
  uv_poll_t poll; /* must be first */
  struct socket *next;
  struct dns_query *d;
  ares_socket_t fd;
};

struct dns_query {
  struct kam_component comp; /* must be first */
  char **servers;            /* options */
  double timeout;
  ares_channel channel; /* NULL: not made */
  struct socket *sockets;
  struct question *first, **end;
  unsigned count;
};

/* --- sockets --- */

static void on_event(uv_poll_t *poll, int status, int events)
{
  const struct socket *s = (struct socket *)poll;
  struct dns_query *d = s->d;
  bool in = status < 0 || (events & UV_READABLE);
  bool out = status < 0 || (events & UV_WRITABLE);
  ares_process_fd(d->channel, in ? s->fd : ARES_SOCKET_BAD,
                  out ? s->fd : ARES_SOCKET_BAD);
  kam_party_wake(&d->comp.party);
}

static void on_closed(uv_handle_t *handle)
{
  struct socket *s = (struct socket *)handle;
  kam_component_unhold(&s->d->comp);
  free(s);
}

static struct socket *add_socket(struct dns_query *d, ares_socket_t fd)
{
  struct socket *s = calloc(1, sizeof *s);
  if (!s)
    return NULL;
  if (uv_poll_init_socket(kam_uv(&d->comp), &s->poll, fd)) {
    free(s);
    return NULL;
  }
  *s = (struct socket){.poll = s->poll, .next = d->sockets, .d = d, .fd = fd};
  d->sockets = s;
  kam_component_hold(&d->comp);
  return s;
}

static void remove_socket(struct dns_query *d, struct socket *s)
{
  struct socket **at = &d->sockets;
  while (*at != s)
    at = &(*at)->next;
  *at = s->next;
  uv_close((uv_handle_t *)&s->poll, on_closed);
}

/* c-ares says what it waits for; when for nothing, it closes the socket. */
static void on_socket(void *ctx, ares_socket_t fd, int in, int out)
{
  struct dns_query *d = ctx;
  struct socket *s = d->sockets;
  while (s && s->fd != fd)
    s = s->next;
  if (!in && !out) {
    if (s)
      remove_socket(d, s);
    return;
  }
  if (!s)
    s = add_socket(d, fd);
  if (s) /* without memory it is as if no answer came */
    uv_poll_start(&s->poll, (in ? UV_READABLE : 0) | (out ? UV_WRITABLE : 0),
                  on_event);
}

/* --- answers --- */

static void begin_answer(struct question *q)
{
  struct kam_tape *t = &q->tape;
  kam_tape_clear(t);
  kam_tape_table(t);
  kam_tape_text(t, "name");
  kam_tape_text(t, q->name);
  kam_tape_text(t, "type");
  kam_tape_text(t, kam_dns_type_name(q->type));
  kam_tape_text(t, "records");
  q->answered = true;
}

static void answer_error(struct question *q, const char *why, bool missing)
{
  struct kam_tape *t = &q->tape;
  begin_answer(q);
  kam_tape_list(t);
  kam_tape_end(t);
  kam_tape_text(t, "error");
  kam_tape_text(t, why);
  kam_tape_text(t, "missing");
  kam_tape_bool(t, missing);
  kam_tape_end(t);
}

static void answer_status(struct question *q, int status)
{
  if (status == ARES_ENOTFOUND)
    answer_error(q, "there is no such name", true);
  else if (status == ARES_ENODATA)
    answer_error(q, "the name has no record of this type", true);
  else if (status == ARES_ETIMEOUT)
    answer_error(q, "no server has answered in time", false);
  else if (status == ARES_ECONNREFUSED)
    answer_error(q, "no server can be reached", false);
  else
    answer_error(q, ares_strerror(status), false);
}

static void answer_reply(struct question *q, const unsigned char *reply,
                         int len)
{
  int status;
  begin_answer(q);
  status = kam_dns_records(q->type, reply, len, &q->tape);
  if (status)
    answer_status(q, status);
  else
    kam_tape_end(&q->tape);
}

static void free_question(struct question *q)
{
  kam_tape_fini(&q->tape);
  free(q);
}

static void on_reply(void *ctx, int status, int timeouts, unsigned char *reply,
                     int len)
{
  struct question *q = ctx;
  (void)timeouts;
  q->asks = false;
  if (q->dropped) {
    free_question(q);
    return;
  }
  if (q->answered)
    return;
  if (status)
    answer_status(q, status);
  else
    answer_reply(q, reply, len);
}

/* --- questions --- */

static bool is(const struct kam_tape_item *item, const char *text)
{
  return item->type == KAM_TAPE_BYTES && item->len == strlen(text) &&
         memcmp(item->bytes, text, item->len) == 0;
}

static bool read_name(struct question *q, const struct kam_tape_item *item)
{
  if (item->type != KAM_TAPE_BYTES || item->len > NAME ||
      memchr(item->bytes, '\0', item->len))
    return false;
  memcpy(q->name, item->bytes, item->len);
  q->name[item->len] = '\0';
  return true;
}

/* { name =, type = }, or a name alone, whose addresses are wanted. */
static bool read_question(struct question *q, const struct kam_tape *t)
{
  struct kam_tape_item key, value;
  size_t at = 0;
  bool ok = false;
  kam_tape_next(t, &at, &key);
  if (key.type == KAM_TAPE_BYTES)
    return read_name(q, &key);
  if (key.type != KAM_TAPE_TABLE)
    return false;
  while (kam_tape_next(t, &at, &key) && key.type != KAM_TAPE_END) {
    size_t begin = at;
    kam_tape_next(t, &at, &value);
    if (is(&key, "name"))
      ok = read_name(q, &value);
    else if (is(&key, "type") && value.type == KAM_TAPE_BYTES)
      q->type = kam_dns_type_of(value.bytes, value.len);
    else if (is(&key, "type"))
      q->type = KAM_DNS_TYPES;
    at = begin;
    kam_tape_skip(t, &at);
  }
  return ok && q->type != KAM_DNS_TYPES;
}

static void ask(struct dns_query *d, struct question *q)
{
  char reversed[NAME + 1];
  const char *name = q->name;
  if (q->type == KAM_DNS_PTR &&
      kam_dns_reverse(name, reversed, sizeof reversed))
    name = reversed;
  q->due = kam_now(&d->comp) + (uint64_t)(d->timeout * 1e9);
  q->asks = true;
  ares_query(d->channel, name, ns_c_in, kam_dns_type_number(q->type), on_reply,
             q);
}

static int take_question(struct dns_query *d, struct kam_msg m)
{
  const struct kam_host *host = &d->comp.party.world->host;
  struct question *q = calloc(1, sizeof *q);
  struct kam_tape t;
  bool ok;
  kam_tape_init(&t);
  ok = q && !kam_tape_of(host, m, &t) && read_question(q, &t);
  kam_tape_fini(&t);
  kam_msg_drop(host, m);
  if (!ok) {
    free(q);
    return q ? kam_failf(&d->comp,
                         "a question is a name of at most %d bytes, or { name "
                         "=, type = \"A\", \"AAAA\", \"MX\", \"NS\", \"PTR\", "
                         "\"SRV\" or \"TXT\" }",
                         NAME)
             : KAM_ENOMEM;
  }
  q->d = d;
  kam_tape_init(&q->tape);
  *d->end = q;
  d->end = &q->next;
  d->count++;
  ask(d, q);
  return 0;
}

static void let_go(struct question *q)
{
  q->dropped = q->asks; /* then it is freed when c-ares calls */
  if (!q->asks)
    free_question(q);
}

static int send_first(struct dns_query *d)
{
  struct question *q = d->first;
  struct kam_component *c = &d->comp;
  struct kam_msg m;
  int err = kam_tape_msg(&c->party.world->host, kam_mem_of(c), &q->tape, &m);
  d->first = q->next;
  if (!d->first)
    d->end = &d->first;
  d->count--;
  let_go(q);
  return err ? err : kam_send(c, KAM_OUTBOX, m);
}

/* --- time --- */

static void expire(struct dns_query *d)
{
  uint64_t now = kam_now(&d->comp);
  struct question *q;
  for (q = d->first; q; q = q->next)
    if (!q->answered && now >= q->due)
      answer_status(q, ARES_ETIMEOUT);
}

/* Wakes it when c-ares wants to ask again, or a question is overdue. */
static int set_alarm(struct dns_query *d)
{
  struct timeval most = {.tv_sec = INT_MAX}, room;
  const struct timeval *left = ares_timeout(d->channel, &most, &room);
  uint64_t now = kam_now(&d->comp), at;
  const struct question *q;
  at = now + (uint64_t)left->tv_sec * 1000000000u +
       (uint64_t)left->tv_usec * 1000u;
  for (q = d->first; q; q = q->next)
    if (!q->answered && q->due < at)
      at = q->due;
  return d->first ? kam_alarm_set(&d->comp, at) : 0;
}

/* --- */

static int dns_query_step(struct kam_component *c)
{
  struct dns_query *d = (struct dns_query *)c;
  struct kam_msg m;
  int r;
  if (c->party.told == KAM_SHUTDOWN)
    return KAM_DONE;
  if (kam_alarm_rang(c)) {
    kam_alarm_clear(c);
    ares_process_fd(d->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    expire(d);
  }
  if (d->first && d->first->answered) {
    r = send_first(d);
    return r < 0 ? r : r == KAM_WAIT ? KAM_BLOCKED : KAM_AGAIN;
  }
  if (d->count < MANY && kam_take(c, KAM_INBOX, &m)) {
    r = take_question(d, m);
    return r ? r : KAM_AGAIN;
  }
  if (!d->first && kam_over(c, KAM_INBOX))
    return KAM_DONE;
  return set_alarm(d) ? KAM_ENOMEM : KAM_PAUSE;
}

static int use_servers(struct dns_query *d)
{
  struct kam_text list;
  int i, status;
  if (!d->servers || !d->servers[0])
    return 0;
  kam_text_init(&list, kam_mem_of(&d->comp));
  for (i = 0; d->servers[i]; i++) {
    kam_text_puts(&list, i ? "," : "");
    kam_text_puts(&list, d->servers[i]);
  }
  kam_text_put(&list, "", 1);
  status = list.failed ? ARES_ENOMEM
                       : ares_set_servers_ports_csv(d->channel, list.s);
  kam_text_fini(&list);
  return status;
}

static int dns_query_open(struct kam_component *c)
{
  struct dns_query *d = (struct dns_query *)c;
  struct ares_options options = {.sock_state_cb = on_socket,
                                 .sock_state_cb_data = d,
                                 .timeout = (int)(d->timeout * 1000 / 3) + 1,
                                 .tries = 2};
  int status;
  d->end = &d->first;
  status = ares_library_init(ARES_LIB_INIT_ALL);
  status = status ? status
                  : ares_init_options(&d->channel, &options,
                                      ARES_OPT_SOCK_STATE_CB |
                                          ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
  if (status) {
    d->channel = NULL;
    return kam_failf(c, "the DNS cannot be asked: %s", ares_strerror(status));
  }
  status = use_servers(d);
  return status ? kam_failf(c,
                            "servers: %s; one is an address, as \"192.0.2.1\" "
                            "or \"192.0.2.1:5353\"",
                            ares_strerror(status))
                : 0;
}

static void dns_query_close(struct kam_component *c)
{
  struct dns_query *d = (struct dns_query *)c;
  struct question *q, *next;
  for (q = d->first; q; q = next) {
    next = q->next;
    let_go(q);
  }
  d->first = NULL;
  if (d->channel)
    ares_destroy(d->channel); /* calls back for all that is under way */
  ares_library_cleanup();
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "names, or { name =, type = }"}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "{ name =, type =, records = }, and if there are none error =, and "
            "missing = true if there is no such name or record",
     .kinds = KAM_TABLE},
    {0}};

static const struct kam_option_spec options[] = {
    {.name = "timeout",
     .doc = "seconds in which there is an answer",
     .type = KAM_OPTION_NUMBER,
     .offset = offsetof(struct dns_query, timeout),
     .fallback = {.type = KAM_OPTION_NUMBER, .n = 5},
     .min = 0.001,
     .max = 600},
    KAM_LIST(struct dns_query, servers,
             "addresses of servers, with :port if need be; none: the system's"),
    {0}};

KAM_COMPONENT(dns_query) = {
    .name = "DNSQuery",
    .family = "dns",
    .summary =
        "Asks the DNS: addresses of names, names of addresses, and more.",
    .doc = "A question is { name =, type = }, or a name, which means type A. "
           "`records` of the answer are texts: addresses (A, AAAA), names (NS, "
           "PTR; its question may be an address), texts (TXT); or { host =, "
           "priority = }, the first one first (MX); or { host =, port =, "
           "priority =, weight = } (SRV). Answers come in the order of the "
           "questions, of which 64 may be under way. Where there are no "
           "records, `error` says why. Nothing else waits meanwhile. It asks "
           "servers only: what /etc/hosts has, NameResolver finds.",
    .ends = "When its inbox has ended and all is answered, or when told.",
    .example = "kam.Pipeline { kam.OneShot { { name = \"mail.example\", type = "
               "\"MX\" } },\n"
               "  kam.DNSQuery { servers = { \"127.0.0.1:1\" } },\n"
               "  kam.each(function(m) print(m.name, #m.records, m.error) end) "
               "}:run()\n"
               "--> mail.example\t0\tno server can be reached\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct dns_query),
    .answers = true,
    .open = dns_query_open,
    .step = dns_query_step,
    .close = dns_query_close,
};
