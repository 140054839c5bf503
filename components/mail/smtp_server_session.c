/* SMTPServerSession: the server's side of one SMTP connection.
 *
 *     bytes ──inbox──> READS ──request──>  a handler
 *     bytes <──outbox── SAYS <───reply────
 *
 * The two ways do not wait for each other (lanes). One request is with the
 * handler at a time; what the peer sends meanwhile waits. */
#include "components/mail/proxy_header.h"
#include "components/mail/smtp_talk.h"
#include "core/alarm.h"
#include "core/link.h"

#include <stdio.h>
#include <string.h>

enum { BATCH = 16, UNSENT = 64 << 10 /* bytes, after which nothing is read */ };

/* --- what comes from the peer --- */

/* The next of what it sends; false: there is none now. */
static bool fetch(struct kam_smtp_talk *s)
{
  struct kam_feed *f = &s->feed;
  uint64_t now = kam_now(&s->comp);
  while (f->at == f->len) {
    kam_feed_fini(&s->comp, f);
    if (!kam_take(&s->comp, KAM_INBOX, &f->msg))
      return false;
    f->data = kam_msg_view(kam_smtp_host(s), f->msg, &f->len);
    f->at = 0;
    if (!f->data)
      break;
  }
  if (s->since) {
    s->waited += now - s->since;
    s->waited_in_all += now - s->since;
    s->since = 0;
  }
  return true;
}

/* Is there more than what has been read? */
static bool has_more(const struct kam_smtp_talk *s)
{
  const struct kam_inbox *b = &s->comp.party.in[KAM_INBOX];
  return s->feed.at < s->feed.len || b->put != b->taken || b->first;
}

/* Bytes that no line may have: NULL, or the reply. */
static const char *check_line(const char *line, size_t len)
{
  if (memchr(line, '\0', len))
    return "500 5.5.2 NUL is not taken";
  if (memchr(line, '\r', len))
    return "500 5.5.2 A CR stands only before an LF";
  return NULL;
}

static void refuse_line(struct kam_smtp_talk *s, const char *reply)
{
  kam_smtp_leave(s, reply);
  kam_text_fini(&s->in);
}

/* A whole line, with its LF. */
static int take_line(struct kam_smtp_talk *s, const char *line, size_t len)
{
  bool crlf = len >= 2 && line[len - 2] == '\r';
  bool repairs = strcmp(s->bare, "repair") == 0;
  const char *why;
  int err;
  len -= crlf ? 2 : 1;
  why = check_line(line, len);
  if (!crlf && !repairs)
    why = "500 5.5.2 A line ends in CR LF";
  if (why) {
    refuse_line(s, why);
    return 0;
  }
  err = kam_smtp_command(s, line, len, has_more(s));
  kam_text_fini(&s->in);
  return err;
}

/* As much of a command as is here. */
static int read_line(struct kam_smtp_talk *s)
{
  struct kam_feed *f = &s->feed;
  const char *at = (const char *)f->data + f->at;
  const char *lf = memchr(at, '\n', f->len - f->at);
  size_t n = lf ? (size_t)(lf + 1 - at) : f->len - f->at;
  size_t most =
      (size_t)(s->line > s->parameter_line ? s->line : s->parameter_line);
  f->at += n;
  if (s->in.len + n > most) {
    refuse_line(s, "500 5.5.2 The line is too long");
    return 0;
  }
  if (lf && s->in.len == 0)
    return take_line(s, at, n);
  kam_text_put(&s->in, at, n);
  if (s->in.failed)
    return KAM_ENOMEM;
  return lf ? take_line(s, s->in.s, s->in.len) : 0;
}

/* --- a mail --- */

/* What is wrong with the mail so far, or NULL. */
static const char *check_mail(const struct kam_smtp_talk *s)
{
  uint64_t size = s->reader.size;
  if (size > (uint64_t)s->size || (s->size_offered && size > s->size_offered))
    return "552 5.3.4 The mail is too large";
  if (s->header.bytes > (uint64_t)s->header_size)
    return "552 5.3.4 The header of the mail is too large";
  if (s->header.hops > s->hops)
    return "554 5.4.6 The mail came through too many servers: a loop";
  return NULL;
}

static const char *why_bare(enum kam_smtp_read is)
{
  return is == KAM_SMTP_BARE_CR   ? "554 5.6.0 A CR stands only before an LF"
         : is == KAM_SMTP_BARE_LF ? "554 5.6.0 A line ends in CR LF"
         : is == KAM_SMTP_NUL     ? "554 5.6.0 NUL is not taken"
                                  : "554 5.6.0 A line of the mail is too long";
}

/* The mail is refused; what is left of it is read, if its end can be trusted,
 * as the peer hears no reply before that. */
static int refuse_mail(struct kam_smtp_talk *s, const char *reply, bool skips)
{
  if (skips) {
    s->phase = KAM_SMTP_SKIPS;
    s->refusal = reply;
  } else
    kam_smtp_leave(s, reply);
  return kam_smtp_abort(s, reply + 4);
}

/* Gathers what of the mail is in hand: into *m, if it is one part of that, or
 * else behind what is in text. */
static enum kam_smtp_read gather(struct kam_smtp_talk *s, struct kam_msg *m,
                                 struct kam_text *text)
{
  struct kam_feed *f = &s->feed;
  struct kam_bytes *all = kam_msg_get_bytes(f->msg), *part;
  enum kam_smtp_read is = KAM_SMTP_MORE;
  const char *first = NULL, *piece;
  size_t first_n = 0, used, n;
  while (f->at < f->len && (is == KAM_SMTP_MORE || is == KAM_SMTP_PIECE)) {
    is = kam_smtp_read(&s->reader, (const char *)f->data + f->at,
                       f->len - f->at, &used, &piece, &n);
    f->at += used;
    if (is != KAM_SMTP_PIECE)
      continue;
    kam_smtp_header_read(&s->header, piece, n);
    if (first)
      kam_text_put(text, first, first_n);
    else if (text->len == 0) {
      first = piece;
      first_n = n;
      continue;
    }
    first = NULL;
    kam_text_put(text, piece, n);
  }
  part = NULL;
  if (first && all && (const unsigned char *)first >= f->data &&
      (const unsigned char *)first < f->data + f->len)
    part = kam_bytes_slice(
        all, (size_t)((const unsigned char *)first - f->data), first_n);
  if (part)
    *m = kam_msg_bytes(part);
  else if (first)
    kam_text_put(text, first, first_n);
  return is;
}

/* What was gathered goes to the handler: 0 or KAM_ENOMEM. */
static int pass_on(struct kam_smtp_talk *s, struct kam_msg m,
                   struct kam_text *text)
{
  struct kam_bytes *b = NULL;
  bool some = text->len > 0;
  if (some && !text->failed)
    b = kam_bytes_copy(kam_mem_of(&s->comp), text->s, text->len);
  if (text->failed || (some && !b))
    return KAM_ENOMEM;
  s->lanes.m[1] = b ? kam_msg_bytes(b) : m;
  return 0;
}

static int read_mail(struct kam_smtp_talk *s)
{
  struct kam_text text;
  struct kam_msg m = {0};
  enum kam_smtp_read is;
  const char *why;
  int err;
  kam_text_init(&text, kam_mem_of(&s->comp));
  is = gather(s, &m, &text);
  why = check_mail(s);
  if (is > KAM_SMTP_END)
    err = refuse_mail(s, why_bare(is), false);
  else if (why && is == KAM_SMTP_END) {
    kam_smtp_fault(s, why);
    if (s->phase == KAM_SMTP_READS)
      s->phase = KAM_SMTP_TALKS;
    s->waited = 0;
    err = kam_smtp_abort(s, why + 4);
  } else if (why)
    err = refuse_mail(s, why, true);
  else {
    err = pass_on(s, m, &text);
    m = (struct kam_msg){0};
    if (!err && is == KAM_SMTP_END)
      s->phase = KAM_SMTP_ENDS;
  }
  kam_msg_drop(kam_smtp_host(s), m);
  kam_text_fini(&text);
  return err;
}

/* What is left of a mail that is refused. */
static int skip_mail(struct kam_smtp_talk *s)
{
  struct kam_feed *f = &s->feed;
  const char *piece;
  size_t used, n;
  enum kam_smtp_read is =
      kam_smtp_read(&s->reader, (const char *)f->data + f->at, f->len - f->at,
                    &used, &piece, &n);
  f->at += used;
  if (is < KAM_SMTP_END)
    return 0;
  s->phase = KAM_SMTP_TALKS;
  s->waited = 0;
  kam_smtp_fault(s, s->refusal);
  if (is > KAM_SMTP_END)
    s->phase = KAM_SMTP_LEAVES;
  return 0;
}

/* --- before it all --- */

static int set_peer(struct kam_smtp_talk *s, const struct kam_proxy_header *h)
{
  struct kam_mem *mem = kam_mem_of(&s->comp);
  char *peer, *local;
  if (!*h->from)
    return 0;
  peer = kam_mem_strdup(mem, h->from);
  local = kam_mem_strdup(mem, h->to);
  if (peer) {
    kam_mem_free(mem, s->peer, strlen(s->peer) + 1);
    s->peer = peer;
  }
  if (local) {
    kam_mem_free(mem, s->local_address, strlen(s->local_address) + 1);
    s->local_address = local;
  }
  s->peer_port = h->from_port;
  s->local_port = h->to_port;
  return peer && local ? 0 : KAM_ENOMEM;
}

static int read_proxy(struct kam_smtp_talk *s)
{
  struct kam_feed *f = &s->feed;
  struct kam_proxy_header h;
  size_t before = s->in.len, left = f->len - f->at;
  int n, err;
  if (left > KAM_PROXY_LONGEST)
    left = KAM_PROXY_LONGEST;
  kam_text_put(&s->in, f->data + f->at, left);
  if (s->in.failed)
    return KAM_ENOMEM;
  n = kam_proxy_header_read(s->in.s, s->in.len, &h);
  if (n == 0) {
    f->at += left;
    return 0;
  }
  kam_text_fini(&s->in);
  if (n < 0) { /* nobody is there to read a reply */
    s->phase = KAM_SMTP_LEAVES;
    return 0;
  }
  f->at += (size_t)n - before;
  err = set_peer(s, &h);
  s->phase = KAM_SMTP_GREETS;
  s->waited = 0;
  return err;
}

/* Time for the greeting, unless the peer talks. */
static int greet(struct kam_smtp_talk *s)
{
  uint64_t now = kam_now(&s->comp);
  if (!s->quiet_until)
    s->quiet_until = now + (uint64_t)(s->greet_delay * 1e9);
  if (s->strict && has_more(s)) {
    s->quiet_until = 0;
    kam_smtp_leave(s, "554 5.5.0 Await the greeting");
    return 1;
  }
  if (now < s->quiet_until)
    return 0;
  s->quiet_until = 0;
  return kam_smtp_connect(s) ? KAM_ENOMEM : 1;
}

/* TLS has begun, or the peer says what is not secured. */
static int shake(struct kam_smtp_talk *s)
{
  bool plain = s->feed.data != NULL;
  kam_feed_fini(&s->comp, &s->feed);
  s->secured = !plain;
  s->phase = plain ? KAM_SMTP_LEAVES : KAM_SMTP_TALKS;
  s->waited = 0;
  return 0;
}

/* --- */

static int read_on(struct kam_smtp_talk *s)
{
  if (s->phase == KAM_SMTP_SHAKES)
    return shake(s);
  if (!s->feed.data) { /* a mark at a time when there is none */
    kam_feed_fini(&s->comp, &s->feed);
    return 0;
  }
  switch ((enum kam_smtp_phase)s->phase) {
  case KAM_SMTP_PROXIED:
    return read_proxy(s);
  case KAM_SMTP_READS:
    return read_mail(s);
  case KAM_SMTP_SKIPS:
    return skip_mail(s);
  default:
    return read_line(s);
  }
}

/* The peer sends no more. What it was to hear is still sent. */
static int hung_up(struct kam_smtp_talk *s)
{
  bool reads = s->phase == KAM_SMTP_READS;
  bool stops = s->comp.party.told && s->phase == KAM_SMTP_TALKS;
  if (kam_smtp_is_early(s)) /* it is told by the end of its only feeder, too */
    stops = stops && kam_registry_of(&s->comp.party)->asked;
  if (stops)
    kam_smtp_say(s, "421 4.3.2 The server is being stopped");
  s->phase = KAM_SMTP_LEAVES;
  return reads ? kam_smtp_abort(s, "the peer has gone") : 0;
}

/* The handler hears that nobody may be there for its reply. */
static void tell_gone(struct kam_smtp_talk *s)
{
  struct kam_link *l = s->comp.party.out[KAM_SMTP_OUT_REQUEST].port.to;
  if (s->gone || s->feed.at < s->feed.len || !kam_over(&s->comp, KAM_INBOX))
    return;
  s->gone = true;
  if (l)
    kam_link_end(l);
}

/* 1: it has replied, 0, or a negative code. */
static int hear_handler(struct kam_smtp_talk *s)
{
  struct kam_msg m;
  const char *reply;
  size_t len;
  int err;
  if (!kam_take(&s->comp, KAM_SMTP_IN_REPLY, &m)) {
    if (!kam_over(&s->comp, KAM_SMTP_IN_REPLY)) {
      tell_gone(s);
      return 0;
    }
    kam_smtp_leave(s, "421 4.3.0 There is nobody to answer this");
    return 1;
  }
  reply = kam_msg_view(kam_smtp_host(s), m, &len);
  err = kam_smtp_reply(s, reply ? reply : "", reply ? len : 0);
  kam_msg_drop(kam_smtp_host(s), m);
  return err ? err : 1;
}

/* 1: it went on, 0, or a negative code. */
static int go_on(struct kam_smtp_talk *s)
{
  int err;
  switch ((enum kam_smtp_phase)s->phase) {
  case KAM_SMTP_GREETS:
    return greet(s);
  case KAM_SMTP_AWAITS:
    return hear_handler(s);
  case KAM_SMTP_ENDS:
    err = kam_smtp_end(s);
    return err ? err : 1;
  case KAM_SMTP_LEAVES:
    return 0;
  default:
    break;
  }
  if (s->out.len > UNSENT)
    return 0;
  if (!fetch(s)) {
    if (!kam_over(&s->comp, KAM_INBOX))
      return 0;
    err = hung_up(s);
  } else
    err = read_on(s);
  return err ? err : 1;
}

/* --- time --- */

/* ns that the peer has left. */
static int64_t left(const struct kam_smtp_talk *s)
{
  uint64_t now = kam_now(&s->comp);
  int64_t more = s->since ? (int64_t)(now - s->since) : 0, a, b;
  double time = s->command_time;
  if (s->phase == KAM_SMTP_READS || s->phase == KAM_SMTP_SKIPS)
    time += s->rate > 0 ? (double)s->reader.size / s->rate : 1e9;
  a = (int64_t)(time * 1e9) - (int64_t)s->waited - more;
  b = (int64_t)(s->session * 1e9) - (int64_t)s->waited_in_all - more;
  return a < b ? a : b;
}

static int too_late(struct kam_smtp_talk *s)
{
  bool reads = s->phase == KAM_SMTP_READS;
  s->since = 0;
  if (s->phase == KAM_SMTP_PROXIED || s->phase == KAM_SMTP_SHAKES)
    s->phase = KAM_SMTP_LEAVES;
  else
    kam_smtp_leave(s, "421 4.4.2 Too slow");
  kam_text_fini(&s->in);
  return reads ? kam_smtp_abort(s, "too slow") : 0;
}

/* Nothing has come, from neither side. */
static int rest(struct kam_smtp_talk *s)
{
  uint64_t now = kam_now(&s->comp);
  int64_t ns;
  if (s->phase == KAM_SMTP_LEAVES && s->out.len == 0)
    return KAM_DONE;
  if (s->quiet_until)
    return kam_alarm_set(&s->comp, s->quiet_until) ? KAM_ENOMEM : KAM_PAUSE;
  if (s->phase == KAM_SMTP_AWAITS || s->phase == KAM_SMTP_LEAVES ||
      s->out.len > 0)
    return KAM_PAUSE;
  if (!s->since)
    s->since = now;
  ns = left(s);
  if (ns <= 0)
    return too_late(s) ? KAM_ENOMEM : KAM_AGAIN;
  return kam_alarm_after(&s->comp, (uint64_t)ns) ? KAM_ENOMEM : KAM_PAUSE;
}

/* Puts what is said into its lane: 0 or KAM_ENOMEM. */
static int load(struct kam_smtp_talk *s)
{
  struct kam_bytes *b;
  if (s->quiet_until && s->phase != KAM_SMTP_GREETS &&
      kam_now(&s->comp) >= s->quiet_until)
    s->quiet_until = 0;
  if (s->out.failed)
    return KAM_ENOMEM;
  if (s->lanes.m[0].tag != KAM_NOTHING || s->quiet_until)
    return 0;
  if (s->out.len == 0) {
    s->lanes.m[0] = s->mark;
    s->mark = (struct kam_msg){0};
    return 0;
  }
  b = kam_bytes_copy(kam_mem_of(&s->comp), s->out.s, s->out.len);
  if (!b)
    return KAM_ENOMEM;
  s->lanes.m[0] = kam_msg_bytes(b);
  kam_text_fini(&s->out);
  return 0;
}

static int one_step(struct kam_smtp_talk *s)
{
  struct kam_msg *m = s->lanes.m;
  int r = 0, sent;
  if (m[1].tag == KAM_NOTHING)
    r = go_on(s);
  if (r < 0)
    return r;
  if (load(s))
    return KAM_ENOMEM;
  if (m[0].tag == KAM_NOTHING && m[1].tag == KAM_NOTHING &&
      !kam_is_held(&s->comp))
    return r ? KAM_AGAIN : rest(s);
  sent = kam_lanes_send(&s->comp, &s->lanes);
  return sent == KAM_PAUSE && r ? KAM_AGAIN : sent;
}

static int smtp_server_session_step(struct kam_component *c)
{
  struct kam_smtp_talk *s = (struct kam_smtp_talk *)c;
  int i, r = KAM_AGAIN;
  if (c->party.told == KAM_SHUTDOWN)
    return KAM_DONE;
  for (i = 0; i < BATCH && r == KAM_AGAIN; i++)
    r = one_step(s);
  return r;
}

static int smtp_server_session_open(struct kam_component *c)
{
  struct kam_smtp_talk *s = (struct kam_smtp_talk *)c;
  kam_text_init(&s->in, kam_mem_of(c));
  kam_text_init(&s->out, kam_mem_of(c));
  s->lanes.out[0] = KAM_OUTBOX;
  s->lanes.out[1] = KAM_SMTP_OUT_REQUEST;
  s->phase = s->proxy ? KAM_SMTP_PROXIED : KAM_SMTP_GREETS;
  return 0;
}

static void smtp_server_session_close(struct kam_component *c)
{
  struct kam_smtp_talk *s = (struct kam_smtp_talk *)c;
  kam_msg_drop(kam_smtp_host(s), s->mark);
  kam_lanes_fini(c, &s->lanes);
  kam_feed_fini(c, &s->feed);
  kam_text_fini(&s->in);
  kam_text_fini(&s->out);
  kam_smtp_forget_name(s);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc = "bytes from the peer, in any cut; and the mark of a TLSSession"},
    {.name = "reply",
     .doc = "replies, \"250 2.1.0 Ok\"; lines with LF between, the code once",
     .kinds = KAM_BYTES},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "bytes for the peer; and { startTLS = true } for a TLSSession"},
    {.name = "request",
     .doc = "requests: { command =, … }, and the pieces of a mail"},
    {0}};

static const char *const bares[] = {"refuse", "repair", NULL};

static const struct kam_option_spec options[] = {
    KAM_TEXT(struct kam_smtp_talk, hostname, "localhost",
             "what the server calls itself"),
    KAM_TEXT(struct kam_smtp_talk, peer, "", "the address of the peer"),
    {.name = "peerPort",
     .doc = "its port",
     .type = KAM_OPTION_INTEGER,
     .offset = offsetof(struct kam_smtp_talk, peer_port),
     .fallback = {.type = KAM_OPTION_INTEGER, .i = 0},
     .max = 65535},
    {.name = "localAddress",
     .doc = "the address that the peer has connected to",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct kam_smtp_talk, local_address),
     .fallback = {.type = KAM_OPTION_STRING, .s = ""}},
    {.name = "localPort",
     .doc = "the port that it has connected to",
     .type = KAM_OPTION_INTEGER,
     .offset = offsetof(struct kam_smtp_talk, local_port),
     .fallback = {.type = KAM_OPTION_INTEGER, .i = 0},
     .max = 65535},
    {.name = "startTLS",
     .doc = "a TLSSession with startTLS stands below, and STARTTLS is offered",
     .type = KAM_OPTION_BOOLEAN,
     .offset = offsetof(struct kam_smtp_talk, start_tls),
     .fallback = {.type = KAM_OPTION_BOOLEAN}},
    {.name = "handler",
     .doc = "a maker of what answers, from the first mail on, given { peer =, "
            "peerport =, localip =, localport =, name = of EHLO or HELO, "
            "extended = was it EHLO, secured = }; before that, `greeting` and "
            "`hello` are said",
     .type = KAM_OPTION_MAKER,
     .offset = offsetof(struct kam_smtp_talk, handler),
     .fallback = {.type = KAM_OPTION_MAKER}},
    KAM_VALUE(struct kam_smtp_talk, greeting,
              "with `handler`: the reply to who connects"),
    KAM_VALUE(struct kam_smtp_talk, hello,
              "with `handler`: the reply to EHLO; its first line is for HELO"),
    KAM_FLAG(struct kam_smtp_talk, secured, false,
             "the connection is secure from the beginning"),
    KAM_FLAG(struct kam_smtp_talk, proxy, false,
             "a header of the PROXY protocol comes first, and tells the peer"),
    KAM_FLAG(struct kam_smtp_talk, strict, true,
             "a peer that talks before the greeting, or ahead of replies where "
             "that is not offered, is refused"),
    {.name = "greetDelay",
     .doc = "seconds until the greeting, which no good peer talks in",
     .type = KAM_OPTION_NUMBER,
     .offset = offsetof(struct kam_smtp_talk, greet_delay),
     .fallback = {.type = KAM_OPTION_NUMBER, .n = 0},
     .max = 300},
    {.name = "bare",
     .doc = "a CR or LF alone, in the text of a mail: refuse, and close the "
            "connection; or repair, to CR LF",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct kam_smtp_talk, bare),
     .fallback = {.type = KAM_OPTION_STRING, .s = "refuse"},
     .one_of = bares},
    KAM_INT(struct kam_smtp_talk, line, 512, 64, 1 << 20,
            "bytes that a command may have"),
    {.name = "parameterLine",
     .doc = "the same, with parameters behind an address",
     .type = KAM_OPTION_INTEGER,
     .offset = offsetof(struct kam_smtp_talk, parameter_line),
     .fallback = {.type = KAM_OPTION_INTEGER, .i = 2048},
     .min = 64,
     .max = 1 << 20},
    {.name = "textLine",
     .doc = "bytes that a line of a mail may have; 0: any",
     .type = KAM_OPTION_INTEGER,
     .offset = offsetof(struct kam_smtp_talk, text_line),
     .fallback = {.type = KAM_OPTION_INTEGER, .i = 2048},
     .max = 1 << 30},
    {.name = "header",
     .doc = "bytes that the header of a mail may have",
     .type = KAM_OPTION_INTEGER,
     .offset = offsetof(struct kam_smtp_talk, header_size),
     .fallback = {.type = KAM_OPTION_INTEGER, .i = 102400},
     .min = 1,
     .max = 1 << 30},
    KAM_INT(struct kam_smtp_talk, hops, 50, 1, 1e6,
            "servers that a mail may have come through"),
    KAM_INT(struct kam_smtp_talk, recipients, 1000, 1, 1e6,
            "recipients that a mail may have"),
    KAM_INT(struct kam_smtp_talk, size, 10 << 20, 1, 1e15,
            "bytes that a mail may have"),
    KAM_INT(struct kam_smtp_talk, errors, 20, 1, 1e9,
            "errors after which the connection is closed; from half of them "
            "on, replies to them come a second later"),
    KAM_INT(struct kam_smtp_talk, junk, 100, 1, 1e9,
            "commands of no use, as NOOP and RSET, that a peer may say"),
    KAM_NUM(struct kam_smtp_talk, session, 600.0, 0.001, 1e6,
            "seconds that may be waited for the peer in all"),
    {.name = "commandTime",
     .doc = "seconds in which a command must be there; and a mail, with one "
            "more for each `rate` bytes",
     .type = KAM_OPTION_NUMBER,
     .offset = offsetof(struct kam_smtp_talk, command_time),
     .fallback = {.type = KAM_OPTION_NUMBER, .n = 60},
     .min = 0.001,
     .max = 1e6},
    KAM_NUM(struct kam_smtp_talk, rate, 500.0, 0, 1e9,
            "bytes of a mail that must come in a second; 0: any number"),
    {0}};

KAM_COMPONENT(smtp_server_session) = {
    .name = "SMTPServerSession",
    .family = "mail",
    .summary = "Speaks SMTP with a client: requests out, replies in.",
    .doc =
        "A request is a table with a `command`, which the handler answers by "
        "one reply each: CONNECT (with `peer`, `peerPort`, `localAddress`, "
        "`localPort`; the reply is the greeting), EHLO and HELO (`name`, "
        "`secured`), MAIL (`from`, `parameters`, `size`, `body`, `utf8`), RCPT "
        "(`to`, `parameters`), DATA, and END (`size`). Behind the reply 354 to "
        "DATA come the pieces of the mail, as it is, and then END; any other "
        "reply ends the mail. Instead of END comes ABORT, "
        "with a `reason`, if it will not be whole. That, RSET and QUIT want no "
        "reply. What is out of order, wrong, too long, too much or too slow is "
        "answered here, and the handler does not hear of it; so are STARTTLS, "
        "NOOP, VRFY and HELP. Extensions are those that the reply to EHLO "
        "offers. Only CR LF . CR LF ends a mail. When the peer has gone, the "
        "requests end, also while a reply is awaited.",
    .ends = "After QUIT, a reply 421, or when the peer has gone.",
    .example =
        "local function show(bytes) io.write((tostring(bytes):gsub(\"\\r\", "
        "\"\"))) end\n"
        "kam.Graphline {\n"
        "  PEER = kam.main(function(self)\n"
        "    for _, line in ipairs { \"EHLO me.example\", \"QUIT\" } do\n"
        "      show(self:recv())\n"
        "      self:send(line .. \"\\r\\n\")\n"
        "    end\n"
        "    for reply in self:messages() do show(reply) end\n"
        "  end),\n"
        "  SMTP = kam.SMTPServerSession { hostname = \"mail.example\" },\n"
        "  HANDLER = kam.main(function(self)\n"
        "    for r in self:messages() do\n"
        "      if r.command == \"CONNECT\" then self:send \"220 "
        "mail.example\" end\n"
        "      if r.command == \"EHLO\" then self:send \"250 Hello\\nSIZE "
        "1000\" end\n"
        "    end\n"
        "  end),\n"
        "  linkages = { \"PEER -> SMTP -> PEER\", \"SMTP.request -> HANDLER\", "
        "\"HANDLER -> SMTP.reply\" },\n"
        "}:run()\n"
        "--> 220 mail.example\n"
        "--> 250-Hello\n"
        "--> 250 SIZE 1000\n"
        "--> 221 2.0.0 mail.example Bye\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct kam_smtp_talk),
    .ends_early = true,
    .duplex = true,
    .open = smtp_server_session_open,
    .step = smtp_server_session_step,
    .close = smtp_server_session_close,
};
