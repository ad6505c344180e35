// The record layer of TLS 1.3 (RFC 8446 section 5) for a server's session whose handshake is done.
// OpenSSL's session takes 13 KB, of which this needs the keys only.
#include "COpenSSL.h"
#include "secrets.h"
#include "wire.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER = 5,
    TAG = 16,
    IV = 12,
    PLAINTEXT = 16384,
    LONGEST_REST = PLAINTEXT + 256,
    ALERT = 21,
    HANDSHAKE = 22,
    CONTENT = 23,
    KEY_UPDATE = 24,
    /// Records of one key. AES-GCM is safe for 2^24.5 (section 5.5).
    RECORDS_OF_A_KEY = 1 << 24,
};

/// Alerts (section 6).
enum {
    CLOSE_NOTIFY = 0,
    UNEXPECTED_MESSAGE = 10,
    BAD_RECORD_MAC = 20,
    RECORD_OVERFLOW = 22,
    DECODE_ERROR = 50,
    INTERNAL_ERROR = 80,
    USER_CANCELED = 90,
};

typedef struct {
    const char *name, *cipher, *digest;
    uint16_t id;
    size_t key_size;
} suite;

static const suite suites[] = {
    {"TLS_AES_128_GCM_SHA256", "AES-128-GCM", "SHA256", 0x1301, 16},
    {"TLS_AES_256_GCM_SHA384", "AES-256-GCM", "SHA384", 0x1302, 32},
    {"TLS_CHACHA20_POLY1305_SHA256", "ChaCha20-Poly1305", "SHA256", 0x1303, 32},
};
enum { SUITES = sizeof suites / sizeof *suites };
static EVP_CIPHER *ciphers[SUITES];
static EVP_MD *digests[SUITES];

/// One direction.
typedef struct {
    EVP_CIPHER_CTX *cipher;
    uint64_t number;
    uint8_t iv[IV];
    uint8_t secret[LONGEST_SECRET];
} direction;

struct copenssl_records {
    direction read, write;
    uint8_t suite;
    /// The first bytes of a handshake message that isn't complete.
    uint8_t part_size;
    uint8_t part[5];
};

static _Thread_local uint8_t scratch[LONGEST_REST];

static void fetch(void) {
    for (int i = 0; i < SUITES; i++) {
        ciphers[i] = EVP_CIPHER_fetch(NULL, suites[i].cipher, NULL);
        digests[i] = EVP_MD_fetch(NULL, suites[i].digest, NULL);
    }
}

// MARK: Keys

/// HKDF-Expand-Label without a context (section 7.1), for at most one block of the hash.
static int expand(
    int suite, const uint8_t *secret, const char *label, uint8_t *out, size_t out_size) {
    uint8_t info[64], block[EVP_MAX_MD_SIZE];
    size_t label_size = strlen(label), size = 0;
    info[size++] = (uint8_t)(out_size >> 8);
    info[size++] = (uint8_t)out_size;
    info[size++] = (uint8_t)(6 + label_size);
    memcpy(info + size, "tls13 ", 6);
    memcpy(info + size + 6, label, label_size);
    size += 6 + label_size;
    info[size++] = 0;
    info[size++] = 1;
    int secret_size = EVP_MD_get_size(digests[suite]);
    if (!HMAC(digests[suite], secret, secret_size, info, size, block, NULL)) return 0;
    memcpy(out, block, out_size);
    OPENSSL_cleanse(block, sizeof block);
    return 1;
}

/// Makes key and IV from the secret.
static int use_secret(int suite, direction *direction, int encrypts) {
    uint8_t key[32];
    int is_done =
        expand(suite, direction->secret, "key", key, suites[suite].key_size)
        && expand(suite, direction->secret, "iv", direction->iv, IV)
        && EVP_CipherInit_ex2(direction->cipher, ciphers[suite], key, NULL, encrypts, NULL) == 1;
    OPENSSL_cleanse(key, sizeof key);
    direction->number = 0;
    return is_done;
}

/// The next secret (section 7.2).
static int renew(int suite, direction *direction, int encrypts) {
    uint8_t next[LONGEST_SECRET];
    size_t size = (size_t)EVP_MD_get_size(digests[suite]);
    if (!expand(suite, direction->secret, "traffic upd", next, size)) return 0;
    memcpy(direction->secret, next, size);
    OPENSSL_cleanse(next, sizeof next);
    return use_secret(suite, direction, encrypts);
}

copenssl_records *copenssl_session_take_over(const copenssl_session *session, uint64_t sent) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const session_secrets *secrets = copenssl_secrets(session);
    const SSL_CIPHER *agreed = SSL_get_current_cipher(session);
    if (!secrets || !agreed || SSL_version(session) != TLS1_3_VERSION) return NULL;
    if (pthread_once(&once, fetch) != 0) return NULL;
    int suite = 0;
    while (suite < SUITES && suites[suite].id != SSL_CIPHER_get_protocol_id(agreed)) suite++;
    if (suite == SUITES || !ciphers[suite] || !digests[suite]) return NULL;
    size_t size = (size_t)EVP_MD_get_size(digests[suite]);
    if (secrets->client_size != size || secrets->server_size != size) return NULL;
    copenssl_records *records = calloc(1, sizeof *records);
    if (!records) return NULL;
    records->suite = (uint8_t)suite;
    memcpy(records->read.secret, secrets->client, size);
    memcpy(records->write.secret, secrets->server, size);
    records->read.cipher = EVP_CIPHER_CTX_new();
    records->write.cipher = EVP_CIPHER_CTX_new();
    if (records->read.cipher && records->write.cipher && use_secret(suite, &records->read, 0)
        && use_secret(suite, &records->write, 1)) {
        records->write.number = sent;
        return records;
    }
    copenssl_records_free(records);
    return NULL;
}

void copenssl_records_free(copenssl_records *records) {
    EVP_CIPHER_CTX_free(records->read.cipher);
    EVP_CIPHER_CTX_free(records->write.cipher);
    OPENSSL_cleanse(records, sizeof *records);
    free(records);
}

const char *copenssl_records_cipher(const copenssl_records *records) {
    return suites[records->suite].name;
}

/// The IV of the next record (section 5.3). Counts it.
static void next_nonce(direction *direction, uint8_t *nonce) {
    memcpy(nonce, direction->iv, IV);
    for (int i = 0; i < 8; i++) nonce[IV - 1 - i] ^= (uint8_t)(direction->number >> 8 * i);
    direction->number++;
}

// MARK: Writing

/// Writes one record.
static int seal(copenssl_records *records, uint8_t type, const uint8_t *text, size_t count) {
    size_t rest = count + 1 + TAG;
    uint8_t nonce[IV], *out = copenssl_wire_extend(HEADER + rest);
    if (!out) return 0;
    EVP_CIPHER_CTX *cipher = records->write.cipher;
    int size = 0;
    out[0] = CONTENT;
    out[1] = out[2] = 3;
    out[3] = (uint8_t)(rest >> 8);
    out[4] = (uint8_t)rest;
    memcpy(out + HEADER, text, count);
    out[HEADER + count] = type;
    next_nonce(&records->write, nonce);
    return EVP_EncryptInit_ex2(cipher, NULL, NULL, nonce, NULL) == 1
           && EVP_EncryptUpdate(cipher, NULL, &size, out, HEADER) == 1
           && EVP_EncryptUpdate(cipher, out + HEADER, &size, out + HEADER, (int)count + 1) == 1
           && EVP_EncryptFinal_ex(cipher, out + HEADER + count + 1, &size) == 1
           && EVP_CIPHER_CTX_ctrl(
                  cipher, EVP_CTRL_AEAD_GET_TAG, TAG, out + HEADER + count + 1) == 1;
}

static int change_write_key(copenssl_records *records, uint8_t requests) {
    const uint8_t message[] = {KEY_UPDATE, 0, 0, 1, requests};
    return seal(records, HANDSHAKE, message, sizeof message)
           && renew(records->suite, &records->write, 1);
}

long copenssl_records_write(
    copenssl_records *records, const uint8_t *plaintext, size_t count) {
    if (count > PLAINTEXT) count = PLAINTEXT;
    if (records->write.number >= RECORDS_OF_A_KEY && !change_write_key(records, 0))
        return COPENSSL_FAILED;
    return seal(records, CONTENT, plaintext, count) ? (long)count : COPENSSL_FAILED;
}

static void alert(copenssl_records *records, uint8_t what) {
    const uint8_t message[] = {what == CLOSE_NOTIFY ? 1 : 2, what};
    seal(records, ALERT, message, sizeof message);
}

void copenssl_records_finish(copenssl_records *records) { alert(records, CLOSE_NOTIFY); }

int copenssl_records_update_keys(copenssl_records *records) {
    return change_write_key(records, 1);
}

// MARK: Reading

static int fail(copenssl_records *records, uint8_t what) {
    alert(records, what);
    return COPENSSL_FAILED;
}

/// A client sends only one kind of handshake message now: that it changes its keys. Nothing may
/// follow it in its record (section 5.1).
static int take_handshake(copenssl_records *records, const uint8_t *text, size_t count) {
    if (count == 0) return fail(records, UNEXPECTED_MESSAGE);
    for (size_t i = 0; i < count; i++) {
        if (records->part_size == sizeof records->part) return fail(records, UNEXPECTED_MESSAGE);
        records->part[records->part_size++] = text[i];
    }
    static const uint8_t expected[] = {KEY_UPDATE, 0, 0, 1};
    size_t known = records->part_size < sizeof expected ? records->part_size : sizeof expected;
    if (memcmp(records->part, expected, known) != 0) return fail(records, UNEXPECTED_MESSAGE);
    if (records->part_size < sizeof records->part) return COPENSSL_WAITS;
    records->part_size = 0;
    uint8_t requests = records->part[4];
    if (requests > 1) return fail(records, DECODE_ERROR);
    if (!renew(records->suite, &records->read, 0)) return fail(records, INTERNAL_ERROR);
    if (requests && !change_write_key(records, 0)) return COPENSSL_FAILED;
    return COPENSSL_WAITS;
}

static int take_alert(copenssl_records *records, const uint8_t *text, size_t count) {
    if (count != 2) return fail(records, DECODE_ERROR);
    if (text[1] == CLOSE_NOTIFY) return COPENSSL_ENDED;
    return text[1] == USER_CANCELED ? COPENSSL_WAITS : COPENSSL_FAILED;
}

/// Decrypts the rest of a record into the scratch.
static int open_record(copenssl_records *records, const uint8_t *record, size_t rest) {
    EVP_CIPHER_CTX *cipher = records->read.cipher;
    uint8_t nonce[IV], tag[TAG];
    int size = 0, text_size = (int)(rest - TAG);
    next_nonce(&records->read, nonce);
    memcpy(tag, record + HEADER + text_size, TAG);
    return EVP_DecryptInit_ex2(cipher, NULL, NULL, nonce, NULL) == 1
           && EVP_DecryptUpdate(cipher, NULL, &size, record, HEADER) == 1
           && EVP_DecryptUpdate(cipher, scratch, &size, record + HEADER, text_size) == 1
           && EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, TAG, tag) == 1
           && EVP_DecryptFinal_ex(cipher, scratch + text_size, &size) == 1;
}

int copenssl_records_read(
    copenssl_records *records, const uint8_t *record, size_t count, const uint8_t **plaintext,
    size_t *plaintext_count) {
    size_t rest = count - HEADER;
    if (count < HEADER + 1 + TAG || record[0] != CONTENT || record[1] != 3
        || ((size_t)record[3] << 8 | record[4]) != rest)
        return fail(records, UNEXPECTED_MESSAGE);
    if (rest > LONGEST_REST) return fail(records, RECORD_OVERFLOW);
    if (!open_record(records, record, rest)) return fail(records, BAD_RECORD_MAC);
    // The last byte that isn't padding is the type.
    size_t size = rest - TAG;
    while (size > 0 && scratch[size - 1] == 0) size--;
    if (size == 0) return fail(records, UNEXPECTED_MESSAGE);
    uint8_t type = scratch[--size];
    if (size > PLAINTEXT) return fail(records, RECORD_OVERFLOW);
    // Nothing may come between the parts of a handshake message.
    if (records->part_size > 0 && type != HANDSHAKE) return fail(records, UNEXPECTED_MESSAGE);
    switch (type) {
    case CONTENT:
        *plaintext = scratch;
        *plaintext_count = size;
        return size > 0 ? COPENSSL_DONE : COPENSSL_WAITS;
    case HANDSHAKE: return take_handshake(records, scratch, size);
    case ALERT: return take_alert(records, scratch, size);
    default: return fail(records, UNEXPECTED_MESSAGE);
    }
}
