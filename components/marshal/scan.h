/* scan: a look over MessagePack before it is unpacked.
 *
 * What comes from outside can say in five bytes that it has four thousand
 * million items, for which msgpack-c would make room. The look finds that they
 * are not there, and keeps the depth. */
#ifndef KAM_MARSHAL_SCAN_H
#define KAM_MARSHAL_SCAN_H

#include <stddef.h>

enum { MARSHAL_DEPTH = 32 /* as many as msgpack-c takes */ };

/* What keeps the n bytes from being just one value, or NULL. */
const char *marshal_scan(const unsigned char *bytes, size_t n);

#endif
