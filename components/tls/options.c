/* options: their declarations, and what cannot go together. */
#include "components/tls/options.h"

#include "core/feed.h"
#include "core/warn.h"

static const char *const versions[] = {"1.2", "1.3", NULL};

const struct kam_option_spec kam_tls_options[] = {
    KAM_FLAG(struct kam_tls, client, false, "it is the client's side"),
    KAM_LIST(struct kam_tls, certificates,
             "PEM files, each of a certificate and those that vouch for it; a "
             "server gives the one that its peer asks for, or the first"),
    KAM_LIST(struct kam_tls, keys,
             "PEM files with the keys of the certificates, in the same order; "
             "without them they are in the same files"),
    KAM_TEXT(struct kam_tls, ca, "",
             "the authorities that are trusted, a PEM file or a folder; for a "
             "client, without it, the system's; a server that is given some "
             "asks each peer for a certificate of theirs"),
    KAM_FLAG(struct kam_tls, verify, true,
             "a client checks the certificate of its peer"),
    {.name = "serverName",
     .doc = "the name, or the address, that the server's certificate must be "
            "for; a client asks for it",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct kam_tls, server_name),
     .fallback = {.type = KAM_OPTION_STRING, .s = ""}},
    KAM_LIST(struct kam_tls, protocols,
             "names of protocols, of which the server chooses one, for ALPN; "
             "the best first"),
    {.name = "minimum",
     .doc = "the oldest version that is spoken",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct kam_tls, minimum),
     .fallback = {.type = KAM_OPTION_STRING, .s = "1.2"},
     .one_of = versions},
    {.name = "startTLS",
     .doc = "bytes go through as they are until { startTLS = true } has come",
     .type = KAM_OPTION_BOOLEAN,
     .offset = offsetof(struct kam_tls, start_tls),
     .fallback = {.type = KAM_OPTION_BOOLEAN}},
    {.name = "closeNotify",
     .doc = "a client fails if its peer closes without having said that it has "
            "sent all",
     .type = KAM_OPTION_BOOLEAN,
     .offset = offsetof(struct kam_tls, close_notify),
     .fallback = {.type = KAM_OPTION_BOOLEAN, .b = true}},
    {.name = "halfClose",
     .doc = "a client that has sent all says so, and not only at the end; many "
            "servers give no more answers then",
     .type = KAM_OPTION_BOOLEAN,
     .offset = offsetof(struct kam_tls, half_close),
     .fallback = {.type = KAM_OPTION_BOOLEAN}},
    KAM_NUM(struct kam_tls, timeout, 10, 0.001, 86400,
            "seconds that the handshake may take"),
    {0}};

static const char *lack(const struct kam_tls *t)
{
  if (!t->client && !(t->certificates && *t->certificates))
    return "a server needs certificates";
  if (t->client && t->verify && !*t->server_name)
    return "whose certificate is to be checked? give a serverName";
  return NULL;
}

SSL_CTX *kam_tls_open(struct kam_tls *t)
{
  const struct kam_tls_terms terms = {
      .client = t->client,
      .certificates = (const char *const *)t->certificates,
      .keys = (const char *const *)t->keys,
      .ca = t->ca,
      .protocols = (const char *const *)t->protocols,
      .minimum = t->minimum};
  char why[KAM_TLS_WHY];
  const char *lacks = lack(t);
  SSL_CTX *ctx = NULL;
  if (lacks)
    snprintf(why, sizeof why, "%s", lacks);
  else
    ctx = kam_tls_context(t->comp.party.world, &terms, why);
  if (!ctx)
    kam_failf(&t->comp, "error[E0678]: %s", why);
  else if (*why)
    kam_component_warn(&t->comp, "W0016", why);
  return ctx;
}
