/* trouble: the text of a failure. */
#include "components/file/trouble.h"
#include "core/loop.h"

#include <stdio.h>

int kam_file_fail(struct kam_component *c, const char *code, const char *what,
                  const char *path, const char *why)
{
  char text[1024];
  snprintf(text, sizeof text, "error[%s]: %s %s: %s", code, what, path, why);
  kam_component_fail(c, text);
  return KAM_EIO;
}
