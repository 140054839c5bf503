/* smtp_data: the text of a mail as it goes over the wire (RFC 5321, 4.1.1.4 and
 * 4.5.2): where it ends, and the dots in front of its lines.
 *
 *     wire  a CRLF ..b CRLF . CRLF   ──read──>   a CRLF .b CRLF   and the end
 *     mail  a CRLF .b CRLF           ──write──>  a CRLF ..b CRLF . CRLF
 *
 * Only CRLF ends a line, and only CRLF.CRLF the mail: who takes less for an end
 * than others do lets in mails that nobody has sent. Nothing is copied: what
 * comes out are parts of what went in, and constants between them. */
#ifndef KAM_MAIL_SMTP_DATA_H
#define KAM_MAIL_SMTP_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kam_smtp_read {
  KAM_SMTP_MORE,    /* all is used, nothing came out */
  KAM_SMTP_PIECE,   /* a part of the mail; there may be more */
  KAM_SMTP_END,     /* the mail is whole; what is not used is behind it */
  KAM_SMTP_BARE_CR, /* and these go on for ever: */
  KAM_SMTP_BARE_LF,
  KAM_SMTP_NUL,
  KAM_SMTP_LONG /* a line is longer than it may be */
};

/* Zeroed, it is in front of a mail. */
struct kam_smtp_reader {
  uint64_t size;     /* bytes of the mail that came out */
  uint32_t line;     /* of the line that has begun */
  uint32_t max_line; /* bytes that one may have, without its CRLF; 0: any */
  uint8_t state;
  bool repairs; /* a bare CR or LF becomes CRLF, and begins no line that could
                 * end the mail or lose a dot */
};

/* Reads some of s, and says in *used how many bytes. With KAM_SMTP_PIECE,
 * *piece and *n are what came out: a part of s, or static. */
enum kam_smtp_read kam_smtp_read(struct kam_smtp_reader *r, const char *s,
                                 size_t len, size_t *used, const char **piece,
                                 size_t *n);

/* Zeroed, it is in front of a mail. */
struct kam_smtp_writer {
  uint8_t state;
};

/* The same the other way: false when all of s is used, and nothing came out. A
 * bare CR or LF becomes CRLF, so that all who read it read the same lines. */
bool kam_smtp_write(struct kam_smtp_writer *w, const char *s, size_t len,
                    size_t *used, const char **piece, size_t *n);

/* What ends the mail behind all that was written. Static. */
const char *kam_smtp_write_end(const struct kam_smtp_writer *w);

#endif
