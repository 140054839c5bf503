/* utf8: what is UTF-8 (the Unicode standard, table 3-7) and what is not. */
#ifndef KAM_UTF8_H
#define KAM_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the sequence at s, of at most n > 0 bytes; 0: it is none. */
size_t kam_utf8_sequence(const unsigned char *s, size_t n);

/* Are all n bytes UTF-8? */
bool kam_utf8_valid(const void *s, size_t n);

#endif
