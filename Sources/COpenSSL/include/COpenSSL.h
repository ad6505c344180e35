// The part of OpenSSL 3 that Hubbub needs. It is in C because OpenSSL's macros and handles don't
// import well.
#ifndef HUBBUB_COPENSSL_H
#define HUBBUB_COPENSSL_H

#if !__has_include(<openssl/evp.h>)
#error "The headers of OpenSSL 3 are missing. Install them with: apt-get install libssl-dev"
#else

#include <stddef.h>
#include <stdint.h>

#include "COpenSSLTLS.h"

/// Writes a SHA-1 digest (20 bytes) to `digest`. Its input is a key in base64 (24 bytes) and the
/// text that the opening handshake appends to it (RFC 6455 §4.2.2). Returns 1, or 0 if OpenSSL
/// can't provide SHA-1. Safe to call from any thread.
int copenssl_accept_digest(const uint8_t *_Nonnull key, uint8_t *_Nonnull digest);

/// Writes the SHA-256 digest (32 bytes) of `count` bytes to `digest`. Returns 1, or 0 if OpenSSL
/// can't provide SHA-256 or has no memory.
int copenssl_sha256(const uint8_t *_Nonnull bytes, size_t count, uint8_t *_Nonnull digest);

/// Writes the HMAC with SHA-256 (32 bytes, RFC 2104) of `count` bytes to `digest`. Returns 1, or 0
/// if OpenSSL can't provide it or has no memory.
int copenssl_hmac_sha256(
    const uint8_t *_Nonnull key, size_t key_count, const uint8_t *_Nonnull bytes, size_t count,
    uint8_t *_Nonnull digest);

#endif
#endif
