/* options: what a session is given, and is checked of. */
#ifndef KAM_TLS_OPTIONS_H
#define KAM_TLS_OPTIONS_H

#include "components/tls/context.h"

#include "core/component.h"

struct kam_tls {
  struct kam_component comp; /* must be first */
  bool client, verify;       /* options */
  char **certificates, **keys, **protocols;
  char *ca, *server_name, *minimum;
  bool start_tls, close_notify, half_close;
  double timeout;
};

extern const struct kam_option_spec kam_tls_options[];

/* The context that its options name; the caller owns a reference. NULL: the
 * component has failed, and its text says why. */
SSL_CTX *kam_tls_open(struct kam_tls *t);

#endif
