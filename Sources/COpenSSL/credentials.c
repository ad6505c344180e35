// memmem is GNU's.
#define _GNU_SOURCE

#include "credentials.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

/// A key with a password is refused; this notes that there is one.
static int refuse_password(char *buffer, int size, int writes, void *is_encrypted) {
    (void)buffer;
    (void)size;
    (void)writes;
    *(int *)is_encrypted = 1;
    return -1;
}

static BIO *reader(const uint8_t *bytes, size_t count) {
    static const uint8_t nothing = 0;
    if (count > INT32_MAX) return NULL;
    return BIO_new_mem_buf(bytes ? bytes : &nothing, (int)count);
}

/// Whether the last failure only means that no further object of the kind follows.
static int is_at_end(void) {
    unsigned long error = ERR_peek_last_error();
    return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

static copenssl_problem parse_chain(copenssl_credentials *credentials, BIO *bio) {
    int is_encrypted = 0;
    credentials->chain = sk_X509_new_null();
    if (!credentials->chain) return COPENSSL_NO_MEMORY;
    ERR_clear_error();
    for (;;) {
        X509 *next = PEM_read_bio_X509_AUX(bio, NULL, refuse_password, &is_encrypted);
        if (!next) break;
        if (!credentials->leaf) {
            credentials->leaf = next;
        } else if (!sk_X509_push(credentials->chain, next)) {
            X509_free(next);
            return COPENSSL_NO_MEMORY;
        }
    }
    if (!is_at_end()) return COPENSSL_BROKEN_CERTIFICATE;
    return credentials->leaf ? COPENSSL_GOOD : COPENSSL_NO_CERTIFICATE;
}

static copenssl_problem parse_key(copenssl_credentials *credentials, BIO *bio) {
    int is_encrypted = 0;
    ERR_clear_error();
    credentials->key = PEM_read_bio_PrivateKey(bio, NULL, refuse_password, &is_encrypted);
    if (credentials->key) return COPENSSL_GOOD;
    if (is_encrypted) return COPENSSL_ENCRYPTED_KEY;
    return COPENSSL_BROKEN_KEY;
}

/// Whether a text has a private key in PEM, broken or not.
static int has_key(const uint8_t *text, size_t count) {
    static const char mark[] = "PRIVATE KEY-----";
    return text && memmem(text, count, mark, sizeof mark - 1) != NULL;
}

/// How many clients can check signatures of a key: all, some (but no browser), or none.
typedef enum { REACH_NONE, REACH_SOME, REACH_ALL } reach;

static reach reach_of(const EVP_PKEY *key) {
    char curve[32];
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA: return REACH_ALL;
    case EVP_PKEY_RSA_PSS:
    case EVP_PKEY_ED25519:
    case EVP_PKEY_ED448: return REACH_SOME;
    case EVP_PKEY_EC: break;
    default: return REACH_NONE;
    }
    if (EVP_PKEY_get_group_name(key, curve, sizeof curve, NULL) != 1) return REACH_NONE;
    if (strcmp(curve, "prime256v1") == 0 || strcmp(curve, "secp384r1") == 0) return REACH_ALL;
    return strcmp(curve, "secp521r1") == 0 ? REACH_SOME : REACH_NONE;
}

/// Whether certificate and key fit together, and can be used.
static copenssl_problem match(const copenssl_credentials *credentials) {
    if (X509_check_private_key(credentials->leaf, credentials->key) == 1)
        return reach_of(credentials->key) == REACH_NONE ? COPENSSL_UNUSABLE : COPENSSL_GOOD;
    for (int i = 0; i < sk_X509_num(credentials->chain); i++)
        if (X509_check_private_key(sk_X509_value(credentials->chain, i), credentials->key) == 1)
            return COPENSSL_WRONG_ORDER;
    return COPENSSL_MISMATCH;
}

int copenssl_credentials_are_common(const copenssl_credentials *credentials) {
    return reach_of(credentials->key) == REACH_ALL;
}

/// Copies a name that holds only printable ASCII. Others are left out: no client asks for them.
static int add_name(copenssl_credentials *credentials, const uint8_t *name, size_t count) {
    if (count == 0 || count > 253) return 1;
    for (size_t i = 0; i < count; i++)
        if (name[i] <= ' ' || name[i] >= 0x7f || name[i] == '"' || name[i] == '\\') return 1;
    char **names = realloc(credentials->names, (credentials->name_count + 1) * sizeof *names);
    if (!names) return 0;
    credentials->names = names;
    char *copy = strndup((const char *)name, count);
    if (!copy) return 0;
    names[credentials->name_count++] = copy;
    return 1;
}

static int add_address(copenssl_credentials *credentials, const ASN1_OCTET_STRING *address) {
    const uint8_t *bytes = ASN1_STRING_get0_data(address);
    int count = ASN1_STRING_length(address);
    char text[64];
    if (count == 4) {
        snprintf(text, sizeof text, "%d.%d.%d.%d", bytes[0], bytes[1], bytes[2], bytes[3]);
    } else if (count == 16) {
        char *end = text;
        for (int i = 0; i < 16; i += 2)
            end += snprintf(
                end, 6, "%s%x", i ? ":" : "", (unsigned)bytes[i] << 8 | (unsigned)bytes[i + 1]);
    } else {
        return 1;
    }
    return add_name(credentials, (const uint8_t *)text, strlen(text));
}

static copenssl_problem collect_names(copenssl_credentials *credentials) {
    int is_whole = 1;
    GENERAL_NAMES *names =
        X509_get_ext_d2i(credentials->leaf, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; is_whole && i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_DNS)
            is_whole = add_name(
                credentials, ASN1_STRING_get0_data(name->d.dNSName),
                (size_t)ASN1_STRING_length(name->d.dNSName));
        else if (name->type == GEN_IPADD)
            is_whole = add_address(credentials, name->d.iPAddress);
    }
    GENERAL_NAMES_free(names);
    if (is_whole && credentials->name_count == 0) {
        const X509_NAME *subject = X509_get_subject_name(credentials->leaf);
        int place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(subject, place);
        const ASN1_STRING *text = entry ? X509_NAME_ENTRY_get_data(entry) : NULL;
        if (text)
            is_whole = add_name(
                credentials, ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text));
    }
    return is_whole ? COPENSSL_GOOD : COPENSSL_NO_MEMORY;
}

copenssl_credentials *copenssl_credentials_parse(
    const uint8_t *chain, size_t chain_count, const uint8_t *key, size_t key_count,
    copenssl_problem *problem) {
    copenssl_credentials *credentials = calloc(1, sizeof *credentials);
    BIO *chain_bio = reader(chain, chain_count), *key_bio = reader(key, key_count);
    *problem = COPENSSL_NO_MEMORY;
    if (credentials && chain_bio && key_bio) {
        *problem = parse_chain(credentials, chain_bio);
        if (*problem == COPENSSL_GOOD)
            *problem =
                has_key(key, key_count) ? parse_key(credentials, key_bio) : COPENSSL_NO_KEY;
        if (*problem == COPENSSL_GOOD) *problem = match(credentials);
        if (*problem == COPENSSL_GOOD) *problem = collect_names(credentials);
    }
    BIO_free(chain_bio);
    BIO_free(key_bio);
    ERR_clear_error();
    if (*problem == COPENSSL_GOOD) return credentials;
    if (credentials) copenssl_credentials_free(credentials);
    return NULL;
}

void copenssl_credentials_free(copenssl_credentials *credentials) {
    X509_free(credentials->leaf);
    sk_X509_pop_free(credentials->chain, X509_free);
    EVP_PKEY_free(credentials->key);
    for (size_t i = 0; i < credentials->name_count; i++) free(credentials->names[i]);
    free(credentials->names);
    free(credentials);
}

const char *copenssl_credentials_name(const copenssl_credentials *credentials, size_t index) {
    return index < credentials->name_count ? credentials->names[index] : NULL;
}

static int64_t seconds(const ASN1_TIME *time) {
    struct tm parts;
    return ASN1_TIME_to_tm(time, &parts) == 1 ? (int64_t)timegm(&parts) : 0;
}

int64_t copenssl_credentials_not_before(const copenssl_credentials *credentials) {
    return seconds(X509_get0_notBefore(credentials->leaf));
}

int64_t copenssl_credentials_not_after(const copenssl_credentials *credentials) {
    return seconds(X509_get0_notAfter(credentials->leaf));
}

void copenssl_credentials_fingerprint(const copenssl_credentials *credentials, uint8_t *digest) {
    if (X509_digest(credentials->leaf, EVP_sha256(), digest, NULL) != 1) memset(digest, 0, 32);
}
