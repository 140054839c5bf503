/* SMTPClientSession: the client's side of one SMTP connection.
 *
 *     who asks ──request──> WRITES ──outbox──> bytes
 *     who asks <───reply─── READS  <──inbox─── bytes
 *
 * The two ways do not wait for each other (lanes). Requests that have no reply
 * yet stand in a ring. When the connection is lost, every request that wants a
 * reply gets one of ours, which is never that a mail was taken. */
#include "components/mail/smtp_data.h"
#include "components/mail/smtp_reply.h"
#include "components/mail/smtp_request.h"
#include "core/alarm.h"
#include "core/feed.h"
#include "core/lanes.h"
#include "core/link.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { IN_REQUEST = KAM_IN_EXTRA };
enum { OUT_REPLY = KAM_OUT_EXTRA };
enum { BATCH = 16, ASKED = 64 /* requests without a reply */ };

enum place {
  TALKS,
  MAIL,   /* pieces of a mail follow */
  SHAKES, /* TLS begins */
  LOST    /* the connection carries no more; `trouble` answers */
};

struct smtp_client_session {
  struct kam_component comp;      /* must be first */
  double timeout, stall, verdict; /* options */
  char *preamble;
  struct kam_feed feed; /* the message in hand */
  struct kam_smtp_reply reply;
  struct kam_smtp_writer writer;
  struct kam_lanes lanes;
  struct kam_msg mark;   /* of STARTTLS, behind its line */
  struct kam_text early; /* the reply to a mail that is not at its end; or to
                          * STARTTLS, until it is secure */
  const char *trouble;
  uint64_t since; /* when the request whose turn it is got its turn */
  uint64_t put;   /* when what goes out was put */
  unsigned first, n_asked;
  unsigned char asked[ASKED];
  uint8_t place;
  bool preambled;
  bool greeted;    /* CONNECT has been asked */
  bool pipelining; /* the server takes it */
  bool alone;      /* nothing may follow before all is answered */
  bool quit;       /* no more requests are taken */
  bool put_waits;  /* it is what goes out that the component is held by */
};

static const struct kam_host *host_of(struct smtp_client_session *s)
{
  return &s->comp.party.world->host;
}

static int cannot(struct smtp_client_session *s, const char *why)
{
  return kam_failf(&s->comp, "error[E0684]: an SMTP request cannot be sent: %s",
                   why);
}

static struct kam_msg *to_server(struct smtp_client_session *s)
{
  return &s->lanes.m[0];
}

static int send_bytes(struct smtp_client_session *s, const void *bytes,
                      size_t len)
{
  struct kam_bytes *b = kam_bytes_copy(kam_mem_of(&s->comp), bytes, len);
  if (!b)
    return KAM_ENOMEM;
  *to_server(s) = kam_msg_bytes(b);
  s->put = kam_now(&s->comp);
  return 0;
}

/* --- the connection is lost --- */

/* What is not sent yet is not, and the server hears that no more comes. */
static void lose(struct smtp_client_session *s, const char *trouble)
{
  struct kam_link *l = s->comp.party.out[KAM_OUTBOX].port.to;
  if (s->place == LOST)
    return;
  s->place = LOST;
  s->trouble = trouble;
  kam_msg_drop(host_of(s), *to_server(s));
  kam_msg_drop(host_of(s), s->mark);
  *to_server(s) = s->mark = (struct kam_msg){0};
  if (l)
    kam_link_end(l);
}

/* --- requests --- */

static void ask(struct smtp_client_session *s, enum kam_smtp_do verb)
{
  assert(s->n_asked < ASKED);
  if (s->n_asked == 0)
    s->since = kam_now(&s->comp);
  s->asked[(s->first + s->n_asked++) % ASKED] = (unsigned char)verb;
  s->alone = verb != KAM_SMTP_DO_MAIL && verb != KAM_SMTP_DO_RCPT &&
             verb != KAM_SMTP_DO_RSET;
}

/* A message that tells the TLSSession below to begin. */
static int make_mark(struct smtp_client_session *s)
{
  struct kam_tape t;
  int err;
  kam_tape_init(&t);
  kam_tape_table(&t);
  kam_tape_text(&t, "startTLS");
  kam_tape_bool(&t, true);
  kam_tape_end(&t);
  err = kam_tape_msg(host_of(s), kam_mem_of(&s->comp), &t, &s->mark);
  kam_tape_fini(&t);
  return err;
}

/* The mail is whole: its end goes out, unless it is answered already. */
static int end_mail(struct smtp_client_session *s)
{
  const char *end = kam_smtp_write_end(&s->writer);
  ask(s, KAM_SMTP_DO_END);
  return send_bytes(s, end, strlen(end));
}

static int begin(struct smtp_client_session *s, enum kam_smtp_do verb,
                 const struct kam_text *line)
{
  bool connects = verb == KAM_SMTP_DO_CONNECT;
  if (connects == s->greeted)
    return cannot(s, connects ? "it is connected" : "CONNECT is the first");
  if ((s->place == MAIL) != (verb == KAM_SMTP_DO_END))
    return cannot(s, s->place == MAIL ? "a mail is not at its end"
                                      : "there is no mail to end");
  s->quit |= verb == KAM_SMTP_DO_QUIT;
  s->greeted = true;
  if (verb == KAM_SMTP_DO_END)
    return end_mail(s);
  ask(s, verb);
  return line->len ? send_bytes(s, line->s, line->len) : 0;
}

/* A request when the connection is lost: it is answered, and no more. */
static void refuse(struct smtp_client_session *s, enum kam_smtp_do verb)
{
  s->quit |= verb == KAM_SMTP_DO_QUIT;
  if (verb != KAM_SMTP_DO_ABORT && verb != KAM_SMTP_DO_RSET)
    ask(s, verb);
}

static int take_table(struct smtp_client_session *s, struct kam_msg m)
{
  struct kam_tape tape;
  struct kam_text line;
  enum kam_smtp_do verb = KAM_SMTP_DO_OTHER;
  const char *why = NULL;
  int err;
  kam_tape_init(&tape);
  kam_text_init(&line, kam_mem_of(&s->comp));
  err = kam_tape_of(host_of(s), m, &tape);
  if (!err)
    why = kam_smtp_request_write(&tape, &verb, &line);
  if (err != KAM_ENOMEM && (err || why))
    err = cannot(s, err ? "it is no table" : why);
  else if (!err && line.failed)
    err = KAM_ENOMEM;
  else if (!err && s->place == LOST)
    refuse(s, verb);
  else if (!err && verb == KAM_SMTP_DO_ABORT)
    lose(s, "451 4.4.2 The connection was given up within a mail");
  else if (!err)
    err = begin(s, verb, &line);
  kam_tape_fini(&tape);
  kam_text_fini(&line);
  return err;
}

/* A piece of a mail, with a dot more where a line begins with one. */
static int take_piece(struct smtp_client_session *s, struct kam_msg m,
                      const char *bytes, size_t len)
{
  struct kam_text out;
  const char *piece;
  size_t used, n, at = 0;
  int err = 0;
  kam_text_init(&out, kam_mem_of(&s->comp));
  while (at < len) {
    bool some =
        kam_smtp_write(&s->writer, bytes + at, len - at, &used, &piece, &n);
    at += used;
    if (some && n == len && piece == bytes && !out.len) { /* as it was */
      *to_server(s) = m;
      s->put = kam_now(&s->comp);
      kam_text_fini(&out);
      return 0;
    }
    if (some)
      kam_text_put(&out, piece, n);
  }
  if (out.failed)
    err = KAM_ENOMEM;
  else if (out.len)
    err = send_bytes(s, out.s, out.len);
  kam_text_fini(&out);
  kam_msg_drop(host_of(s), m);
  return err;
}

/* 1: something came, 0, or a negative code. */
static int take(struct smtp_client_session *s)
{
  struct kam_msg m;
  const char *bytes;
  size_t len;
  int err = 0;
  if (!kam_take(&s->comp, IN_REQUEST, &m))
    return 0;
  bytes = kam_msg_view(host_of(s), m, &len);
  if (bytes && s->place == MAIL)
    err = take_piece(s, m, bytes, len);
  else {
    if (!bytes)
      err = take_table(s, m);
    else if (s->place != LOST)
      err = cannot(s, "a piece of a mail comes before it has begun");
    kam_msg_drop(host_of(s), m);
  }
  return err ? err : 1;
}

static bool may_take(const struct smtp_client_session *s)
{
  if (s->quit || s->place == SHAKES || s->n_asked == ASKED)
    return false;
  return s->n_asked == 0 || (s->place == TALKS && s->pipelining && !s->alone);
}

/* Puts what is next into the lane to the server: 1, 0 or a negative code. */
static int fill_out(struct smtp_client_session *s)
{
  if (!s->preambled && s->place == TALKS && *s->preamble) {
    s->preambled = true;
    return send_bytes(s, s->preamble, strlen(s->preamble)) ? KAM_ENOMEM : 1;
  }
  if (s->mark.tag != KAM_NOTHING) {
    *to_server(s) = s->mark;
    s->mark = (struct kam_msg){0};
    return 1;
  }
  return may_take(s) ? take(s) : 0;
}

/* --- replies --- */

static int give(struct smtp_client_session *s, const char *text, size_t len)
{
  struct kam_bytes *b = kam_bytes_copy(kam_mem_of(&s->comp), text, len);
  if (!b)
    return KAM_ENOMEM;
  s->lanes.m[1] = kam_msg_bytes(b);
  return 0;
}

/* The request whose turn it is has its reply. */
static enum kam_smtp_do answered(struct smtp_client_session *s)
{
  enum kam_smtp_do verb = s->asked[s->first];
  s->first = (s->first + 1) % ASKED;
  s->n_asked--;
  s->since = kam_now(&s->comp);
  return verb;
}

/* One of ours. */
static int answer_lost(struct smtp_client_session *s)
{
  enum kam_smtp_do verb = answered(s);
  int err;
  if (verb == KAM_SMTP_DO_RSET)
    return 0;
  if (verb == KAM_SMTP_DO_END && s->early.len) {
    err = give(s, s->early.s, s->early.len);
    kam_text_fini(&s->early);
    return err;
  }
  if (verb == KAM_SMTP_DO_QUIT)
    return give(s, "221 2.0.0 The connection is closed", 34);
  return give(s, s->trouble, strlen(s->trouble));
}

static int keep(struct kam_text *to, const struct kam_text *from)
{
  kam_text_fini(to);
  kam_text_put(to, from->s, from->len);
  return to->failed ? KAM_ENOMEM : 0;
}

/* The server speaks although nothing was asked: it ends the connection, or
 * refuses a mail before its end. */
static int unasked(struct smtp_client_session *s)
{
  int class = s->reply.code / 100, err = 0;
  if (s->place == MAIL && class >= 4)
    err = keep(&s->early, &s->reply.text);
  lose(s, s->place == MAIL && class < 4
              ? "451 4.5.0 The server has answered before the end of the mail"
          : s->reply.code == 421
              ? "451 4.3.2 The server has closed the connection"
              : "451 4.5.0 The server has said something unasked");
  return err;
}

static int secure(struct smtp_client_session *s)
{
  if (s->feed.at < s->feed.len) {
    lose(s, "451 4.7.0 The server has sent more than its reply to STARTTLS");
    return 0;
  }
  s->place = SHAKES;
  s->pipelining = false;
  return keep(&s->early, &s->reply.text) ? KAM_ENOMEM : make_mark(s);
}

/* A reply to what was asked. */
static int asked(struct smtp_client_session *s)
{
  struct kam_smtp_reply *r = &s->reply;
  enum kam_smtp_do verb = s->asked[s->first];
  if (verb == KAM_SMTP_DO_STARTTLS && r->code == 220)
    return secure(s);
  answered(s);
  if (verb == KAM_SMTP_DO_DATA && r->code == 354) {
    s->place = MAIL;
    s->writer = (struct kam_smtp_writer){0};
  } else if (verb == KAM_SMTP_DO_END)
    s->place = TALKS;
  else if (verb == KAM_SMTP_DO_EHLO)
    s->pipelining = kam_smtp_reply_offers(r, "PIPELINING");
  if (r->code == 421)
    lose(s, "451 4.3.2 The server has closed the connection");
  return verb == KAM_SMTP_DO_RSET ? 0 : give(s, r->text.s, r->text.len);
}

/* Reads on in what is in hand: 0 or a negative code. */
static int read_reply(struct smtp_client_session *s)
{
  struct kam_feed *f = &s->feed;
  size_t used;
  int err = 0;
  enum kam_smtp_replied is = kam_smtp_reply_read(
      &s->reply, (const char *)f->data + f->at, f->len - f->at, &used);
  f->at += used;
  if (is == KAM_SMTP_REPLY_NOMEM)
    return KAM_ENOMEM;
  if (is == KAM_SMTP_REPLY_WRONG)
    lose(s, "451 4.5.0 The server's reply cannot be read");
  if (is == KAM_SMTP_REPLY_WHOLE) {
    err = s->n_asked ? asked(s) : unasked(s);
    kam_smtp_reply_next(&s->reply);
  }
  return err;
}

/* It is secure now: STARTTLS is answered. */
static int secured(struct smtp_client_session *s)
{
  int err = give(s, s->early.s, s->early.len);
  kam_text_fini(&s->early);
  answered(s);
  s->place = TALKS;
  return err;
}

/* The next of what the server sends; false: there is none now. */
static bool next_piece(struct smtp_client_session *s)
{
  struct kam_feed *f = &s->feed;
  while (f->at == f->len) {
    kam_feed_fini(&s->comp, f);
    if (!kam_take(&s->comp, KAM_INBOX, &f->msg))
      return false;
    f->data = kam_msg_view(host_of(s), f->msg, &f->len);
    if (!f->data)
      return true;
  }
  return true;
}

static int read_on(struct smtp_client_session *s)
{
  struct kam_feed *f = &s->feed;
  if (s->place == LOST) {
    f->at = f->len;
    return 0;
  }
  if (!f->data) {
    kam_feed_fini(&s->comp, f);
    return s->place == SHAKES ? secured(s) : 0;
  }
  if (s->place != SHAKES)
    return read_reply(s);
  lose(s, "451 4.7.0 The server has sent more than its reply to STARTTLS");
  return 0;
}

/* Puts what is next into the lane to who asks: 1 if it has done something, 0 or
 * a negative code. */
static int fill_in(struct smtp_client_session *s)
{
  int err;
  if (s->place == LOST && s->n_asked) {
    err = answer_lost(s);
    return err ? err : 1;
  }
  if (s->greeted && next_piece(s)) {
    err = read_on(s);
    return err ? err : 1;
  }
  if (s->place == LOST || !kam_over(&s->comp, KAM_INBOX))
    return 0;
  lose(s, s->place == SHAKES
              ? "451 4.7.0 The server has not begun TLS"
              : "451 4.4.2 The server has closed the connection");
  return 1;
}

/* --- time --- */

/* When the server has been silent for too long, or has taken nothing; or 0. */
static uint64_t due(const struct smtp_client_session *s)
{
  double seconds = s->timeout;
  uint64_t from = s->since;
  if (s->place == LOST || s->lanes.m[1].tag != KAM_NOTHING)
    return 0; /* or it is not the server who keeps us waiting */
  if (s->lanes.m[0].tag != KAM_NOTHING || s->put_waits) {
    seconds = s->stall;
    from = s->put;
  } else if (s->n_asked == 0)
    return 0;
  else if (s->asked[s->first] == KAM_SMTP_DO_END)
    seconds = s->verdict;
  return from + (uint64_t)(seconds * 1e9);
}

/* Nothing goes, and nothing has come. */
static int rest(struct smtp_client_session *s)
{
  uint64_t at = due(s);
  if (s->n_asked == 0 && (s->quit || kam_over(&s->comp, IN_REQUEST)))
    return KAM_DONE;
  if (at && kam_alarm_set(&s->comp, at))
    return KAM_ENOMEM;
  return KAM_PAUSE;
}

/* Sends what is in the lanes. */
static int send(struct smtp_client_session *s)
{
  bool held = kam_is_held(&s->comp);
  bool puts = s->lanes.m[0].tag != KAM_NOTHING;
  int r = kam_lanes_send(&s->comp, &s->lanes);
  uint64_t at;
  if (!held)
    s->put_waits =
        puts && kam_is_held(&s->comp) && s->lanes.m[0].tag == KAM_NOTHING;
  at = due(s);
  if (r == KAM_PAUSE && at && !kam_alarm_armed(&s->comp) &&
      kam_alarm_set(&s->comp, at))
    return KAM_ENOMEM;
  return r;
}

/* What the server has said is read before more is said to it. */
static int one_step(struct smtp_client_session *s)
{
  struct kam_msg *m = s->lanes.m;
  uint64_t at;
  int r = 0;
  if (!kam_is_held(&s->comp))
    s->put_waits = false;
  at = due(s);
  if (at && kam_now(&s->comp) >= at)
    lose(s, "451 4.4.2 The server was silent for too long");
  if (m[1].tag == KAM_NOTHING)
    r = fill_in(s);
  if (r == 0 && m[0].tag == KAM_NOTHING)
    r = fill_out(s);
  if (r < 0)
    return r;
  if (m[0].tag != KAM_NOTHING || m[1].tag != KAM_NOTHING ||
      kam_is_held(&s->comp))
    return send(s);
  return r ? KAM_AGAIN : rest(s);
}

static int smtp_client_session_step(struct kam_component *c)
{
  struct smtp_client_session *s = (struct smtp_client_session *)c;
  int i, r = KAM_AGAIN;
  if (c->party.told == KAM_SHUTDOWN)
    return KAM_DONE;
  for (i = 0; i < BATCH && r == KAM_AGAIN; i++)
    r = one_step(s);
  return r;
}

static int smtp_client_session_open(struct kam_component *c)
{
  struct smtp_client_session *s = (struct smtp_client_session *)c;
  kam_smtp_reply_init(&s->reply, kam_mem_of(c));
  kam_text_init(&s->early, kam_mem_of(c));
  s->lanes.out[0] = KAM_OUTBOX;
  s->lanes.out[1] = OUT_REPLY;
  return 0;
}

static void smtp_client_session_close(struct kam_component *c)
{
  struct smtp_client_session *s = (struct smtp_client_session *)c;
  kam_msg_drop(host_of(s), s->mark);
  kam_lanes_fini(c, &s->lanes);
  kam_feed_fini(c, &s->feed);
  kam_smtp_reply_fini(&s->reply);
  kam_text_fini(&s->early);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc = "bytes from the server, in any cut; and the mark of a TLSSession"},
    {.name = "request",
     .doc = "requests: { command =, name =, from =, to =, parameters = }, and "
            "pieces of a mail behind the reply 354"},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "bytes for the server; and { startTLS = true } for a TLSSession"},
    {.name = "reply",
     .doc = "replies, \"250 2.1.0 Ok\", in order; the code once, lines with LF "
            "between",
     .kinds = KAM_BYTES},
    {0}};

static const struct kam_option_spec options[] = {
    KAM_NUM(struct smtp_client_session, timeout, 300.0, 0.001, 1e6,
            "seconds in which a reply must be there"),
    KAM_NUM(struct smtp_client_session, stall, 180.0, 0.001, 1e6,
            "seconds in which the server must take more"),
    KAM_NUM(struct smtp_client_session, verdict, 600.0, 0.001, 1e6,
            "seconds in which the reply to a whole mail must be there"),
    KAM_TEXT(struct smtp_client_session, preamble, "",
             "what is sent first of all, as a header of the PROXY protocol"),
    {0}};

KAM_COMPONENT(smtp_client_session) = {
    .name = "SMTPClientSession",
    .family = "mail",
    .summary = "Speaks SMTP with a server: requests in, replies out.",
    .doc =
        "A request is a table with a `command`, in the order of the wire: "
        "CONNECT (its reply is the greeting), EHLO or HELO with `name`, MAIL "
        "with `from`, RCPT with `to`, DATA, RSET, STARTTLS, QUIT; others, as "
        "XCLIENT, with `parameters`, which MAIL and RCPT may have too. Behind "
        "the reply 354 come the pieces of the mail, as it is, with CRLF as "
        "ends of lines; then END, whose reply says what has become of the "
        "mail, or ABORT, which drops the connection so that nothing half is "
        "taken. Each request is answered in turn by the server's reply, but "
        "for RSET and ABORT. If the server closes the connection, is silent, "
        "or says what cannot be read, this and all further requests are "
        "answered by 451 and why. Where the server takes PIPELINING, requests "
        "leave before the replies to those before them are there. For "
        "STARTTLS, a TLSSession with startTLS stands between the session and "
        "the connection.",
    .ends = "When QUIT is answered, or its requests have ended and are.",
    .example =
        "kam.Graphline {\n"
        "  ASK = kam.DataSource { { command = \"CONNECT\" }, { command = "
        "\"EHLO\", name = \"me.example\" },\n"
        "    { command = \"QUIT\" } },\n"
        "  SMTP = kam.SMTPClientSession(),\n"
        "  SERVER = kam.main(function(self)\n"
        "    self:send \"220 mail.example\\r\\n\"\n"
        "    for line in self:messages() do\n"
        "      self:send(line:find \"^EHLO\" and \"250-Hello\\r\\n250 "
        "SIZE\\r\\n\" or \"221 Bye\\r\\n\")\n"
        "    end\n"
        "  end),\n"
        "  SHOW = kam.each(function(reply) print(reply) end),\n"
        "  linkages = { \"ASK -> SMTP.request\", \"SMTP -> SERVER -> SMTP\", "
        "\"SMTP.reply -> SHOW\" },\n"
        "}:run()\n"
        "--> 220 mail.example\n"
        "--> 250 Hello\n"
        "--> SIZE\n"
        "--> 221 Bye\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct smtp_client_session),
    .ends_early = true,
    .duplex = true,
    .open = smtp_client_session_open,
    .step = smtp_client_session_step,
    .close = smtp_client_session_close,
};
