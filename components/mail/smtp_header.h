/* smtp_header: the header of a mail is looked at as it passes by: how long it
 * is, and how many servers it came through. It ends at the first line that is
 * no field of one. */
#ifndef KAM_MAIL_SMTP_HEADER_H
#define KAM_MAIL_SMTP_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed, it is in front of a mail. */
struct kam_smtp_header {
  uint64_t bytes; /* of it so far */
  uint32_t hops;  /* lines that begin with Received: */
  uint8_t state;
  uint8_t same; /* letters of the line that are those of Received: */
};

/* The next bytes of the mail. */
void kam_smtp_header_read(struct kam_smtp_header *h, const char *s, size_t len);

/* Has it ended? Reading on does nothing then. */
bool kam_smtp_header_over(const struct kam_smtp_header *h);

#endif
