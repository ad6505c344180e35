#include "COpenSSL.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

int copenssl_sha256(const uint8_t *bytes, size_t count, uint8_t *digest) {
    return EVP_Digest(bytes, count, digest, NULL, EVP_sha256(), NULL) == 1;
}

int copenssl_hmac_sha256(
    const uint8_t *key, size_t key_count, const uint8_t *bytes, size_t count, uint8_t *digest) {
    return HMAC(EVP_sha256(), key, (int)key_count, bytes, count, digest, NULL) != NULL;
}
