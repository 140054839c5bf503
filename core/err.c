/* err: names and texts of the error codes, and the end of a broken program. */
#include "core/err.h"

#include <stdio.h>
#include <stdlib.h>

const char *kam_err_name(int err)
{
  switch (err) {
#define KAM_ERR_CASE(name, text)                                               \
  case KAM_E##name:                                                            \
    return "KAM_E" #name;
    KAM_ERRORS(KAM_ERR_CASE)
#undef KAM_ERR_CASE
  default:
    return "KAM_E?";
  }
}

const char *kam_err_text(int err)
{
  switch (err) {
#define KAM_ERR_CASE(name, text)                                               \
  case KAM_E##name:                                                            \
    return text;
    KAM_ERRORS(KAM_ERR_CASE)
#undef KAM_ERR_CASE
  default:
    return "an unknown error";
  }
}

void kam__assert_failed(const char *cond, const char *file, int line)
{
  fflush(stdout);
  fprintf(stderr, "kam: broken promise: %s (%s:%d)\n", cond, file, line);
  abort();
}
