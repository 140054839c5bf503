/* trouble: how the components that work on files say why they fail. */
#ifndef KAM_FILE_TROUBLE_H
#define KAM_FILE_TROUBLE_H

#include "core/component.h"

/* Fails c: "error[CODE]: cannot read a.txt: why"; gives KAM_EIO. */
int kam_file_fail(struct kam_component *c, const char *code, const char *what,
                  const char *path, const char *why);

#endif
