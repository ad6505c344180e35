// Use the functions of OpenSSL 1.1. Their successors look up an algorithm and then make and wipe a
// context, which costs 1 000 instructions more than the digest of so few bytes.
#define OPENSSL_API_COMPAT 10101

#include "COpenSSL.h"

#include <openssl/sha.h>
#include <string.h>

enum {
    KEY = 24,
    MESSAGE = 60, // the key, and what RFC 6455 appends to it
};

// The message as SHA-1 processes it (RFC 3174 §4): two blocks, padding included. Only the key is
// missing.
static const uint8_t padded[2 * SHA_CBLOCK] =
    "........................258EAFA5-E914-47DA-95CA-C5AB0DC85B11\x80";

static void put(uint8_t *digest, uint32_t word) {
    for (int i = 0; i < 4; i++) digest[i] = (uint8_t)(word >> (24 - 8 * i));
}

int copenssl_accept_digest(const uint8_t *key, uint8_t *digest) {
    uint8_t message[sizeof padded];
    memcpy(message, padded, sizeof padded);
    memcpy(message, key, KEY);
    message[sizeof padded - 2] = (uint8_t)(MESSAGE * 8 >> 8);
    message[sizeof padded - 1] = (uint8_t)(MESSAGE * 8);
    SHA_CTX state;
    if (SHA1_Init(&state) != 1 || SHA1_Update(&state, message, sizeof message) != 1) return 0;
    // SHA1_Update digests whole blocks at once, so this is the final digest: no padding is left to
    // add.
    put(digest, state.h0);
    put(digest + 4, state.h1);
    put(digest + 8, state.h2);
    put(digest + 12, state.h3);
    put(digest + 16, state.h4);
    return 1;
}
