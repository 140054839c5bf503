/* records: what a reply of the DNS has, of one type. */
#include "components/dns/records.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 256 /* addresses of a name */ };

static const struct {
  const char *name;
  int number;
} types[KAM_DNS_TYPES] = {
    [KAM_DNS_A] = {"A", ns_t_a},       [KAM_DNS_AAAA] = {"AAAA", ns_t_aaaa},
    [KAM_DNS_MX] = {"MX", ns_t_mx},    [KAM_DNS_NS] = {"NS", ns_t_ns},
    [KAM_DNS_PTR] = {"PTR", ns_t_ptr}, [KAM_DNS_SRV] = {"SRV", ns_t_srv},
    [KAM_DNS_TXT] = {"TXT", ns_t_txt}};

enum kam_dns_type kam_dns_type_of(const char *name, size_t len)
{
  int i;
  for (i = 0; i < KAM_DNS_TYPES; i++)
    if (strlen(types[i].name) == len && memcmp(types[i].name, name, len) == 0)
      break;
  return (enum kam_dns_type)i;
}

const char *kam_dns_type_name(enum kam_dns_type type)
{
  return types[type].name;
}

int kam_dns_type_number(enum kam_dns_type type)
{
  return types[type].number;
}

static void reverse_v6(const unsigned char *address, char *name)
{
  int i;
  for (i = 15; i >= 0; i--, name += 4)
    sprintf(name, "%x.%x.", address[i] & 15, address[i] >> 4);
  strcpy(name, "ip6.arpa");
}

bool kam_dns_reverse(const char *s, char *name, size_t size)
{
  unsigned char a[16];
  if (size < 64 + sizeof "ip6.arpa")
    return false;
  if (inet_pton(AF_INET, s, a) == 1)
    snprintf(name, size, "%d.%d.%d.%d.in-addr.arpa", a[3], a[2], a[1], a[0]);
  else if (inet_pton(AF_INET6, s, a) == 1)
    reverse_v6(a, name);
  else
    return false;
  return true;
}

/* --- each type: 0, or a status of c-ares --- */

/* n addresses, each at the beginning of so many bytes. */
static int put_addresses(int family, const void *list, size_t each, int n,
                         struct kam_tape *t)
{
  const char *at = list;
  char text[INET6_ADDRSTRLEN];
  int i;
  kam_tape_list(t);
  for (i = 0; i < n; i++, at += each) {
    inet_ntop(family, at, text, sizeof text);
    kam_tape_text(t, text);
  }
  kam_tape_end(t);
  return n ? ARES_SUCCESS : ARES_ENODATA;
}

static int read_a(const unsigned char *reply, int len, struct kam_tape *t)
{
  struct ares_addrttl list[MOST];
  int n = MOST, status = ares_parse_a_reply(reply, len, NULL, list, &n);
  return status ? status : put_addresses(AF_INET, list, sizeof *list, n, t);
}

static int read_aaaa(const unsigned char *reply, int len, struct kam_tape *t)
{
  struct ares_addr6ttl list[MOST];
  int n = MOST, status = ares_parse_aaaa_reply(reply, len, NULL, list, &n);
  return status ? status : put_addresses(AF_INET6, list, sizeof *list, n, t);
}

static void put_names(const struct hostent *host, struct kam_tape *t)
{
  char **name;
  kam_tape_list(t);
  for (name = host->h_aliases; name && *name; name++)
    kam_tape_text(t, *name);
  kam_tape_end(t);
}

static int read_names(const unsigned char *reply, int len, bool reverse,
                      struct kam_tape *t)
{
  struct hostent *host;
  int status = reverse
                   ? ares_parse_ptr_reply(reply, len, NULL, 0, AF_INET, &host)
                   : ares_parse_ns_reply(reply, len, &host);
  if (status)
    return status;
  put_names(host, t);
  ares_free_hostent(host);
  return 0;
}

struct mx {
  const struct ares_mx_reply *r;
  int place;
};

/* By priority; those of one, as they came. */
static int compare(const void *a, const void *b)
{
  const struct mx *x = a, *y = b;
  return x->r->priority != y->r->priority ? x->r->priority - y->r->priority
                                          : x->place - y->place;
}

static void put_mx(const struct ares_mx_reply *r, struct kam_tape *t)
{
  kam_tape_table(t);
  kam_tape_text(t, "host");
  kam_tape_text(t, r->host);
  kam_tape_text(t, "priority");
  kam_tape_int(t, r->priority);
  kam_tape_end(t);
}

static int read_mx(const unsigned char *reply, int len, struct kam_tape *t)
{
  struct ares_mx_reply *all;
  const struct ares_mx_reply *r;
  struct mx *sorted;
  int n = 0, i, status = ares_parse_mx_reply(reply, len, &all);
  if (status)
    return status;
  for (r = all; r; r = r->next)
    n++;
  sorted = calloc((size_t)n + 1, sizeof *sorted);
  for (r = all, i = 0; sorted && r; r = r->next, i++)
    sorted[i] = (struct mx){r, i};
  if (sorted) {
    qsort(sorted, (size_t)n, sizeof *sorted, compare);
    kam_tape_list(t);
    for (i = 0; i < n; i++)
      put_mx(sorted[i].r, t);
    kam_tape_end(t);
  }
  free(sorted);
  ares_free_data(all);
  return sorted ? 0 : ARES_ENOMEM;
}

static void put_int(struct kam_tape *t, const char *name, int i)
{
  kam_tape_text(t, name);
  kam_tape_int(t, i);
}

static int read_srv(const unsigned char *reply, int len, struct kam_tape *t)
{
  struct ares_srv_reply *all;
  const struct ares_srv_reply *r;
  int status = ares_parse_srv_reply(reply, len, &all);
  if (status)
    return status;
  kam_tape_list(t);
  for (r = all; r; r = r->next) {
    kam_tape_table(t);
    kam_tape_text(t, "host");
    kam_tape_text(t, r->host);
    put_int(t, "port", r->port);
    put_int(t, "priority", r->priority);
    put_int(t, "weight", r->weight);
    kam_tape_end(t);
  }
  kam_tape_end(t);
  ares_free_data(all);
  return 0;
}

/* A record may be cut into several texts, which belong together. */
static int read_txt(const unsigned char *reply, int len, struct kam_tape *t)
{
  struct ares_txt_ext *all;
  const struct ares_txt_ext *r;
  unsigned char *text = malloc((size_t)len); /* more than all of them */
  size_t n = 0;
  int status = text ? ares_parse_txt_reply_ext(reply, len, &all) : ARES_ENOMEM;
  if (status) {
    free(text);
    return status;
  }
  kam_tape_list(t);
  for (r = all; r; r = r->next) {
    n = r->record_start ? 0 : n;
    memcpy(text + n, r->txt, r->length);
    n += r->length;
    if (!r->next || r->next->record_start)
      kam_tape_bytes(t, text, n);
  }
  kam_tape_end(t);
  ares_free_data(all);
  free(text);
  return 0;
}

int kam_dns_records(enum kam_dns_type type, const unsigned char *reply, int len,
                    struct kam_tape *t)
{
  switch (type) {
  case KAM_DNS_A:
    return read_a(reply, len, t);
  case KAM_DNS_AAAA:
    return read_aaaa(reply, len, t);
  case KAM_DNS_MX:
    return read_mx(reply, len, t);
  case KAM_DNS_NS:
    return read_names(reply, len, false, t);
  case KAM_DNS_PTR:
    return read_names(reply, len, true, t);
  case KAM_DNS_SRV:
    return read_srv(reply, len, t);
  case KAM_DNS_TXT:
    return read_txt(reply, len, t);
  case KAM_DNS_TYPES:
    break;
  }
  return ARES_EBADRESP;
}
