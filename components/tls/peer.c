/* peer: certificates and terms, as tables. */
#include "components/tls/peer.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void put(struct kam_tape *t, const char *key, const char *value)
{
  kam_tape_text(t, key);
  kam_tape_text(t, value);
}

/* RFC 2253: the most telling part first. */
static void put_name(struct kam_tape *t, const char *key, X509_NAME *name)
{
  BIO *bio = BIO_new(BIO_s_mem());
  char *text;
  long len;
  if (!bio)
    return;
  if (X509_NAME_print_ex(bio, name, 0,
                         XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
    len = BIO_get_mem_data(bio, &text);
    kam_tape_text(t, key);
    kam_tape_bytes(t, text, (size_t)len);
  }
  BIO_free(bio);
}

static void put_time(struct kam_tape *t, const char *key, const ASN1_TIME *time)
{
  struct tm tm;
  char text[32];
  if (ASN1_TIME_to_tm(time, &tm) != 1)
    return;
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
  put(t, key, text);
}

static void put_fingerprint(struct kam_tape *t, const X509 *cert)
{
  unsigned char hash[EVP_MAX_MD_SIZE];
  char text[2 * EVP_MAX_MD_SIZE + 1];
  unsigned n, i;
  if (X509_digest(cert, EVP_sha256(), hash, &n) != 1)
    return;
  for (i = 0; i < n; i++)
    snprintf(text + 2 * i, 3, "%02x", hash[i]);
  put(t, "fingerprint", text);
}

static void put_names(struct kam_tape *t, X509 *cert)
{
  GENERAL_NAMES *names =
      X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
  int i;
  kam_tape_text(t, "names");
  kam_tape_list(t);
  for (i = 0; names && i < sk_GENERAL_NAME_num(names); i++) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
    const ASN1_STRING *s = name->type == GEN_DNS     ? name->d.dNSName
                           : name->type == GEN_EMAIL ? name->d.rfc822Name
                           : name->type == GEN_URI
                               ? name->d.uniformResourceIdentifier
                               : NULL;
    if (s)
      kam_tape_bytes(t, ASN1_STRING_get0_data(s),
                     (size_t)ASN1_STRING_length(s));
  }
  kam_tape_end(t);
  GENERAL_NAMES_free(names);
}

void kam_tls_describe_certificate(X509 *cert, struct kam_tape *t)
{
  kam_tape_table(t);
  put_name(t, "subject", X509_get_subject_name(cert));
  put_name(t, "issuer", X509_get_issuer_name(cert));
  put_time(t, "from", X509_get0_notBefore(cert));
  put_time(t, "till", X509_get0_notAfter(cert));
  put_fingerprint(t, cert);
  put_names(t, cert);
  kam_tape_end(t);
}

void kam_tls_describe(SSL *ssl, bool start_tls, struct kam_tape *t)
{
  const unsigned char *protocol;
  const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  X509 *cert = SSL_get0_peer_certificate(ssl);
  unsigned len;
  kam_tape_table(t);
  if (start_tls) {
    kam_tape_text(t, "startTLS");
    kam_tape_bool(t, true);
  }
  put(t, "version", SSL_get_version(ssl));
  put(t, "cipher", SSL_get_cipher_name(ssl));
  SSL_get0_alpn_selected(ssl, &protocol, &len);
  if (len > 0) {
    kam_tape_text(t, "protocol");
    kam_tape_bytes(t, protocol, len);
  }
  if (name)
    put(t, "serverName", name);
  if (cert) {
    kam_tape_text(t, "certificate");
    kam_tls_describe_certificate(cert, t);
  }
  kam_tape_end(t);
}
