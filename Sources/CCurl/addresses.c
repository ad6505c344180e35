#include "CCurl.h"

#include <string.h>

/// A block of addresses.
typedef struct {
    uint8_t start[16];
    unsigned bits;
} block;

static bool contains(const block *block, const uint8_t *address) {
    unsigned whole = block->bits / 8, rest = block->bits % 8;
    if (memcmp(block->start, address, whole) != 0) return false;
    return rest == 0 || (block->start[whole] ^ address[whole]) >> (8 - rest) == 0;
}

// The special-purpose registries of IANA (RFC 6890), and what isn't for one host.
static const block special_v4[] = {
    {{0}, 8}, {{10}, 8}, {{100, 64}, 10}, {{127}, 8}, {{169, 254}, 16}, {{172, 16}, 12},
    {{192, 0, 0}, 24}, {{192, 0, 2}, 24}, {{192, 31, 196}, 24}, {{192, 52, 193}, 24},
    {{192, 88, 99}, 24}, {{192, 168}, 16}, {{192, 175, 48}, 24}, {{198, 18}, 15},
    {{198, 51, 100}, 24}, {{203, 0, 113}, 24}, {{224}, 4}, {{240}, 4},
};

static const block mapped = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, 96};
static const block unicast = {{0x20}, 3};
static const block special_v6[] = {
    // Protocols such as Teredo and ORCHID, documentation, 6to4, AS112, and documentation again.
    {{0x20, 0x01, 0x00}, 23}, {{0x20, 0x01, 0x0D, 0xB8}, 32}, {{0x20, 0x02}, 16},
    {{0x26, 0x20, 0x00, 0x4F, 0x80, 0x00}, 48}, {{0x3F, 0xFF, 0x00}, 20},
};

bool ccurl_is_public(const uint8_t *address, size_t length) {
    if (length == 4) {
        for (size_t place = 0; place < sizeof special_v4 / sizeof *special_v4; place++) {
            if (contains(&special_v4[place], address)) return false;
        }
        return true;
    }
    if (length != 16) return false;
    if (contains(&mapped, address)) return ccurl_is_public(address + 12, 4);
    // All that is public is in this block: no loop, no link, no private network.
    if (!contains(&unicast, address)) return false;
    for (size_t place = 0; place < sizeof special_v6 / sizeof *special_v6; place++) {
        if (contains(&special_v6[place], address)) return false;
    }
    return true;
}
