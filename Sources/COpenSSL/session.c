#include "context.h"
#include "credentials.h"
#include "wire.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/// What the sessions of this thread read from and write to.
static _Thread_local struct {
    const uint8_t *input;
    size_t left;
    uint8_t *output;
    size_t count, capacity;
} wire;

// MARK: The wire as a BIO

uint8_t *copenssl_wire_extend(size_t count) {
    if (wire.capacity - wire.count < count) {
        size_t capacity = wire.capacity > 0 ? wire.capacity : 32768;
        while (capacity - wire.count < count) capacity *= 2;
        uint8_t *larger = realloc(wire.output, capacity);
        if (!larger) return NULL;
        wire.output = larger;
        wire.capacity = capacity;
    }
    wire.count += count;
    return wire.output + wire.count - count;
}

static int wire_write(BIO *bio, const char *bytes, size_t count, size_t *written) {
    BIO_clear_retry_flags(bio);
    uint8_t *place = copenssl_wire_extend(count);
    if (!place) return 0;
    memcpy(place, bytes, count);
    *written = count;
    return 1;
}

static int wire_read(BIO *bio, char *bytes, size_t capacity, size_t *count) {
    BIO_clear_retry_flags(bio);
    *count = wire.left < capacity ? wire.left : capacity;
    if (*count == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    memcpy(bytes, wire.input, *count);
    wire.input += *count;
    wire.left -= *count;
    return 1;
}

static long wire_control(BIO *bio, int command, long number, void *pointer) {
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static int wire_create(BIO *bio) {
    BIO_set_init(bio, 1);
    return 1;
}

static BIO_METHOD *wire_method;

static void make_wire_method(void) {
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
    if (method && BIO_meth_set_write_ex(method, wire_write)
        && BIO_meth_set_read_ex(method, wire_read) && BIO_meth_set_ctrl(method, wire_control)
        && BIO_meth_set_create(method, wire_create))
        wire_method = method;
}

static SSL *new_session(copenssl_context *context) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (pthread_once(&once, make_wire_method) != 0 || !wire_method) return NULL;
    SSL *ssl = SSL_new(context->main);
    BIO *bio = ssl ? BIO_new(wire_method) : NULL;
    if (!bio) {
        SSL_free(ssl);
        return NULL;
    }
    SSL_set_bio(ssl, bio, bio);
    return ssl;
}

const uint8_t *copenssl_output(size_t *count) {
    *count = wire.count;
    return wire.output;
}

void copenssl_output_clear(void) { wire.count = 0; }

// MARK: Sessions

copenssl_session *copenssl_server_session_new(copenssl_context *context) {
    SSL *ssl = new_session(context);
    if (ssl) SSL_set_accept_state(ssl);
    return ssl;
}

/// The certificate must have the host's name or address. Only names are told to the server (RFC
/// 6066 section 3).
static int set_host(SSL *ssl, const char *host) {
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1) return 1;
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, host) && SSL_set_tlsext_host_name(ssl, host);
}

copenssl_session *copenssl_client_session_new(
    copenssl_context *context, const char *host, copenssl_resumption *earlier) {
    SSL *ssl = new_session(context);
    if (!ssl) return NULL;
    SSL_set_connect_state(ssl);
    if (set_host(ssl, host) && (!earlier || SSL_set_session(ssl, earlier))) {
        ERR_clear_error();
        return ssl;
    }
    SSL_free(ssl);
    return NULL;
}

void copenssl_session_free(copenssl_session *session) { SSL_free(session); }

static void begin(const uint8_t *input, size_t count) {
    ERR_clear_error();
    wire.input = input;
    wire.left = count;
}

static int outcome(const SSL *ssl, int result) {
    switch (SSL_get_error(ssl, result)) {
    case SSL_ERROR_WANT_READ: return COPENSSL_WAITS;
    case SSL_ERROR_ZERO_RETURN: return COPENSSL_ENDED;
    default: return COPENSSL_FAILED;
    }
}

int copenssl_session_handshake(copenssl_session *session, const uint8_t *input, size_t *count) {
    begin(input, *count);
    int result = SSL_do_handshake(session);
    *count -= wire.left;
    if (result == 1) return COPENSSL_DONE;
    return outcome(session, result) == COPENSSL_WAITS ? COPENSSL_WAITS : COPENSSL_FAILED;
}

long copenssl_session_read(
    copenssl_session *session, const uint8_t *input, size_t *count, uint8_t *plaintext,
    size_t capacity) {
    size_t read = 0;
    begin(input, *count);
    int result = SSL_read_ex(session, plaintext, capacity, &read);
    *count -= wire.left;
    return result == 1 ? (long)read : outcome(session, result);
}

size_t copenssl_session_pending(const copenssl_session *session) {
    return (size_t)SSL_pending(session);
}

long copenssl_session_write(copenssl_session *session, const uint8_t *plaintext, size_t count) {
    size_t written = 0;
    begin(NULL, 0);
    return SSL_write_ex(session, plaintext, count, &written) == 1 ? (long)written
                                                                  : COPENSSL_FAILED;
}

void copenssl_session_finish(copenssl_session *session) {
    begin(NULL, 0);
    SSL_shutdown(session);
    ERR_clear_error();
}

int copenssl_session_update_keys(copenssl_session *session) {
    begin(NULL, 0);
    return SSL_key_update(session, SSL_KEY_UPDATE_REQUESTED) && SSL_do_handshake(session) == 1;
}

int copenssl_session_renegotiate(copenssl_session *session) {
    begin(NULL, 0);
    SSL_clear_options(session, SSL_OP_NO_RENEGOTIATION);
    if (!SSL_renegotiate(session)) return 0;
    SSL_do_handshake(session);
    ERR_clear_error();
    return 1;
}

const char *copenssl_session_version(const copenssl_session *session) {
    return SSL_get_version(session);
}

const char *copenssl_session_cipher(const copenssl_session *session) {
    return SSL_get_cipher_name(session);
}

int copenssl_session_has_agreed(const copenssl_session *session) {
    const unsigned char *name;
    unsigned int count;
    SSL_get0_alpn_selected(session, &name, &count);
    return count > 0;
}

int copenssl_session_is_resumed(const copenssl_session *session) {
    return SSL_session_reused(session);
}

int copenssl_session_met(
    const copenssl_session *session, const copenssl_credentials *credentials) {
    X509 *peer = SSL_get0_peer_certificate(session);
    return peer && X509_cmp(peer, credentials->leaf) == 0;
}

const char *copenssl_session_failure(const copenssl_session *session) {
    long verified = SSL_get_verify_result(session);
    if (verified != X509_V_OK && SSL_get_verify_mode(session) & SSL_VERIFY_PEER)
        return X509_verify_cert_error_string(verified);
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason ? reason : "the peer broke off";
}

copenssl_cause copenssl_session_cause(const copenssl_session *session) {
    if (SSL_is_server(session)) return COPENSSL_OTHER;
    int verifies = SSL_get_verify_mode(session) & SSL_VERIFY_PEER;
    switch (verifies ? SSL_get_verify_result(session) : X509_V_OK) {
    case X509_V_OK: break;
    case X509_V_ERR_CERT_HAS_EXPIRED: return COPENSSL_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID: return COPENSSL_NOT_YET_VALID;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return COPENSSL_OTHER_HOST;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return COPENSSL_SELF_SIGNED;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return COPENSSL_UNKNOWN_ISSUER;
    default: return COPENSSL_UNTRUSTED;
    }
    switch (ERR_GET_REASON(ERR_peek_last_error())) {
    // What isn't a record is read as one of another version.
    case SSL_R_WRONG_VERSION_NUMBER: return COPENSSL_NOT_TLS;
    default: return COPENSSL_OTHER;
    }
}

// MARK: Refused certificates

/// The names of the certificate that was refused last. More than a few help nobody.
static _Thread_local struct {
    char texts[8][256];
    size_t count;
} refused;

const char *copenssl_session_refused_name(size_t index) {
    return index < refused.count ? refused.texts[index] : NULL;
}

static void note_address(const ASN1_OCTET_STRING *address) {
    const unsigned char *bytes = ASN1_STRING_get0_data(address);
    int family = ASN1_STRING_length(address) == 16 ? AF_INET6 : AF_INET;
    if (ASN1_STRING_length(address) != 4 && ASN1_STRING_length(address) != 16) return;
    char *text = refused.texts[refused.count];
    if (inet_ntop(family, bytes, text, sizeof *refused.texts)) refused.count++;
}

static void note_name(const ASN1_STRING *name) {
    const unsigned char *bytes = ASN1_STRING_get0_data(name);
    size_t count = (size_t)ASN1_STRING_length(name);
    if (count == 0 || count >= sizeof *refused.texts) return;
    // It comes from a stranger and goes to a terminal.
    for (size_t i = 0; i < count; i++)
        if (bytes[i] < 0x21 || bytes[i] > 0x7E) return;
    char *text = refused.texts[refused.count++];
    memcpy(text, bytes, count);
    text[count] = 0;
}

void copenssl_note_names(X509 *certificate) {
    refused.count = 0;
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    size_t capacity = sizeof refused.texts / sizeof *refused.texts;
    for (int i = 0; i < sk_GENERAL_NAME_num(names) && refused.count < capacity; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_DNS) note_name(name->d.dNSName);
        if (name->type == GEN_IPADD) note_address(name->d.iPAddress);
    }
    GENERAL_NAMES_free(names);
}

copenssl_resumption *copenssl_session_resumption(copenssl_session *session) {
    SSL_SESSION *kept = SSL_get0_session(session);
    // A copy: OpenSSL marks the original as not resumable when a session is freed that hasn't ended
    // in order, as those that are cut.
    return kept && SSL_SESSION_is_resumable(kept) ? SSL_SESSION_dup(kept) : NULL;
}

void copenssl_resumption_free(copenssl_resumption *resumption) { SSL_SESSION_free(resumption); }
