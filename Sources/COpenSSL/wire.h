// The output of the calling thread, for the files of this module.
#ifndef HUBBUB_WIRE_H
#define HUBBUB_WIRE_H

#include <stddef.h>
#include <stdint.h>

/// Makes the output `count` bytes longer and returns where they begin. NULL if there is no memory.
uint8_t *copenssl_wire_extend(size_t count);

#endif
