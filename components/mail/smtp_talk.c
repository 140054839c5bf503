/* smtp_talk: what an SMTPServerSession says, to its peer and to its handler. */
#include "components/mail/smtp_talk.h"

#include "core/alarm.h"
#include "core/link.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { REPLY = 64 << 10 /* bytes of one */ };
enum { SLOWER = 1000000000 /* ns, before a reply to one who errs often */ };

/* --- to the peer --- */

/* Writes a reply with its code before each line. */
static void put_reply(struct kam_text *out, const char *reply, size_t len)
{
  const char *text = reply + 3, *end = reply + len;
  if (text < end && *text == ' ')
    text++;
  for (;;) {
    const char *lf = memchr(text, '\n', (size_t)(end - text));
    kam_text_put(out, reply, 3);
    kam_text_put(out, lf ? "-" : " ", 1);
    kam_text_put(out, text, (size_t)((lf ? lf : end) - text));
    kam_text_put(out, "\r\n", 2);
    if (!lf)
      return;
    text = lf + 1;
  }
}

void kam_smtp_say(struct kam_smtp_talk *s, const char *reply)
{
  put_reply(&s->out, reply, strlen(reply));
}

void kam_smtp_leave(struct kam_smtp_talk *s, const char *reply)
{
  kam_smtp_say(s, reply);
  s->phase = KAM_SMTP_LEAVES;
}

static void count_fault(struct kam_smtp_talk *s)
{
  s->n_errors++;
  if (s->n_errors * 2 >= s->errors)
    s->quiet_until = kam_now(&s->comp) + SLOWER;
}

void kam_smtp_fault(struct kam_smtp_talk *s, const char *reply)
{
  count_fault(s);
  kam_smtp_say(s, reply);
  if (s->n_errors >= s->errors)
    kam_smtp_leave(s, "421 4.7.0 Too many errors");
}

static void junk(struct kam_smtp_talk *s, const char *reply)
{
  if (++s->n_junk > s->junk)
    kam_smtp_leave(s, "421 4.7.0 Too many commands");
  else
    kam_smtp_say(s, reply);
}

/* --- to the handler --- */

/* A table that has begun goes out. */
static int tell_tape(struct kam_smtp_talk *s, struct kam_tape *t)
{
  int err;
  kam_tape_end(t);
  err = kam_tape_msg(kam_smtp_host(s), kam_mem_of(&s->comp), t, &s->lanes.m[1]);
  kam_tape_fini(t);
  return err;
}

static void begin_tape(struct kam_tape *t, const char *command)
{
  kam_tape_init(t);
  kam_tape_table(t);
  kam_tape_text(t, "command");
  kam_tape_text(t, command);
}

static void put(struct kam_tape *t, const char *key, const char *s, size_t len)
{
  kam_tape_text(t, key);
  kam_tape_bytes(t, s, len);
}

static void put_number(struct kam_tape *t, const char *key, int64_t n)
{
  kam_tape_text(t, key);
  kam_tape_int(t, n);
}

static void put_true(struct kam_tape *t, const char *key)
{
  kam_tape_text(t, key);
  kam_tape_bool(t, true);
}

int kam_smtp_tell(struct kam_smtp_talk *s, const char *command, const char *key,
                  const char *value)
{
  struct kam_tape t;
  begin_tape(&t, command);
  if (key)
    put(&t, key, value, strlen(value));
  return tell_tape(s, &t);
}

static int ask(struct kam_smtp_talk *s, struct kam_tape *t,
               enum kam_smtp_asked what)
{
  s->phase = KAM_SMTP_AWAITS;
  s->asked = (uint8_t)what;
  return tell_tape(s, t);
}

/* A reply that is known without the handler. */
static int reply_early(struct kam_smtp_talk *s, enum kam_smtp_asked what,
                       struct kam_msg reply)
{
  size_t len = 0;
  const char *text = kam_msg_view(kam_smtp_host(s), reply, &len);
  s->asked = (uint8_t)what;
  return kam_smtp_reply(s, text ? text : "", len);
}

int kam_smtp_connect(struct kam_smtp_talk *s)
{
  struct kam_tape t;
  if (kam_smtp_is_early(s))
    return reply_early(s, KAM_SMTP_ASKED_CONNECT, s->greeting);
  begin_tape(&t, "CONNECT");
  put(&t, "peer", s->peer, strlen(s->peer));
  put_number(&t, "peerPort", s->peer_port);
  put(&t, "localAddress", s->local_address, strlen(s->local_address));
  put_number(&t, "localPort", s->local_port);
  return ask(s, &t, KAM_SMTP_ASKED_CONNECT);
}

/* --- a handler that is made late --- */

static int make_handler(struct kam_smtp_talk *s, struct kam_component **out)
{
  const struct kam_host *host = kam_smtp_host(s);
  struct kam_tape t;
  int err;
  kam_tape_init(&t);
  kam_tape_table(&t);
  put(&t, "peer", s->peer, strlen(s->peer));
  put_number(&t, "peerport", s->peer_port);
  put(&t, "localip", s->local_address, strlen(s->local_address));
  put_number(&t, "localport", s->local_port);
  put(&t, "name", s->name, strlen(s->name));
  if (s->hailed_by == KAM_SMTP_EHLO)
    put_true(&t, "extended");
  if (s->secured)
    put_true(&t, "secured");
  kam_tape_end(&t);
  err = host->serve ? host->serve(host->ctx, s->handler, &t, out) : KAM_EFAILED;
  kam_tape_fini(&t);
  return err;
}

/* Makes the handler, and gives it what comes from now on. 0 or a negative
 * code; the session leaves if there can be none. */
static int summon(struct kam_smtp_talk *s)
{
  struct kam_component *c = &s->comp, *handler = NULL;
  struct kam_inbox *in;
  struct kam_outbox *out;
  int err = make_handler(s, &handler);
  kam_msg_drop(kam_smtp_host(s), s->handler);
  s->handler = (struct kam_msg){0};
  kam_smtp_forget_name(s);
  if (err == KAM_EFAILED) {
    kam_smtp_leave(s, "421 4.3.0 There is nobody to answer this");
    return 0;
  }
  in = err ? NULL : kam_component_inbox(handler, "inbox");
  out = err ? NULL : kam_component_outbox(handler, "outbox");
  if (!err && (!in || !out))
    return kam_failf(c, "a handler has an inbox and an outbox");
  err = err ? err
            : kam_link_new(&c->party.out[KAM_SMTP_OUT_REQUEST].port, &in->port,
                           NULL, NULL);
  err = err ? err
            : kam_link_new(&out->port, &c->party.in[KAM_SMTP_IN_REPLY].port,
                           NULL, NULL);
  return err ? err : kam_component_adopt(c, handler);
}

static int hail_early(struct kam_smtp_talk *s, enum kam_smtp_verb verb,
                      struct kam_smtp_span name)
{
  kam_smtp_forget_name(s);
  s->name = kam_mem_alloc(kam_mem_of(&s->comp), name.len + 1);
  if (!s->name)
    return KAM_ENOMEM;
  memcpy(s->name, name.s, name.len);
  s->name[name.len] = '\0';
  s->hailed_by = (uint8_t)verb;
  return reply_early(
      s, verb == KAM_SMTP_EHLO ? KAM_SMTP_ASKED_EHLO : KAM_SMTP_ASKED_HELO,
      s->hello);
}

void kam_smtp_forget_name(struct kam_smtp_talk *s)
{
  if (s->name)
    kam_mem_free(kam_mem_of(&s->comp), s->name, strlen(s->name) + 1);
  s->name = NULL;
}

/* --- commands --- */

/* Nothing of a mail is left. */
static void forget_mail(struct kam_smtp_talk *s)
{
  s->has_mail = false;
  s->n_recipients = s->n_taken = 0;
}

static int hail(struct kam_smtp_talk *s, enum kam_smtp_verb verb,
                struct kam_smtp_span name)
{
  struct kam_tape t;
  if (!kam_smtp_is_name(name)) {
    kam_smtp_fault(s, "501 5.5.4 Syntax: EHLO name, or HELO name");
    return 0;
  }
  forget_mail(s);
  if (kam_smtp_is_early(s))
    return hail_early(s, verb, name);
  begin_tape(&t, kam_smtp_verb_name(verb));
  put(&t, "name", name.s, name.len);
  if (s->secured)
    put_true(&t, "secured");
  return ask(s, &t,
             verb == KAM_SMTP_EHLO ? KAM_SMTP_ASKED_EHLO : KAM_SMTP_ASKED_HELO);
}

/* NULL, or why there can be no MAIL with these. */
static const char *check_mail(struct kam_smtp_talk *s,
                              struct kam_smtp_span rest,
                              struct kam_smtp_path *p)
{
  const char *why;
  if (!s->hailed)
    return "503 5.5.1 Say EHLO first";
  if (s->has_mail)
    return "503 5.5.1 There is a sender already";
  why = kam_smtp_mail(rest, s->offered, p);
  if (!why && p->has_size &&
      (p->size > (uint64_t)s->size ||
       (s->size_offered && p->size > s->size_offered)))
    why = "552 5.3.4 The mail is too large";
  return why;
}

static int mail(struct kam_smtp_talk *s, struct kam_smtp_span rest)
{
  struct kam_smtp_path p;
  struct kam_tape t;
  const char *why = check_mail(s, rest, &p);
  if (why) {
    kam_smtp_fault(s, why);
    return 0;
  }
  if (kam_smtp_is_early(s)) {
    int err = summon(s);
    if (err || s->phase == KAM_SMTP_LEAVES)
      return err;
  }
  begin_tape(&t, "MAIL");
  put(&t, "from", p.address.s, p.address.len);
  put(&t, "parameters", p.parameters.len ? p.parameters.s : "",
      p.parameters.len);
  if (p.has_size)
    put_number(&t, "size", (int64_t)p.size);
  if (p.body)
    put(&t, "body", p.body, strlen(p.body));
  if (p.utf8)
    put_true(&t, "utf8");
  return ask(s, &t, KAM_SMTP_ASKED_MAIL);
}

static int rcpt(struct kam_smtp_talk *s, struct kam_smtp_span rest)
{
  struct kam_smtp_path p;
  struct kam_tape t;
  const char *why = s->has_mail ? kam_smtp_rcpt(rest, s->offered, &p)
                                : "503 5.5.1 Say MAIL first";
  if (why) {
    kam_smtp_fault(s, why);
    return 0;
  }
  if (s->n_recipients >= s->recipients) {
    kam_smtp_say(s, "452 4.5.3 Too many recipients");
    return 0;
  }
  s->n_recipients++;
  begin_tape(&t, "RCPT");
  put(&t, "to", p.address.s, p.address.len);
  put(&t, "parameters", p.parameters.len ? p.parameters.s : "",
      p.parameters.len);
  return ask(s, &t, KAM_SMTP_ASKED_RCPT);
}

static int data(struct kam_smtp_talk *s)
{
  struct kam_tape t;
  if (s->n_taken == 0) {
    kam_smtp_fault(s, s->has_mail ? "554 5.5.1 There is no valid recipient"
                                  : "503 5.5.1 Say MAIL first");
    return 0;
  }
  begin_tape(&t, "DATA");
  return ask(s, &t, KAM_SMTP_ASKED_DATA);
}

static int reset(struct kam_smtp_talk *s)
{
  bool had = s->has_mail;
  forget_mail(s);
  junk(s, "250 2.0.0 Ok");
  return had ? kam_smtp_tell(s, "RSET", NULL, NULL) : 0;
}

static int start_tls(struct kam_smtp_talk *s, bool more)
{
  struct kam_tape t;
  int err;
  if (!s->start_tls || s->secured) {
    kam_smtp_fault(s, s->secured ? "503 5.5.1 It is secure already"
                                 : "502 5.5.1 TLS is not to be had");
    return 0;
  }
  if (more || s->has_mail) { /* it would be taken for what came secured */
    kam_smtp_leave(s, "503 5.5.0 Nothing may follow STARTTLS");
    return 0;
  }
  kam_smtp_say(s, "220 2.0.0 Ready to start TLS");
  s->phase = KAM_SMTP_SHAKES;
  s->hailed = false;
  s->offered = 0;
  kam_tape_init(&t);
  kam_tape_table(&t);
  put_true(&t, "startTLS");
  kam_tape_end(&t);
  err = kam_tape_msg(kam_smtp_host(s), kam_mem_of(&s->comp), &t, &s->mark);
  kam_tape_fini(&t);
  return err;
}

static int quit(struct kam_smtp_talk *s)
{
  char text[300];
  snprintf(text, sizeof text, "221 2.0.0 %.255s Bye", s->hostname);
  kam_smtp_leave(s, text);
  return kam_smtp_is_early(s) ? 0 : kam_smtp_tell(s, "QUIT", NULL, NULL);
}

static int other(struct kam_smtp_talk *s, enum kam_smtp_verb verb)
{
  switch (verb) {
  case KAM_SMTP_NOOP:
    junk(s, "250 2.0.0 Ok");
    break;
  case KAM_SMTP_VRFY:
    junk(s, "252 2.5.2 Cannot say, but a mail will be tried");
    break;
  case KAM_SMTP_HELP:
    junk(s, "214 2.0.0 EHLO HELO MAIL RCPT DATA RSET NOOP VRFY QUIT");
    break;
  case KAM_SMTP_GET:
  case KAM_SMTP_HEAD:
  case KAM_SMTP_POST:
  case KAM_SMTP_PUT:
  case KAM_SMTP_OPTIONS:
  case KAM_SMTP_CONNECT: /* somebody else's request, sent here */
    kam_smtp_leave(s, "421 4.7.0 This is a mail server");
    break;
  case KAM_SMTP_UNKNOWN:
    kam_smtp_fault(s, "500 5.5.2 No such command");
    break;
  default:
    kam_smtp_fault(s, "502 5.5.1 This command is not to be had");
  }
  return 0;
}

/* Nothing may stand behind these before they are answered (RFC 2920, 3.1); and
 * behind none where that is not offered. */
static bool is_ahead(const struct kam_smtp_talk *s, enum kam_smtp_verb verb)
{
  bool last =
      verb == KAM_SMTP_EHLO || verb == KAM_SMTP_HELO || verb == KAM_SMTP_DATA;
  return s->strict && (last || !(s->offered & KAM_SMTP_OFFERS_PIPELINING)) &&
         verb != KAM_SMTP_QUIT && verb != KAM_SMTP_STARTTLS;
}

static bool is_long(const struct kam_smtp_talk *s, enum kam_smtp_verb verb,
                    struct kam_smtp_span rest, size_t len)
{
  bool extended = (verb == KAM_SMTP_MAIL || verb == KAM_SMTP_RCPT) &&
                  memchr(rest.s, '=', rest.len);
  return len + 2 > (size_t)(extended ? s->parameter_line : s->line);
}

int kam_smtp_command(struct kam_smtp_talk *s, const char *line, size_t len,
                     bool more)
{
  struct kam_smtp_span rest;
  enum kam_smtp_verb verb =
      kam_smtp_verb((struct kam_smtp_span){line, len}, &rest);
  s->waited = 0;
  if (is_long(s, verb, rest, len)) {
    kam_smtp_fault(s, "500 5.5.2 The line is too long");
    return 0;
  }
  if (more && is_ahead(s, verb)) {
    kam_smtp_leave(s, "503 5.5.0 Await each reply");
    return 0;
  }
  if (!s->greeted && verb != KAM_SMTP_QUIT) {
    kam_smtp_fault(s, "503 5.5.1 No service");
    return 0;
  }
  switch (verb) {
  case KAM_SMTP_EHLO:
  case KAM_SMTP_HELO:
    return hail(s, verb, rest);
  case KAM_SMTP_MAIL:
    return mail(s, rest);
  case KAM_SMTP_RCPT:
    return rcpt(s, rest);
  case KAM_SMTP_DATA:
    return data(s);
  case KAM_SMTP_RSET:
    return reset(s);
  case KAM_SMTP_STARTTLS:
    return start_tls(s, more);
  case KAM_SMTP_QUIT:
    return quit(s);
  default:
    return other(s, verb);
  }
}

int kam_smtp_end(struct kam_smtp_talk *s)
{
  struct kam_tape t;
  begin_tape(&t, "END");
  put_number(&t, "size", (int64_t)s->reader.size);
  return ask(s, &t, KAM_SMTP_ASKED_END);
}

int kam_smtp_abort(struct kam_smtp_talk *s, const char *reason)
{
  forget_mail(s);
  return kam_smtp_tell(s, "ABORT", "reason", reason);
}

/* --- the handler's replies --- */

static const struct {
  const char *name;
  enum kam_smtp_extensions bit;
} extensions[] = {{"PIPELINING", KAM_SMTP_OFFERS_PIPELINING},
                  {"SIZE", KAM_SMTP_OFFERS_SIZE},
                  {"8BITMIME", KAM_SMTP_OFFERS_8BITMIME},
                  {"SMTPUTF8", KAM_SMTP_OFFERS_SMTPUTF8},
                  {"DSN", KAM_SMTP_OFFERS_DSN},
                  {"ENHANCEDSTATUSCODES", KAM_SMTP_OFFERS_ENHANCEDSTATUSCODES}};

/* One line behind the first of a reply to EHLO. */
static void offer(struct kam_smtp_talk *s, const char *line, size_t len)
{
  size_t i, n = 0;
  while (n < len && line[n] != ' ')
    n++;
  for (i = 0; i < sizeof extensions / sizeof *extensions; i++)
    if (strlen(extensions[i].name) == n &&
        strncasecmp(line, extensions[i].name, n) == 0)
      s->offered |= (uint8_t)extensions[i].bit;
  if (n == 4 && strncasecmp(line, "SIZE", 4) == 0)
    for (s->size_offered = 0; n < len; n++)
      if (line[n] >= '0' && line[n] <= '9' && s->size_offered < 1u << 31)
        s->size_offered = s->size_offered * 10 + (uint64_t)(line[n] - '0');
}

static void hailed(struct kam_smtp_talk *s, const char *reply, size_t len)
{
  const char *end = reply + len, *lf = memchr(reply, '\n', len);
  s->hailed = true;
  s->offered = 0;
  s->size_offered = 0;
  if (s->asked == KAM_SMTP_ASKED_HELO) {
    put_reply(&s->out, reply, lf ? (size_t)(lf - reply) : len);
    return;
  }
  for (; lf; lf = memchr(lf + 1, '\n', (size_t)(end - lf - 1))) {
    const char *next = memchr(lf + 1, '\n', (size_t)(end - lf - 1));
    offer(s, lf + 1, (size_t)((next ? next : end) - lf - 1));
  }
  if (s->start_tls && !s->secured) {
    struct kam_text all;
    kam_text_init(&all, kam_mem_of(&s->comp));
    kam_text_put(&all, reply, len);
    kam_text_puts(&all, "\nSTARTTLS");
    if (all.failed)
      s->out.failed = true;
    else
      put_reply(&s->out, all.s, all.len);
    kam_text_fini(&all);
  } else
    put_reply(&s->out, reply, len);
}

static bool is_reply(const char *reply, size_t len)
{
  return len >= 3 && len <= REPLY && reply[0] >= '2' && reply[0] <= '5' &&
         reply[1] >= '0' && reply[1] <= '9' && reply[2] >= '0' &&
         reply[2] <= '9' && (len == 3 || reply[3] == ' ') &&
         !memchr(reply, '\r', len) && !memchr(reply, '\0', len);
}

/* What a reply that says yes to what was asked makes of the session. */
static void agreed(struct kam_smtp_talk *s, const char *reply)
{
  if (s->asked == KAM_SMTP_ASKED_MAIL)
    s->has_mail = true;
  else if (s->asked == KAM_SMTP_ASKED_RCPT)
    s->n_taken++;
  else if (s->asked == KAM_SMTP_ASKED_DATA && reply[0] == '3') {
    s->phase = KAM_SMTP_READS;
    s->reader =
        (struct kam_smtp_reader){.max_line = (uint32_t)s->text_line,
                                 .repairs = strcmp(s->bare, "repair") == 0};
    s->header = (struct kam_smtp_header){0};
  }
}

int kam_smtp_reply(struct kam_smtp_talk *s, const char *reply, size_t len)
{
  bool yes;
  if (!is_reply(reply, len))
    return kam_failf(&s->comp,
                     "error[E0681]: an SMTP reply cannot be sent: it is no "
                     "code of three digits and a text in lines");
  yes = reply[0] == (s->asked == KAM_SMTP_ASKED_DATA ? '3' : '2');
  s->phase = KAM_SMTP_TALKS;
  s->waited = 0;
  if (s->asked == KAM_SMTP_ASKED_CONNECT)
    s->greeted = yes;
  if (yes && s->asked <= KAM_SMTP_ASKED_HELO &&
      s->asked != KAM_SMTP_ASKED_CONNECT)
    hailed(s, reply, len);
  else
    put_reply(&s->out, reply, len);
  if (yes)
    agreed(s, reply);
  else if (reply[0] == '5')
    count_fault(s);
  if (s->asked == KAM_SMTP_ASKED_END ||
      (s->asked == KAM_SMTP_ASKED_DATA && !yes))
    forget_mail(s);
  if (memcmp(reply, "421", 3) == 0)
    s->phase = KAM_SMTP_LEAVES;
  else if (s->n_errors >= s->errors)
    kam_smtp_leave(s, "421 4.7.0 Too many errors");
  return 0;
}
