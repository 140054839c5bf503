/* entity: looks for & in a tag. Its zeros are passed over: they are UTF-16's.
 */
#include "components/xml/entity.h"

#include <string.h>

static bool is_known(const struct xml_entity *e, const char *name)
{
  static const char *const always[] = {"amp", "lt", "gt", "quot", "apos"};
  struct kam_tape_item item;
  size_t at = 0, i, n = strlen(name);
  for (i = 0; i < sizeof always / sizeof *always; i++)
    if (strcmp(name, always[i]) == 0)
      return true;
  while (kam_tape_next(&e->declared, &at, &item))
    if (item.len >= n && memcmp(item.bytes, name, n) == 0 &&
        (item.len == n || n == XML_ENTITY_NAME - 1))
      return true;
  return name[0] == '#';
}

bool xml_entity_missing(const struct xml_entity *e, XML_Parser expat,
                        char name[XML_ENTITY_NAME])
{
  int offset = 0, size = 0, i, n = -1;
  int count = XML_GetCurrentByteCount(expat);
  const char *tag = XML_GetInputContext(expat, &offset, &size);
  for (i = 0; tag && i < count && offset + i < size; i++) {
    char ch = tag[offset + i];
    if (n >= 0 && ch == ';') {
      name[n] = 0;
      n = -1;
      if (!is_known(e, name))
        return true;
    } else if (ch == '&') {
      n = 0;
    } else if (n >= 0 && ch && n < XML_ENTITY_NAME - 1) {
      name[n++] = ch;
    }
  }
  return false;
}
