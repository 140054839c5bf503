/* Hash: digests of a stream or of each message, by OpenSSL. */
#include "core/feed.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

enum { PIECE = 256 << 10 /* bytes between two looks at the others */ };

struct hash {
  struct kam_component comp;    /* must be first */
  char *algorithm, *key, *form; /* options */
  bool each;                    /* option */
  struct kam_feed feed;
  const EVP_MD *type;
  EVP_PKEY *secret; /* NULL without a key */
  EVP_MD_CTX *md;
  bool finished;
};

/* Begins a digest. */
static int begin(struct hash *h)
{
  int ok;
  EVP_MD_CTX_reset(h->md);
  ok = h->secret ? EVP_DigestSignInit(h->md, NULL, h->type, NULL, h->secret)
                 : EVP_DigestInit_ex(h->md, h->type, NULL);
  if (!ok)
    return kam_failf(&h->comp, "error[E0654]: the library does not allow %s",
                     h->algorithm);
  return 0;
}

static int hash_open(struct kam_component *c)
{
  struct hash *h = (struct hash *)c;
  h->type = EVP_get_digestbyname(h->algorithm);
  h->md = EVP_MD_CTX_new();
  if (!h->md)
    return KAM_ENOMEM;
  if (h->key) {
    h->secret = EVP_PKEY_new_raw_private_key(
        EVP_PKEY_HMAC, NULL, (unsigned char *)h->key, strlen(h->key));
    if (!h->secret)
      return KAM_ENOMEM;
  }
  return begin(h);
}

static int update(struct hash *h, const unsigned char *data, size_t n)
{
  int ok = h->secret ? EVP_DigestSignUpdate(h->md, data, n)
                     : EVP_DigestUpdate(h->md, data, n);
  return ok ? 0 : KAM_ENOMEM;
}

static int send_digest(struct hash *h)
{
  unsigned char digest[EVP_MAX_MD_SIZE];
  char text[2 * EVP_MAX_MD_SIZE + 1];
  size_t n = sizeof digest, i;
  unsigned len = sizeof digest;
  int ok = h->secret ? EVP_DigestSignFinal(h->md, digest, &n)
                     : EVP_DigestFinal_ex(h->md, digest, &len);
  if (!ok)
    return KAM_ENOMEM;
  if (!h->secret)
    n = len;
  if (strcmp(h->form, "bytes") == 0)
    return kam_feed_send(&h->comp, digest, n, false);
  for (i = 0; i < n; i++)
    snprintf(text + 2 * i, 3, "%02x", digest[i]);
  return kam_feed_send(&h->comp, text, 2 * n, true);
}

static int work(struct kam_component *c)
{
  struct hash *h = (struct hash *)c;
  size_t left;
  const unsigned char *data = kam_feed_data(&h->feed, &left);
  size_t n = left < PIECE ? left : PIECE;
  int r = update(h, data, n);
  h->feed.at += n;
  if (r || !h->each || n < left)
    return r;
  r = send_digest(h);
  if (r >= 0 && begin(h))
    return KAM_EFAILED;
  return r;
}

static int finish(struct kam_component *c)
{
  struct hash *h = (struct hash *)c;
  if (h->each || h->finished)
    return KAM_FEED_OVER;
  h->finished = true;
  return send_digest(h);
}

static int hash_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct hash *)c)->feed, work, finish);
}

static void hash_close(struct kam_component *c)
{
  struct hash *h = (struct hash *)c;
  kam_feed_fini(c, &h->feed);
  EVP_MD_CTX_free(h->md);
  EVP_PKEY_free(h->secret);
}

static const char *const algorithms[] = {
    "md5",      "sha1",     "sha224",     "sha256",     "sha384", "sha512",
    "sha3-256", "sha3-512", "blake2s256", "blake2b512", NULL};
static const char *const forms[] = {"hex", "bytes", NULL};

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "bytes in any cut", .kinds = KAM_BYTES}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "one digest, or one for each message",
     .kinds = KAM_BYTES | KAM_LINE},
    {0}};
static const struct kam_option_spec options[] = {
    {.name = "algorithm",
     .doc = "how; md5 and sha1 only for what is old, they can be cheated",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct hash, algorithm),
     .fallback = {.type = KAM_OPTION_STRING, .s = "sha256"},
     .one_of = algorithms},
    KAM_TEXT(struct hash, key, NULL,
             "a secret: the digest is an HMAC (RFC 2104), which only who knows "
             "it can make"),
    {.name = "form",
     .doc = "of the digest: hex digits, or bytes",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct hash, form),
     .fallback = {.type = KAM_OPTION_STRING, .s = "hex"},
     .one_of = forms},
    KAM_FLAG(struct hash, each, false,
             "a digest of each message, not one of all"),
    {0}};

KAM_COMPONENT(hash) = {
    .name = "Hash",
    .family = "crypto",
    .summary = "Makes the digest of what comes, or of each message.",
    .doc = "The messages are one stream of bytes, and it does not matter how "
           "they are cut; `each` makes a digest of each message instead, of "
           "which it sends exactly one for each. With a `key` the digest is an "
           "HMAC.",
    .ends = "When its inbox has ended, after it has sent the digest.",
    .example =
        "kam.Pipeline {\n"
        "  kam.DataSource { \"a\", \"bc\" },\n"
        "  kam.Hash \"sha256\",\n"
        "  kam.ConsoleEchoer(),\n"
        "}:run()\n"
        "--> "
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n",
    .first = "algorithm",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct hash),
    .open = hash_open,
    .step = hash_step,
    .close = hash_close,
};
