/* session: the server's side of one connection, and how it answers. */
#ifndef KAM_HTTP_SESSION_H
#define KAM_HTTP_SESSION_H

#include "components/http/file.h"
#include "components/http/message.h"
#include "components/http/reply.h"
#include "core/feed.h"
#include "core/lanes.h"

enum { KAM_HTTP_QUEUE = 4 /* a head, and a framed piece of a body */ };

enum kam_http_phase {
  READS,   /* a request */
  AWAITS,  /* the response */
  STREAMS, /* the rest of its body */
  SKIPS,   /* what is behind it, up to the mark */
  TUNNELS, /* another protocol */
  ENDS
};

struct kam_http_session {
  struct kam_component comp; /* must be first */
  int64_t body, requests;    /* options */
  int64_t upload;
  int64_t compress;
  double head_time, idle_time;
  char *peer;
  struct kam_msg fixed, pages;
  bool log;
  const char *fixed_bytes; /* of fixed, or NULL */
  size_t fixed_len;
  struct kam_http in;
  struct kam_feed feed; /* the message in hand */
  struct kam_http_terms terms;
  struct kam_http_reply reply;
  struct kam_tape tape;
  struct kam_msg out[KAM_HTTP_QUEUE]; /* to be sent, in order */
  unsigned n_out, at_out;
  struct kam_http_file *file;       /* that is the response, or NULL */
  struct kam_http_encoder *encoder; /* of the body, or NULL */
  struct kam_msg raw;               /* a part of it to be compressed */
  size_t raw_at;
  struct kam_msg entry;   /* a line of the log that is to be sent */
  uint64_t sent;          /* bytes of the body */
  struct kam_lanes lanes; /* of another protocol */
  uint64_t due; /* by when the request, or its next part, must be there */
  uint64_t body_began;
  int64_t served;
  uint8_t phase;
  bool continued; /* it was told to send its body */
  bool uploads;   /* the body goes to the handler as it comes */
  bool body_over; /* all of it has come */
  bool body_told; /* and the handler is told */
  bool pieces;    /* the response comes from a component, up to a mark */
  bool raw_last;  /* what is to be compressed is the end */
};

static inline const struct kam_host *
kam_http_host(const struct kam_http_session *h)
{
  return &h->comp.party.world->host;
}

/* Bytes for the peer, behind what is queued: 0 or KAM_ENOMEM. */
int kam_http_queue(struct kam_http_session *h, const void *bytes, size_t len);

/* Sends what is queued: 0 when nothing is left, or what kam_send gave. */
int kam_http_flush(struct kam_http_session *h);

/* Ends the connection with an error; why may be NULL. */
int kam_http_refuse(struct kam_http_session *h, int status, const char *why);

/* Answers by itself. */
int kam_http_answer_fixed(struct kam_http_session *h,
                          const struct kam_http_fixed *fixed);

/* Answers with the file below a folder that the rest of a path names: 0 or
 * KAM_ENOMEM. */
int kam_http_answer_file(struct kam_http_session *h,
                         const struct kam_http_fixed *folder,
                         struct kam_http_words rest);

/* The next of that file: as a step. */
int kam_http_file_on(struct kam_http_session *h);

/* The next of what the handler sends; takes m. */
int kam_http_answer(struct kam_http_session *h, struct kam_msg m);

/* Is there a part of the body to be compressed, or its end? */
static inline bool kam_http_encodes(const struct kam_http_session *h)
{
  return h->raw.tag != KAM_NOTHING || h->raw_last;
}
int kam_http_encode_on(struct kam_http_session *h);

/* It cannot go on: the component fails with why. */
int kam_http_cannot(struct kam_http_session *h, const char *why);

/* For close. */
void kam_http_answer_fini(struct kam_http_session *h);

#endif
