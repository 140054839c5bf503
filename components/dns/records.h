/* records: what a reply of the DNS has, of one type (RFC 1035, 2782). */
#ifndef KAM_DNS_RECORDS_H
#define KAM_DNS_RECORDS_H

#include "core/tape.h"

enum kam_dns_type {
  KAM_DNS_A,
  KAM_DNS_AAAA,
  KAM_DNS_MX,
  KAM_DNS_NS,
  KAM_DNS_PTR,
  KAM_DNS_SRV,
  KAM_DNS_TXT,
  KAM_DNS_TYPES
};

/* The type of that name; KAM_DNS_TYPES: there is none. */
enum kam_dns_type kam_dns_type_of(const char *name, size_t len);
const char *kam_dns_type_name(enum kam_dns_type type);

/* Its number in a question. */
int kam_dns_type_number(enum kam_dns_type type);

/* The name under which an address stands in the DNS backwards; false: s is no
 * address, or does not fit. */
bool kam_dns_reverse(const char *s, char *name, size_t size);

/* Writes the list of the records of a reply, as far as they are there. 0, or a
 * status of c-ares, and then nothing is written. */
int kam_dns_records(enum kam_dns_type type, const unsigned char *reply, int len,
                    struct kam_tape *t);

#endif
