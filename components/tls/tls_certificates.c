/* TLSCertificates: what a session would be given, looked at beforehand. */
#include "components/tls/options.h"
#include "components/tls/peer.h"

#include "core/feed.h"

/* What is known of the first one, as a message: 0 or a negative code. */
static int describe(struct kam_component *c, SSL_CTX *ctx, struct kam_msg *m)
{
  struct kam_tape tape;
  int err;
  kam_tape_init(&tape);
  kam_tls_describe_certificate(SSL_CTX_get0_certificate(ctx), &tape);
  err = kam_tape_msg(&c->party.world->host, kam_mem_of(c), &tape, m);
  kam_tape_fini(&tape);
  return err;
}

/* Called once: what it sends is all that it has to say. */
static int tls_certificates_step(struct kam_component *c)
{
  struct kam_tls *t = (struct kam_tls *)c;
  SSL_CTX *ctx = kam_tls_open(t);
  struct kam_msg m;
  int err = 0;
  if (!ctx)
    return KAM_EFAILED;
  if (SSL_CTX_get0_certificate(ctx) && c->party.told != KAM_SHUTDOWN) {
    err = describe(c, ctx, &m);
    err = err ? err : kam_send(c, KAM_OUTBOX, m);
  }
  SSL_CTX_free(ctx);
  return err < 0 ? err : KAM_DONE;
}

static const struct kam_box_spec inboxes[] = {{.name = "inbox", .absent = true},
                                              {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "{ subject =, issuer =, names =, from =, till =, "
            "fingerprint = } of the first",
     .optional = true},
    {0}};

KAM_COMPONENT(tls_certificates) = {
    .name = "TLSCertificates",
    .family = "tls",
    .summary = "Reads certificates as a TLSSession does, and tells of them.",
    .doc = "Takes what a TLSSession is given, and fails as that would: so a "
           "server tells at once what is wrong, and not with its first peer. "
           "Times are in UTC, as 2026-12-31T23:59:59Z; the fingerprint is of "
           "SHA-256; of the names those are told that are texts.",
    .ends = "When it has.",
    .example =
        "os.execute(\"openssl req -x509 -newkey ec -pkeyopt "
        "ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \"\n"
        "  .. \"-addext subjectAltName=DNS:localhost -keyout site.pem -out "
        "site.pem 2>errors\")\n"
        "kam.Pipeline {\n"
        "  kam.TLSCertificates { certificates = { \"site.pem\" } },\n"
        "  kam.each(function(cert) print(cert.subject, cert.names[1]) end),\n"
        "}:run()\n"
        "--> CN=localhost	localhost\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = kam_tls_options,
    .size = sizeof(struct kam_tls),
    .step = tls_certificates_step,
};
