#include "COpenSSL.h"

#include <openssl/evp.h>
#include <pthread.h>

// The one-shot `SHA1()` asks the provider for the algorithm at each call, which costs more than the
// digest of a handshake key itself. It is fetched once here, and each thread keeps its context.
static EVP_MD *algorithm;
static pthread_once_t algorithm_fetched = PTHREAD_ONCE_INIT;
static _Thread_local EVP_MD_CTX *context;

static void fetch_algorithm(void) { algorithm = EVP_MD_fetch(NULL, "SHA1", NULL); }

int copenssl_sha1(const uint8_t *bytes, size_t count, uint8_t *digest) {
    if (!context) {
        pthread_once(&algorithm_fetched, fetch_algorithm);
        context = EVP_MD_CTX_new();
        if (!algorithm || !context) return 0;
    }
    return EVP_DigestInit_ex2(context, algorithm, NULL) == 1
        && EVP_DigestUpdate(context, bytes, count) == 1
        && EVP_DigestFinal_ex(context, digest, NULL) == 1;
}
