/* context: contexts of OpenSSL, kept by the terms that they were made from. */
#include "components/tls/context.h"

#include "core/err.h"
#include "core/text.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { KEPT = 32, MAX_FILES = 64, MAX_PROTOCOLS = 256 };

/* One certificate and what goes with it. */
struct site {
  SSL_CTX *ctx;
  struct site *next;
};

struct entry {
  struct kam_text name;  /* the terms */
  struct kam_text stamp; /* what the files were like when they were read */
  struct site *sites;    /* the first is for who names no other */
  unsigned char protocols[MAX_PROTOCOLS]; /* as ALPN has them */
  unsigned n_protocols;
  uint64_t used; /* when it was asked for last */
};

struct store {
  struct kam_shared shared; /* must be first */
  struct entry *entries[KEPT];
  uint64_t uses;
};

static const char tag; /* its address is ours */

const char *kam_tls_reason(char *buf, size_t size)
{
  unsigned long e = ERR_peek_error();
  const char *text = e ? ERR_reason_error_string(e) : NULL;
  if (ERR_SYSTEM_ERROR(e))
    text = strerror(ERR_GET_REASON(e));
  snprintf(buf, size, "%s", text ? text : "an unknown error");
  ERR_clear_error();
  return buf;
}

static int cannot(char *why, const char *what, const char *file)
{
  char reason[120];
  snprintf(why, KAM_TLS_WHY, "%s %.200s: %s", what, file,
           kam_tls_reason(reason, sizeof reason));
  return KAM_EINVAL;
}

/* --- the names of terms, and the stamps of files --- */

static void put_list(struct kam_text *t, const char *const *list)
{
  for (; list && *list; list++) {
    kam_text_put(t, *list, strlen(*list) + 1);
  }
  kam_text_put(t, "", 1);
}

static void name_of(const struct kam_tls_terms *terms, struct kam_text *t)
{
  kam_text_puts(t, terms->client ? "c" : "s");
  kam_text_puts(t, terms->minimum);
  put_list(t, terms->certificates);
  put_list(t, terms->keys);
  put_list(t, terms->protocols);
  kam_text_puts(t, terms->ca);
}

static void put_stamp(struct kam_text *t, const char *path)
{
  struct stat st;
  if (stat(path, &st))
    kam_text_puts(t, "none;");
  else
    kam_text_printf(t, "%llu.%llu.%lld.%lld.%ld;",
                    (unsigned long long)st.st_dev,
                    (unsigned long long)st.st_ino, (long long)st.st_size,
                    (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

static void stamp_of(const struct kam_tls_terms *terms, struct kam_text *t)
{
  const char *const *p;
  for (p = terms->certificates; p && *p; p++)
    put_stamp(t, *p);
  for (p = terms->keys; p && *p; p++)
    put_stamp(t, *p);
  if (*terms->ca)
    put_stamp(t, terms->ca);
}

static bool alike(const struct kam_text *a, const struct kam_text *b)
{
  return a->len == b->len && (a->len == 0 || memcmp(a->s, b->s, a->len) == 0);
}

/* --- making --- */

/* There is nobody who could type one. */
static int no_password(char *buf, int size, int writing, void *user)
{
  (void)buf;
  (void)size;
  (void)writing;
  (void)user;
  return -1;
}

static int use_certificate(SSL_CTX *ctx, const char *file, const char *key,
                           char *why)
{
  SSL_CTX_set_default_passwd_cb(ctx, no_password);
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(ctx, file) != 1)
    return cannot(why, "cannot use the certificate", file);
  if (SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1)
    return cannot(why, "cannot use the key", key);
  return 0;
}

static int use_ca(SSL_CTX *ctx, const char *ca, char *why)
{
  struct stat st;
  int r;
  ERR_clear_error();
  if (!*ca)
    r = SSL_CTX_set_default_verify_paths(ctx);
  else if (!stat(ca, &st) && S_ISDIR(st.st_mode))
    r = SSL_CTX_load_verify_dir(ctx, ca);
  else
    r = SSL_CTX_load_verify_file(ctx, ca);
  return r == 1 ? 0
                : cannot(why, "cannot use the authorities in",
                         *ca ? ca : "this system");
}

/* A server that knows authorities asks its peers for certificates. */
static int ask_for_certificates(SSL_CTX *ctx, const char *ca)
{
  STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(ca);
  ERR_clear_error(); /* a folder's names are not told */
  if (names)
    SSL_CTX_set_client_CA_list(ctx, names);
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     NULL);
  return 0;
}

/* The certificate whose names the peer asks for. */
static int on_server_name(SSL *ssl, int *alert, void *user)
{
  const struct site *s;
  const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  (void)alert;
  for (s = ((struct entry *)user)->sites; name && s; s = s->next)
    if (X509_check_host(SSL_CTX_get0_certificate(s->ctx), name, 0, 0, NULL) ==
        1) {
      SSL_set_SSL_CTX(ssl, s->ctx);
      return SSL_TLSEXT_ERR_OK;
    }
  return SSL_TLSEXT_ERR_NOACK;
}

static int on_protocols(SSL *ssl, const unsigned char **out, unsigned char *len,
                        const unsigned char *theirs, unsigned n, void *user)
{
  const struct entry *e = user;
  unsigned char *chosen;
  (void)ssl;
  if (SSL_select_next_proto(&chosen, len, e->protocols, e->n_protocols, theirs,
                            n) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

static int set_protocols(struct entry *e, const char *const *list, char *why)
{
  for (; list && *list; list++) {
    size_t len = strlen(*list);
    if (len == 0 || len > 255 || e->n_protocols + len + 1 > MAX_PROTOCOLS) {
      snprintf(why, KAM_TLS_WHY, "the names of protocols have 1 to 255 bytes");
      return KAM_EINVAL;
    }
    e->protocols[e->n_protocols++] = (unsigned char)len;
    memcpy(e->protocols + e->n_protocols, *list, len);
    e->n_protocols += (unsigned)len;
  }
  return 0;
}

static int set_terms(struct entry *e, SSL_CTX *ctx,
                     const struct kam_tls_terms *terms, char *why)
{
  int err = 0;
  SSL_CTX_set_min_proto_version(ctx, strcmp(terms->minimum, "1.3") == 0
                                         ? TLS1_3_VERSION
                                         : TLS1_2_VERSION);
  SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                               SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
  if (terms->client || *terms->ca)
    err = use_ca(ctx, terms->ca, why);
  if (err)
    return err;
  if (terms->client) {
    if (e->n_protocols > 0)
      SSL_CTX_set_alpn_protos(ctx, e->protocols, e->n_protocols);
    return 0;
  }
  SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"kam", 3);
  SSL_CTX_set_tlsext_servername_callback(ctx, on_server_name);
  SSL_CTX_set_tlsext_servername_arg(ctx, e);
  if (e->n_protocols > 0)
    SSL_CTX_set_alpn_select_cb(ctx, on_protocols, e);
  return *terms->ca ? ask_for_certificates(ctx, terms->ca) : 0;
}

static int add_site(struct kam_mem *mem, struct entry *e, struct site ***end,
                    const struct kam_tls_terms *terms, const char *file,
                    const char *key, char *why)
{
  struct site *s = kam_mem_zalloc(mem, sizeof *s);
  int err;
  if (!s || !(s->ctx = SSL_CTX_new(TLS_method()))) {
    kam_mem_free(mem, s, s ? sizeof *s : 0);
    snprintf(why, KAM_TLS_WHY, "memory is out");
    return KAM_ENOMEM;
  }
  **end = s;
  *end = &s->next;
  err = set_terms(e, s->ctx, terms, why);
  return err || !file ? err : use_certificate(s->ctx, file, key, why);
}

static void free_entry(struct kam_mem *mem, struct entry *e)
{
  while (e->sites) {
    struct site *s = e->sites;
    e->sites = s->next;
    /* sessions that still use it must not come back to what is gone */
    SSL_CTX_set_tlsext_servername_callback(s->ctx, NULL);
    SSL_CTX_set_alpn_select_cb(s->ctx, NULL, NULL);
    SSL_CTX_free(s->ctx);
    kam_mem_free(mem, s, sizeof *s);
  }
  kam_text_fini(&e->name);
  kam_text_fini(&e->stamp);
  kam_mem_free(mem, e, sizeof *e);
}

/* One whose name and stamp are taken over, or NULL. */
static struct entry *make(struct kam_mem *mem,
                          const struct kam_tls_terms *terms,
                          struct kam_text name, struct kam_text stamp,
                          char *why)
{
  struct entry *e = kam_mem_zalloc(mem, sizeof *e);
  const char *const *file = terms->certificates, *const *key = terms->keys;
  struct site **end;
  int err;
  if (!e) {
    kam_text_fini(&name);
    kam_text_fini(&stamp);
    snprintf(why, KAM_TLS_WHY, "memory is out");
    return NULL;
  }
  e->name = name;
  e->stamp = stamp;
  end = &e->sites;
  err = set_protocols(e, terms->protocols, why);
  if (!err && !(file && *file))
    err = add_site(mem, e, &end, terms, NULL, NULL, why);
  for (; !err && file && *file; file++) {
    err = add_site(mem, e, &end, terms, *file, key && *key ? *key : *file, why);
    key += key && *key;
  }
  if (!err)
    return e;
  free_entry(mem, e);
  return NULL;
}

/* --- keeping --- */

static void free_store(struct kam_shared *shared, struct kam_mem *mem)
{
  struct store *s = (struct store *)shared;
  int i;
  for (i = 0; i < KEPT; i++)
    if (s->entries[i])
      free_entry(mem, s->entries[i]);
  kam_mem_free(mem, s, sizeof *s);
}

static struct store *store_of(struct kam_world *w)
{
  struct store *s = (struct store *)kam_world_shared(w, &tag);
  if (s)
    return s;
  s = kam_mem_zalloc(&w->mem, sizeof *s);
  if (!s)
    return NULL;
  s->shared.tag = &tag;
  s->shared.free = free_store;
  kam_world_share(w, &s->shared);
  return s;
}

/* The place of what has that name, or of what may go for it. */
static struct entry **place(struct store *s, const struct kam_text *name)
{
  struct entry **best = &s->entries[0];
  int i;
  for (i = 0; i < KEPT; i++) {
    struct entry **e = &s->entries[i];
    if (*e && alike(&(*e)->name, name))
      return e;
    if (*best && (!*e || (*e)->used < (*best)->used))
      best = e;
  }
  return best;
}

SSL_CTX *kam_tls_context(struct kam_world *w, const struct kam_tls_terms *terms,
                         char *why)
{
  struct store *s = store_of(w);
  struct kam_text name, stamp;
  struct entry **e, *made;
  bool known;
  *why = '\0';
  kam_text_init(&name, &w->mem);
  kam_text_init(&stamp, &w->mem);
  name_of(terms, &name);
  stamp_of(terms, &stamp);
  if (!s || name.failed || stamp.failed) {
    snprintf(why, KAM_TLS_WHY, "memory is out");
    kam_text_fini(&name);
    kam_text_fini(&stamp);
    return NULL;
  }
  e = place(s, &name);
  known = *e && alike(&(*e)->name, &name);
  if (known && alike(&(*e)->stamp, &stamp)) {
    kam_text_fini(&name);
    kam_text_fini(&stamp);
  } else if ((made = make(&w->mem, terms, name, stamp, why))) {
    if (*e)
      free_entry(&w->mem, *e);
    *e = made;
  } else if (!known) {
    return NULL;
  }
  (*e)->used = ++s->uses;
  SSL_CTX_up_ref((*e)->sites->ctx);
  return (*e)->sites->ctx;
}
