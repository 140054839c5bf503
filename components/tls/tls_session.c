/* TLSSession: one secured connection (RFC 8446, RFC 5246), by OpenSSL.
 *
 *     bytes ──inbox──> records ──decrypted──> bytes
 *     bytes <──outbox── records <──encrypt─── bytes
 *
 * OpenSSL reads straight from the message in hand, and what it writes is
 * gathered until there is room for it. With startTLS, bytes go through as they
 * are, until a message { startTLS = true } comes to `encrypt`. */
#include "components/tls/options.h"
#include "components/tls/peer.h"

#include "core/alarm.h"
#include "core/extent.h"
#include "core/feed.h"
#include "core/lanes.h"
#include "core/tape.h"
#include "core/text.h"
#include "core/warn.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

enum { IN_ENCRYPT = KAM_IN_EXTRA };
enum { OUT_DECRYPTED = KAM_OUT_EXTRA, OUT_SECURED };
enum {
  BATCH = 16,
  RECORD = 16384,      /* bytes of plain text in one */
  ROOM = 64 << 10,     /* of records, after which no more is encrypted */
  MESSAGES = 256,      /* gathered for one write */
  LINGER = 1000000000, /* ns, for an alert to leave before we fail */
  LOOK_AGAIN = 5000000 /* ns, whether it has */
};

enum phase { PLAIN, SHAKING, SECURE };

struct tls_session {
  struct kam_tls tls; /* must be first */
  SSL *ssl;
  struct kam_feed feed; /* the bytes in hand */
  struct kam_text out;  /* records that are to be sent */
  struct kam_lanes lanes;
  struct kam_msg secured; /* what is to be said of the peer, or nothing */
  char *failing;          /* why it fails when the alert is gone, or NULL */
  uint64_t deadline;      /* of the handshake or of failing, or 0 */
  enum phase phase;
  bool heard_all; /* the peer has said that it sends no more */
  bool said_all;  /* we have */
};

static const struct kam_host *host_of(struct tls_session *t)
{
  return &t->tls.comp.party.world->host;
}

/* --- the transport of OpenSSL --- */

static int bio_read(BIO *bio, char *buf, size_t len, size_t *n)
{
  struct tls_session *t = BIO_get_data(bio);
  struct kam_feed *f = &t->feed;
  size_t left = f->len - f->at;
  BIO_clear_retry_flags(bio);
  if (left == 0) {
    BIO_set_retry_read(bio);
    return 0;
  }
  *n = len < left ? len : left;
  memcpy(buf, f->data + f->at, *n);
  f->at += *n;
  return 1;
}

static int bio_write(BIO *bio, const char *bytes, size_t len, size_t *n)
{
  struct tls_session *t = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  kam_text_put(&t->out, bytes, len);
  *n = len;
  return !t->out.failed;
}

static long bio_control(BIO *bio, int command, long n, void *p)
{
  (void)bio;
  (void)n;
  (void)p;
  return command == BIO_CTRL_FLUSH;
}

struct transport {
  struct kam_shared shared; /* must be first */
  BIO_METHOD *method;
};

static const char tag; /* its address is ours */

static void free_transport(struct kam_shared *s, struct kam_mem *mem)
{
  BIO_meth_free(((struct transport *)s)->method);
  kam_mem_free(mem, s, sizeof(struct transport));
}

/* Made once for all sessions, or NULL. */
static BIO_METHOD *method_of(struct kam_world *w)
{
  struct transport *p = (struct transport *)kam_world_shared(w, &tag);
  if (p)
    return p->method;
  p = kam_mem_zalloc(&w->mem, sizeof *p);
  if (!p)
    return NULL;
  p->method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "kam");
  if (!p->method) {
    kam_mem_free(&w->mem, p, sizeof *p);
    return NULL;
  }
  BIO_meth_set_read_ex(p->method, bio_read);
  BIO_meth_set_write_ex(p->method, bio_write);
  BIO_meth_set_ctrl(p->method, bio_control);
  p->shared.tag = &tag;
  p->shared.free = free_transport;
  kam_world_share(w, &p->shared);
  return p->method;
}

/* --- failing --- */

/* A client fails, when what is written so far has left. A server has many
 * peers, and only warns of one. */
static int fail_with(struct tls_session *t, const char *code, const char *what,
                     const char *why)
{
  char text[600], to[280] = "";
  if (t->failing)
    return 0;
  if (*t->tls.server_name)
    snprintf(to, sizeof to, " to %.255s", t->tls.server_name);
  if (!t->tls.client) {
    snprintf(text, sizeof text, "%s with a peer: %s", what, why);
    kam_component_warn(&t->tls.comp, "W0015", text);
  } else
    snprintf(text, sizeof text, "error[%s]: %s%s: %s", code, what, to, why);
  t->failing = kam_mem_strdup(kam_mem_of(&t->tls.comp), text);
  t->deadline = kam_now(&t->tls.comp) + LINGER;
  kam_alarm_clear(&t->tls.comp);
  return t->failing ? 0 : KAM_ENOMEM;
}

/* The alert has left, or does not. */
static int fail(struct tls_session *t)
{
  if (!t->tls.client)
    return KAM_DONE;
  kam_component_fail(&t->tls.comp, t->failing);
  return KAM_EFAILED;
}

static int shake_failed(struct tls_session *t)
{
  long verdict = SSL_get_verify_result(t->ssl);
  char why[200];
  if (verdict != X509_V_OK)
    snprintf(why, sizeof why, "the certificate is refused: %s",
             X509_verify_cert_error_string(verdict));
  else
    kam_tls_reason(why, sizeof why);
  ERR_clear_error();
  return fail_with(t, "E0676", "no secure connection", why);
}

static int broke(struct tls_session *t)
{
  char why[200];
  return fail_with(t, "E0677", "the secure connection broke",
                   kam_tls_reason(why, sizeof why));
}

/* --- the handshake --- */

/* What the peer's certificate must be for. */
static bool expect_name(struct tls_session *t)
{
  ASN1_OCTET_STRING *address = a2i_IPADDRESS(t->tls.server_name);
  bool is_address = address != NULL;
  ASN1_OCTET_STRING_free(address);
  if (!*t->tls.server_name)
    return true;
  if (!is_address && SSL_set_tlsext_host_name(t->ssl, t->tls.server_name) != 1)
    return false;
  if (!t->tls.verify)
    return true;
  SSL_set_hostflags(t->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(t->ssl),
                                                    t->tls.server_name) == 1
                    : SSL_set1_host(t->ssl, t->tls.server_name) == 1;
}

static void begin_shaking(struct tls_session *t)
{
  t->phase = SHAKING;
  t->deadline = kam_now(&t->tls.comp) + (uint64_t)(t->tls.timeout * 1e9);
  kam_alarm_clear(&t->tls.comp);
}

/* What is known of the peer, as a message: 0 or a negative code. */
static int describe(struct tls_session *t, struct kam_msg *m)
{
  struct kam_tape tape;
  int err;
  kam_tape_init(&tape);
  kam_tls_describe(t->ssl, t->tls.start_tls, &tape);
  err = kam_tape_msg(host_of(t), kam_mem_of(&t->tls.comp), &tape, m);
  kam_tape_fini(&tape);
  return err;
}

static int shake(struct tls_session *t)
{
  int r, err;
  ERR_clear_error();
  r = SSL_do_handshake(t->ssl);
  if (r != 1)
    return SSL_get_error(t->ssl, r) == SSL_ERROR_WANT_READ ? 0
                                                           : shake_failed(t);
  t->phase = SECURE;
  t->deadline = 0;
  kam_alarm_clear(&t->tls.comp);
  err = describe(t, &t->secured);
  if (!err && t->tls.start_tls) /* it was free when the handshake began */
    err = describe(t, &t->lanes.m[1]);
  return err;
}

/* --- from the peer --- */

/* Is something at hand to be read? Takes the next message if none is. */
static bool fetch(struct tls_session *t)
{
  struct kam_feed *f = &t->feed;
  while (f->at == f->len) {
    kam_feed_fini(&t->tls.comp, f);
    if (!kam_take(&t->tls.comp, KAM_INBOX, &f->msg))
      return false;
    f->data = kam_msg_view(host_of(t), f->msg, &f->len);
  }
  return true;
}

/* Whoever gets what is decrypted gets no more. */
static void end_reading(struct tls_session *t)
{
  struct kam_link *l = t->tls.comp.party.out[OUT_DECRYPTED].port.to;
  t->heard_all = true;
  if (l)
    kam_link_end(l);
}

/* One record at most: 1, 0 if there was nothing, or a negative code. */
static int decrypt(struct tls_session *t)
{
  unsigned char plain[RECORD];
  struct kam_bytes *b;
  size_t n;
  int r;
  ERR_clear_error();
  r = SSL_read_ex(t->ssl, plain, sizeof plain, &n);
  if (r == 1) {
    b = kam_bytes_copy(kam_mem_of(&t->tls.comp), plain, n);
    if (!b)
      return KAM_ENOMEM;
    t->lanes.m[1] = kam_msg_bytes(b);
    return 1;
  }
  switch (SSL_get_error(t->ssl, r)) {
  case SSL_ERROR_WANT_READ:
    return 0;
  case SSL_ERROR_ZERO_RETURN:
    end_reading(t);
    return 1;
  default:
    r = broke(t);
    return r ? r : 1;
  }
}

/* The network has no more. What was not said to be all may have been cut. */
static int end_of_inbox(struct tls_session *t)
{
  int err = 0;
  if (t->phase == SHAKING)
    t->said_all = true;
  if (t->phase == SHAKING && t->tls.client)
    err = fail_with(t, "E0676", "no secure connection",
                    "the peer has closed the connection");
  else if (t->phase == SECURE && t->tls.client && t->tls.close_notify)
    err = fail_with(t, "E0677", "the secure connection broke",
                    "the peer has closed it without saying that it had sent "
                    "all");
  end_reading(t);
  return err;
}

/* 1: it went on, 0: it did not, or a negative code. */
static int read_on(struct tls_session *t)
{
  struct kam_feed *f = &t->feed;
  bool some;
  int r;
  if (t->heard_all || t->lanes.m[1].tag != KAM_NOTHING)
    return 0;
  if (t->phase == SECURE && SSL_has_pending(t->ssl)) {
    r = decrypt(t);
    if (r)
      return r;
  }
  some = fetch(t);
  if (!some && !kam_over(&t->tls.comp, KAM_INBOX))
    return 0;
  if (!some) {
    r = end_of_inbox(t);
    return r ? r : 1;
  }
  if (t->phase == SHAKING)
    r = shake(t);
  else if (t->phase == SECURE)
    r = decrypt(t);
  else {
    t->lanes.m[1] = f->msg;
    *f = (struct kam_feed){0};
    r = 0;
  }
  return r < 0 ? r : 1;
}

/* --- to the peer --- */

/* Encrypts what was gathered: 0 or a negative code. */
static int flush(struct tls_session *t, const void *bytes, size_t len)
{
  size_t n;
  ERR_clear_error();
  if (len == 0 || SSL_write_ex(t->ssl, bytes, len, &n) == 1)
    return t->out.failed ? KAM_ENOMEM : 0;
  return broke(t);
}

/* Small messages go into one record. 1: some came, 0, or a negative code. */
static int encrypt(struct tls_session *t)
{
  unsigned char plain[RECORD];
  size_t n = 0, len;
  struct kam_msg m;
  int i, err = 0;
  for (i = 0; i < MESSAGES && !err && t->out.len < ROOM && !t->failing; i++) {
    const char *bytes;
    if (!kam_take(&t->tls.comp, IN_ENCRYPT, &m))
      break;
    bytes = kam_msg_view(host_of(t), m, &len);
    if (!bytes) {
      bool is_part = kam_msg_get_extent(m) != NULL;
      kam_msg_drop(host_of(t), m);
      return kam_failf(&t->tls.comp, is_part ? "a file has become shorter"
                                             : "the connection is secure "
                                               "already");
    }
    if (n + len > sizeof plain) {
      err = flush(t, plain, n);
      n = 0;
    }
    if (!err && len > sizeof plain)
      err = flush(t, bytes, len);
    else if (!err) {
      memcpy(plain + n, bytes, len);
      n += len;
    }
    kam_msg_drop(host_of(t), m);
  }
  if (!err && !t->failing)
    err = flush(t, plain, n);
  return err ? err : i > 0;
}

static bool is_start(struct tls_session *t, struct kam_msg m)
{
  struct kam_tape tape;
  struct kam_tape_item key, value;
  size_t at = 0;
  bool is;
  kam_tape_init(&tape);
  is = !kam_tape_of(host_of(t), m, &tape) && kam_tape_next(&tape, &at, &key) &&
       key.type == KAM_TAPE_TABLE && kam_tape_next(&tape, &at, &key) &&
       key.type == KAM_TAPE_BYTES && key.len == 8 &&
       memcmp(key.bytes, "startTLS", 8) == 0 &&
       kam_tape_next(&tape, &at, &value) && value.type == KAM_TAPE_BOOL &&
       value.b;
  kam_tape_fini(&tape);
  return is;
}

/* Bytes that have come before the handshake could begin were not meant for the
 * secure side: whoever sent them hopes that they are taken for it. */
static int start(struct tls_session *t)
{
  struct kam_outbox *o = &t->tls.comp.party.out[OUT_DECRYPTED];
  bool early = t->lanes.m[1].tag != KAM_NOTHING || kam_is_held(&t->tls.comp) ||
               fetch(t) || (o->sink && o->sink->put != o->sink->taken);
  if (early)
    return fail_with(t, "E0676", "no secure connection",
                     "more came than the request to begin one");
  begin_shaking(t);
  return t->tls.client ? shake(t) : 0;
}

/* 1: something came, 0, or a negative code. */
static int take_plain(struct tls_session *t)
{
  struct kam_msg m;
  size_t len;
  int err;
  if (!kam_take(&t->tls.comp, IN_ENCRYPT, &m))
    return 0;
  if (kam_msg_view(host_of(t), m, &len)) {
    t->lanes.m[0] = m;
    return 1;
  }
  err = is_start(t, m) ? start(t)
                       : kam_failf(&t->tls.comp, "a message is bytes, or "
                                                 "{ startTLS = true }");
  kam_msg_drop(host_of(t), m);
  return err ? err : 1;
}

/* The other side of us has no more. */
static int end_writing(struct tls_session *t)
{
  t->said_all = true;
  if (t->phase == SECURE &&
      (!t->tls.client || t->tls.half_close || t->heard_all)) {
    ERR_clear_error();
    SSL_shutdown(t->ssl); /* what it could tell is of the peer's side */
  }
  return t->out.failed ? KAM_ENOMEM : 1;
}

static int write_on(struct tls_session *t)
{
  struct kam_component *c = &t->tls.comp;
  bool fed = c->party.in[IN_ENCRYPT].port.flags & KAM_PORT_FED;
  int r = 0;
  if (t->said_all || t->lanes.m[0].tag != KAM_NOTHING || t->phase == SHAKING ||
      t->out.len > 0)
    return 0;
  r = t->phase == PLAIN ? take_plain(t) : encrypt(t);
  if (r == 0 && (fed || c->party.told ? kam_over(c, IN_ENCRYPT) : t->heard_all))
    r = end_writing(t);
  return r;
}

/* --- */

static int load_records(struct tls_session *t)
{
  struct kam_bytes *b;
  if (t->lanes.m[0].tag != KAM_NOTHING || t->out.len == 0)
    return 0;
  b = kam_bytes_copy(kam_mem_of(&t->tls.comp), t->out.s, t->out.len);
  if (!b)
    return KAM_ENOMEM;
  t->lanes.m[0] = kam_msg_bytes(b);
  t->out.len = 0;
  if (t->out.size > 4096) /* an idle connection keeps little */
    kam_text_fini(&t->out);
  return 0;
}

/* What is known of the peer now; the box is for who wants it. */
static int tell(struct tls_session *t)
{
  int r = kam_outbox_try(&t->tls.comp.party.out[OUT_SECURED], t->secured);
  if (r == KAM_FULL)
    return 0;
  t->secured = (struct kam_msg){0};
  return r < 0 && r != KAM_NOBODY ? r : 0;
}

static int wait(struct tls_session *t)
{
  char why[64];
  int err;
  if (!t->deadline)
    return KAM_PAUSE;
  if (kam_now(&t->tls.comp) < t->deadline)
    return kam_alarm_armed(&t->tls.comp) ||
                   !kam_alarm_set(&t->tls.comp, t->deadline)
               ? KAM_PAUSE
               : KAM_ENOMEM;
  snprintf(why, sizeof why, "no handshake in %.14g seconds", t->tls.timeout);
  err = fail_with(t, "E0676", "no secure connection", why);
  return err ? err : KAM_AGAIN;
}

/* Has all that was written reached the network? Whoever owns us may stop that
 * with us. */
static bool has_left(const struct tls_session *t)
{
  const struct kam_inbox *sink = t->tls.comp.party.out[KAM_OUTBOX].sink;
  return t->lanes.m[0].tag == KAM_NOTHING && t->out.len == 0 &&
         !(sink && sink->put != sink->taken);
}

static int wait_for_alert(struct tls_session *t)
{
  if (kam_now(&t->tls.comp) >= t->deadline)
    return fail(t);
  return kam_alarm_after(&t->tls.comp, LOOK_AGAIN) ? KAM_ENOMEM : KAM_PAUSE;
}

static bool is_idle(struct tls_session *t)
{
  return t->lanes.m[0].tag == KAM_NOTHING && t->lanes.m[1].tag == KAM_NOTHING &&
         t->out.len == 0 && !kam_is_held(&t->tls.comp);
}

/* Both sides have said all, or ours has and nobody waits for the other. */
static bool is_over(const struct tls_session *t)
{
  return t->said_all && (t->heard_all || !t->tls.client || t->phase == PLAIN);
}

static int one_step(struct tls_session *t)
{
  struct kam_component *c = &t->tls.comp;
  int r = load_records(t);
  if (!r && t->secured.tag != KAM_NOTHING)
    r = tell(t);
  if (r < 0)
    return r;
  r = kam_lanes_send(c, &t->lanes);
  if (r != KAM_PAUSE)
    return r;
  if (t->failing)
    return has_left(t) ? fail(t) : wait_for_alert(t);
  r = write_on(t);
  r = r ? r : read_on(t);
  if (r)
    return r < 0 ? r : KAM_AGAIN;
  if (t->out.len > 0 && t->lanes.m[0].tag == KAM_NOTHING)
    return KAM_AGAIN;
  return is_idle(t) && is_over(t) ? KAM_DONE : wait(t);
}

static int tls_session_step(struct kam_component *c)
{
  struct tls_session *t = (struct tls_session *)c;
  int i, r = KAM_AGAIN;
  if (c->party.told == KAM_SHUTDOWN) {
    if (t->phase == SECURE && !t->said_all)
      SSL_shutdown(t->ssl);
    if (!load_records(t))
      kam_lanes_send(c, &t->lanes);
    return KAM_DONE;
  }
  if (!(c->party.in[KAM_INBOX].port.flags & KAM_PORT_FED))
    return KAM_DONE; /* there is no connection */
  for (i = 0; i < BATCH && r == KAM_AGAIN; i++)
    r = one_step(t);
  return r;
}

/* --- beginning and end --- */

static int tls_session_open(struct kam_component *c)
{
  struct tls_session *t = (struct tls_session *)c;
  BIO_METHOD *method = method_of(c->party.world);
  SSL_CTX *ctx;
  BIO *bio;
  t->lanes.out[0] = KAM_OUTBOX;
  t->lanes.out[1] = OUT_DECRYPTED;
  kam_text_init(&t->out, kam_mem_of(c));
  ctx = kam_tls_open(&t->tls);
  if (!ctx)
    return KAM_EFAILED;
  t->ssl = SSL_new(ctx);
  SSL_CTX_free(ctx);
  bio = method ? BIO_new(method) : NULL;
  if (!t->ssl || !bio) {
    BIO_free(bio);
    return KAM_ENOMEM;
  }
  BIO_set_data(bio, t);
  BIO_set_init(bio, 1);
  SSL_set_bio(t->ssl, bio, bio);
  if (t->tls.client)
    SSL_set_connect_state(t->ssl);
  else
    SSL_set_accept_state(t->ssl);
  if (t->tls.client)
    SSL_set_verify(t->ssl, t->tls.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
                   NULL);
  if (t->tls.client && !expect_name(t))
    return kam_failf(c, "error[E0678]: %.255s is no name of a server",
                     t->tls.server_name);
  if (t->tls.start_tls)
    return 0;
  begin_shaking(t);
  return t->tls.client ? shake(t) : 0;
}

static void tls_session_close(struct kam_component *c)
{
  struct tls_session *t = (struct tls_session *)c;
  kam_lanes_fini(c, &t->lanes);
  kam_msg_drop(host_of(t), t->secured);
  kam_feed_fini(c, &t->feed);
  kam_text_fini(&t->out);
  if (t->failing)
    kam_mem_strfree(kam_mem_of(c), t->failing);
  SSL_free(t->ssl);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc = "bytes from the peer, in any cut",
     .kinds = KAM_BYTES},
    {.name = "encrypt",
     .doc = "bytes for the peer; with `startTLS`, { startTLS = true } as well"},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "bytes for the peer", .kinds = KAM_BYTES},
    {.name = "decrypted",
     .doc =
         "bytes from the peer; with `startTLS`, what `secured` gets as well, "
         "where the secure part begins"},
    {.name = "secured",
     .doc = "after the handshake, { version =, cipher =, protocol =, "
            "serverName =, certificate = the peer's }",
     .optional = true},
    {0}};

KAM_COMPONENT(tls_session) = {
    .name = "TLSSession",
    .family = "tls",
    .summary = "Secures a connection: TLS 1.2 and 1.3, of either side.",
    .doc = "Stands between a connection and what speaks a protocol through it. "
           "Certificates are read once, and again when their files have "
           "changed. A client refuses a server that its authorities do not "
           "vouch for, or that has another name. With `startTLS` the handler "
           "says where the secure part begins, and is told by a table in front "
           "of its "
           "bytes; bytes that the peer has sent "
           "too early are refused, but for those that the handler has before "
           "the table, "
           "which it must refuse itself. A server warns of a peer with whom no "
           "handshake "
           "comes about, and ends.",
    .ends = "When both sides have sent all; a server's, when it has. At once, "
            "if nothing is linked to its inbox.",
    .example =
        "os.execute(\"openssl req -x509 -newkey ec -pkeyopt "
        "ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \"\n"
        "  .. \"-addext subjectAltName=DNS:localhost -keyout site.pem -out "
        "site.pem 2>errors\")\n"
        "kam.Graphline {\n"
        "  A = kam.DataSource { \"hello\" },\n"
        "  CLIENT = kam.TLSSession { client = true, serverName = "
        "\"localhost\", ca = \"site.pem\", halfClose = true },\n"
        "  SERVER = kam.TLSSession { certificates = { \"site.pem\" } },\n"
        "  B = kam.each(print),\n"
        "  linkages = { \"A -> CLIENT.encrypt\", \"CLIENT -> SERVER\", "
        "\"SERVER -> CLIENT\", \"SERVER.decrypted -> B\" },\n"
        "}:run()\n"
        "--> hello\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = kam_tls_options,
    .size = sizeof(struct tls_session),
    .ends_early = true,
    .duplex = true,
    .open = tls_session_open,
    .step = tls_session_step,
    .close = tls_session_close,
};
