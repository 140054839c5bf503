/* peer: certificates, and what is known of the other side after a handshake. */
#ifndef KAM_TLS_PEER_H
#define KAM_TLS_PEER_H

#include "core/tape.h"

#include <openssl/ssl.h>

/* Writes a table: subject and issuer (RFC 2253), names (DNS names, mail
 * addresses and URIs), from and till (ISO 8601, UTC), and fingerprint (SHA-256,
 * hexadecimal). */
void kam_tls_describe_certificate(X509 *cert, struct kam_tape *t);

/* Writes a table: startTLS, version, cipher, protocol (of ALPN), serverName,
 * and the peer's certificate; what there is not is left out. */
void kam_tls_describe(SSL *ssl, bool start_tls, struct kam_tape *t);

#endif
