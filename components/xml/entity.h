/* entity: entities that are not declared, in the values of attributes.
 *
 * Where a DTD is elsewhere, expat drops those from attributes and tells nobody
 * (of those in texts it tells): so the tag itself is read for them. */
#ifndef KAM_XML_ENTITY_H
#define KAM_XML_ENTITY_H

#include "core/tape.h"

#include <expat.h>

enum { XML_ENTITY_NAME = 64 };

struct xml_entity {
  struct kam_tape declared; /* names */
  bool elsewhere;           /* others may be declared in what is not read */
};

/* Is there one in the tag that expat is at? Its name, cut to fit. */
bool xml_entity_missing(const struct xml_entity *e, XML_Parser expat,
                        char name[XML_ENTITY_NAME]);

#endif
