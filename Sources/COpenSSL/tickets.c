#include "tickets.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NAME_SIZE = 16, KEY_SIZE = 32, KEYS = 4 };

typedef struct {
    uint8_t name[NAME_SIZE];
    uint8_t cipher[KEY_SIZE];
    uint8_t mac[KEY_SIZE];
    int64_t made;
} ticket_key;

struct copenssl_tickets {
    pthread_mutex_t lock;
    int64_t rotation, lifetime;
    /// The newest first.
    ticket_key keys[KEYS];
    size_t count;
};

/// Seconds on a clock that never jumps, and goes on while the machine sleeps.
static int64_t now(void) {
    struct timespec time;
    return clock_gettime(CLOCK_BOOTTIME, &time) == 0 ? (int64_t)time.tv_sec : 0;
}

/// Makes a new key. The lock is held.
static int rotate(copenssl_tickets *tickets) {
    ticket_key key;
    if (RAND_bytes(key.name, sizeof key.name) != 1
        || RAND_priv_bytes(key.cipher, sizeof key.cipher) != 1
        || RAND_priv_bytes(key.mac, sizeof key.mac) != 1)
        return 0;
    key.made = now();
    memmove(tickets->keys + 1, tickets->keys, (KEYS - 1) * sizeof *tickets->keys);
    tickets->keys[0] = key;
    if (tickets->count < KEYS) tickets->count++;
    OPENSSL_cleanse(&key, sizeof key);
    return 1;
}

copenssl_tickets *copenssl_tickets_new(int64_t rotation, int64_t lifetime) {
    copenssl_tickets *tickets = calloc(1, sizeof *tickets);
    if (!tickets) return NULL;
    tickets->rotation = rotation;
    tickets->lifetime = lifetime;
    if (pthread_mutex_init(&tickets->lock, NULL) == 0) {
        if (rotate(tickets)) return tickets;
        pthread_mutex_destroy(&tickets->lock);
    }
    free(tickets);
    return NULL;
}

void copenssl_tickets_free(copenssl_tickets *tickets) {
    pthread_mutex_destroy(&tickets->lock);
    OPENSSL_cleanse(tickets, sizeof *tickets);
    free(tickets);
}

int copenssl_tickets_rotate(copenssl_tickets *tickets) {
    pthread_mutex_lock(&tickets->lock);
    int is_done = rotate(tickets);
    pthread_mutex_unlock(&tickets->lock);
    return is_done;
}

int64_t copenssl_tickets_lifetime(const copenssl_tickets *tickets) { return tickets->lifetime; }

/// The key for new tickets.
static ticket_key newest(copenssl_tickets *tickets) {
    pthread_mutex_lock(&tickets->lock);
    // Without randomness the old key goes on.
    if (tickets->keys[0].made + tickets->rotation <= now()) rotate(tickets);
    ticket_key key = tickets->keys[0];
    pthread_mutex_unlock(&tickets->lock);
    return key;
}

/// Finds the key of a ticket that may still be good. Sets `is_newest`.
static int find(
    copenssl_tickets *tickets, const unsigned char *name, ticket_key *key, int *is_newest) {
    int is_found = 0;
    pthread_mutex_lock(&tickets->lock);
    for (size_t i = 0; i < tickets->count && !is_found; i++) {
        const ticket_key *each = &tickets->keys[i];
        // A ticket may have been made until the key was replaced.
        if (each->made + tickets->rotation + tickets->lifetime < now()) break;
        if (memcmp(each->name, name, NAME_SIZE) != 0) continue;
        is_found = 1;
        *is_newest = i == 0;
        *key = *each;
    }
    pthread_mutex_unlock(&tickets->lock);
    return is_found;
}

static int set_mac(EVP_MAC_CTX *mac, ticket_key *key) {
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key->mac, sizeof key->mac),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(mac, parameters);
}

int copenssl_ticket_key(
    SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac,
    int encrypts) {
    // The result: -1 for a failure, 0 for a full handshake without this ticket, 1 for success, 2
    // for success and a new ticket.
    copenssl_tickets *tickets = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    const EVP_CIPHER *kind = EVP_aes_256_cbc();
    ticket_key key;
    int result = -1, is_newest = 0;
    if (encrypts) {
        key = newest(tickets);
        memcpy(name, key.name, NAME_SIZE);
        if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(kind)) == 1
            && EVP_EncryptInit_ex2(cipher, kind, key.cipher, iv, NULL) == 1
            && set_mac(mac, &key) == 1)
            result = 1;
    } else if (!find(tickets, name, &key, &is_newest)) {
        return 0;
    } else if (
        EVP_DecryptInit_ex2(cipher, kind, key.cipher, iv, NULL) == 1 && set_mac(mac, &key) == 1) {
        // A client of TLS 1.3 uses a ticket once.
        result = is_newest && SSL_version(ssl) != TLS1_3_VERSION ? 1 : 2;
    }
    OPENSSL_cleanse(&key, sizeof key);
    return result;
}
