/* file: a file below a folder, as the response to a request (RFC 9110).
 *
 *     asked for ──> found ──> HEAD ──> PART … ──> END
 *                                 └──> ONLY: there is nothing but the head
 *
 * The file that is found lies below the root also behind symbolic links. A
 * large one is not read here: its parts are sent on as such, once the kernel
 * has them in memory. What the kernel has at hand is found and read at once;
 * what may have to wait for a disk, by a worker. */
#ifndef KAM_HTTP_FILE_H
#define KAM_HTTP_FILE_H

#include "core/component.h"
#include "core/tape.h"

struct kam_http_file;

struct kam_http_words {
  const char *s; /* NULL: it is not said */
  size_t len;
};

/* What is asked for. */
struct kam_http_wish {
  const char *root;  /* the folder; borrowed while the component lives */
  const char *index; /* what stands for a folder; borrowed as well */
  bool gzip;         /* a file with .gz behind its name may be sent instead */
  bool head;         /* only the head is wanted */
  int status;        /* the answer already, as 405, or 0 */
  struct kam_http_words path, match, since, range, accepts;
};

enum kam_http_file_step {
  KAM_HTTP_FILE_WAITS, /* for a worker; the component is woken */
  KAM_HTTP_FILE_HEAD,  /* a table is on the tape: the body follows */
  KAM_HTTP_FILE_ONLY,  /* a table is on the tape: that was all */
  KAM_HTTP_FILE_PART,  /* *part is the next of the body */
  KAM_HTTP_FILE_END
};

/* For a response that c sends; NULL when memory is out. */
struct kam_http_file *kam_http_file_new(struct kam_component *c,
                                        const struct kam_http_wish *wish);

/* The next of it, or a negative code when c has failed. */
int kam_http_file_step(struct kam_http_file *f, struct kam_tape *head,
                       struct kam_msg *part);

/* Gives it back, if need be when its worker is done with it; NULL is fine. */
void kam_http_file_free(struct kam_http_file *f);

#endif
