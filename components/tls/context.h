/* context: certificates, keys and terms, read once for all the sessions that
 * name the same. Files that have changed are read anew; if that fails, the next
 * sessions get what was read before. */
#ifndef KAM_TLS_CONTEXT_H
#define KAM_TLS_CONTEXT_H

#include "core/mem.h"
#include "core/world.h"

#include <openssl/ssl.h>

/* What a context is made from; all borrowed. */
struct kam_tls_terms {
  bool client;
  const char *const *certificates; /* PEM files, with their chains; or NULL */
  const char *const *keys; /* of each; NULL or too short: in the same file */
  const char *ca; /* a PEM file or a folder of them; "": the system's */
  const char *const *protocols; /* of ALPN, best first; or NULL */
  const char *minimum;          /* "1.2" or "1.3" */
};

enum { KAM_TLS_WHY = 400 };

/* A context for these terms; the caller owns a reference. NULL, or one of what
 * was read before: why, of KAM_TLS_WHY bytes, says what is wrong, with which
 * file; else it is empty. */
SSL_CTX *kam_tls_context(struct kam_world *w, const struct kam_tls_terms *terms,
                         char *why);

/* What OpenSSL has to say of what went wrong first, for people. */
const char *kam_tls_reason(char *buf, size_t size);

#endif
