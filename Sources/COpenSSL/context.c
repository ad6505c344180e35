#include "context.h"
#include "credentials.h"
#include "secrets.h"
#include "tickets.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/// AES-128 first, which is safe and the fastest. A client without AES in hardware lists ChaCha20
/// first, and then gets it.
static const char tls13_suites[] =
    "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384";
static const char tls12_suites[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";
/// The first list needs OpenSSL 3.5.
static const char hybrid_groups[] = "X25519MLKEM768:X25519:P-256:P-384";
static const char groups[] = "X25519:P-256:P-384";
/// ALPN's list of protocols: their lengths and names.
static const unsigned char protocols[] = "\x08http/1.1";

/// What contexts of servers and clients have in common.
static SSL_CTX *new_context(const SSL_METHOD *method) {
    SSL_CTX *context = SSL_CTX_new(method);
    if (!context) return NULL;
    SSL_CTX_set_options(
        context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE
                     | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(
        context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                     | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    ERR_set_mark();
    int has_groups = SSL_CTX_set1_groups_list(context, hybrid_groups);
    ERR_pop_to_mark();
    if (!has_groups) has_groups = SSL_CTX_set1_groups_list(context, groups);
    if (has_groups && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION)
        && SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION)
        && SSL_CTX_set_ciphersuites(context, tls13_suites)
        && SSL_CTX_set_cipher_list(context, tls12_suites))
        return context;
    SSL_CTX_free(context);
    return NULL;
}

/// A client that lists protocols must list ours.
static int select_protocol(
    SSL *ssl, const unsigned char **selected, unsigned char *length, const unsigned char *offered,
    unsigned int count, void *none) {
    (void)ssl;
    (void)none;
    unsigned char *found;
    if (SSL_select_next_proto(
            &found, length, protocols, sizeof protocols - 1, offered, count)
        != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *selected = found;
    return SSL_TLSEXT_ERR_OK;
}

/// Whether a name of a certificate stands for a host. A `*` is one whole label (RFC 6125 section
/// 6.4.3).
static int matches(const char *name, const char *host) {
    if (strncmp(name, "*.", 2) != 0) return strcasecmp(name, host) == 0;
    const char *rest = strchr(host, '.');
    return rest && rest != host && strcasecmp(name + 1, rest) == 0;
}

static int has_name(const context_choice *choice, const char *host) {
    for (size_t i = 0; i < choice->name_count; i++)
        if (matches(choice->names[i], host)) return 1;
    return 0;
}

/// Chooses the certificate for the name that the client asks for.
static int choose(SSL *ssl, int *alert, void *data) {
    (void)alert;
    const copenssl_context *context = data;
    const char *host = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    for (size_t i = 0; host && i < context->choice_count; i++) {
        if (!has_name(&context->choices[i], host)) continue;
        SSL_set_SSL_CTX(ssl, context->choices[i].context);
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_NOACK;
}

static SSL_CTX *new_server_context(copenssl_tickets *tickets) {
    static const unsigned char purpose[] = "hubbub";
    SSL_CTX *context = new_context(TLS_server_method());
    if (!context) return NULL;
    SSL_CTX_set_app_data(context, tickets);
    copenssl_note_secrets(context);
    SSL_CTX_set_timeout(context, (long)copenssl_tickets_lifetime(tickets));
    SSL_CTX_set_alpn_select_cb(context, select_protocol, NULL);
    if (SSL_CTX_set_tlsext_ticket_key_evp_cb(context, copenssl_ticket_key)
        && SSL_CTX_set_num_tickets(context, 1) && SSL_CTX_set_max_early_data(context, 0)
        && SSL_CTX_set_session_id_context(context, purpose, sizeof purpose - 1))
        return context;
    SSL_CTX_free(context);
    return NULL;
}

copenssl_context *copenssl_server_context_new(copenssl_tickets *tickets) {
    copenssl_context *context = calloc(1, sizeof *context);
    if (!context) return NULL;
    context->main = new_server_context(tickets);
    if (context->main) return context;
    free(context);
    return NULL;
}

static void free_choice(context_choice *choice) {
    for (size_t i = 0; i < choice->name_count; i++) free(choice->names[i]);
    free(choice->names);
    SSL_CTX_free(choice->context);
}

static int copy_names(context_choice *choice, const copenssl_credentials *credentials) {
    choice->names = calloc(credentials->name_count + 1, sizeof *choice->names);
    if (!choice->names) return 0;
    for (size_t i = 0; i < credentials->name_count; i++) {
        choice->names[i] = strdup(credentials->names[i]);
        if (!choice->names[i]) return 0;
        choice->name_count++;
    }
    return 1;
}

static copenssl_problem use(SSL_CTX *context, const copenssl_credentials *credentials) {
    ERR_clear_error();
    int is_used = SSL_CTX_use_cert_and_key(
        context, credentials->leaf, credentials->key, credentials->chain, 0);
    unsigned long error = ERR_peek_last_error();
    ERR_clear_error();
    if (is_used == 1) return COPENSSL_GOOD;
    return ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE ? COPENSSL_NO_MEMORY : COPENSSL_WEAK;
}

copenssl_problem copenssl_server_context_add(
    copenssl_context *context, const copenssl_credentials *credentials) {
    context_choice *choices =
        realloc(context->choices, (context->choice_count + 1) * sizeof *choices);
    if (!choices) return COPENSSL_NO_MEMORY;
    context->choices = choices;
    context_choice choice = {NULL, NULL, 0};
    if (context->choice_count == 0) {
        choice.context = context->main;
        SSL_CTX_up_ref(context->main);
    } else {
        choice.context = new_server_context(SSL_CTX_get_app_data(context->main));
    }
    copenssl_problem problem = COPENSSL_NO_MEMORY;
    if (choice.context && copy_names(&choice, credentials))
        problem = use(choice.context, credentials);
    if (problem != COPENSSL_GOOD) {
        free_choice(&choice);
        return problem;
    }
    choices[context->choice_count++] = choice;
    SSL_CTX_set_tlsext_servername_callback(context->main, choose);
    SSL_CTX_set_tlsext_servername_arg(context->main, context);
    return COPENSSL_GOOD;
}

static int add_roots(SSL_CTX *context, const uint8_t *roots, size_t count) {
    if (count > INT32_MAX) return 0;
    BIO *bio = BIO_new_mem_buf(roots, (int)count);
    if (!bio) return 0;
    X509_STORE *store = SSL_CTX_get_cert_store(context);
    int added = 0, is_whole = 1;
    for (;;) {
        X509 *root = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        if (!root) break;
        is_whole = is_whole && X509_STORE_add_cert(store, root) == 1;
        X509_free(root);
        added++;
    }
    ERR_clear_error();
    BIO_free(bio);
    return is_whole && added > 0;
}

/// Takes OpenSSL's verdict, and notes the names of a certificate that is for another host.
static int verified(int is_good, X509_STORE_CTX *store) {
    int error = X509_STORE_CTX_get_error(store);
    X509 *certificate = X509_STORE_CTX_get_current_cert(store);
    if (!is_good && certificate
        && (error == X509_V_ERR_HOSTNAME_MISMATCH || error == X509_V_ERR_IP_ADDRESS_MISMATCH))
        copenssl_note_names(certificate);
    return is_good;
}

copenssl_context *copenssl_client_context_new(
    int verifies, const uint8_t *roots, size_t roots_count) {
    copenssl_context *context = calloc(1, sizeof *context);
    if (!context) return NULL;
    context->main = new_context(TLS_client_method());
    int is_ready = context->main != NULL;
    if (is_ready)
        is_ready = SSL_CTX_set_alpn_protos(context->main, protocols, sizeof protocols - 1) == 0;
    if (is_ready && verifies) {
        SSL_CTX_set_verify(context->main, SSL_VERIFY_PEER, verified);
        is_ready = SSL_CTX_set_default_verify_paths(context->main);
    }
    if (is_ready && roots) is_ready = add_roots(context->main, roots, roots_count);
    if (is_ready) return context;
    copenssl_context_free(context);
    return NULL;
}

int copenssl_client_context_offer(copenssl_context *context, const char *suite) {
    if (strncmp(suite, "TLS_", 4) == 0)
        return SSL_CTX_set_ciphersuites(context->main, suite)
               && SSL_CTX_set_min_proto_version(context->main, TLS1_3_VERSION);
    return SSL_CTX_set_cipher_list(context->main, suite)
           && SSL_CTX_set_max_proto_version(context->main, TLS1_2_VERSION);
}

void copenssl_context_free(copenssl_context *context) {
    for (size_t i = 0; i < context->choice_count; i++) free_choice(&context->choices[i]);
    free(context->choices);
    SSL_CTX_free(context->main);
    free(context);
}
