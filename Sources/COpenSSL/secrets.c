#include "secrets.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <string.h>

static int place = -1;

static void free_secrets(
    void *parent, void *secrets, CRYPTO_EX_DATA *data, int index, long number, void *pointer) {
    (void)parent;
    (void)data;
    (void)index;
    (void)number;
    (void)pointer;
    OPENSSL_clear_free(secrets, sizeof(session_secrets));
}

static void make_place(void) { place = SSL_get_ex_new_index(0, NULL, NULL, NULL, free_secrets); }

static int digit(char character) {
    if (character >= '0' && character <= '9') return character - '0';
    if (character >= 'a' && character <= 'f') return character - 'a' + 10;
    return -1;
}

/// Reads hexadecimal digits up to the end. Returns the number of bytes, or 0.
static size_t parse(const char *text, uint8_t *bytes) {
    size_t count = 0;
    for (; text[0] && text[1]; text += 2, count++) {
        int high = digit(text[0]), low = digit(text[1]);
        if (high < 0 || low < 0 || count == LONGEST_SECRET) return 0;
        bytes[count] = (uint8_t)(high << 4 | low);
    }
    return count;
}

/// OpenSSL's callback for programs that decrypt what they capture: `LABEL RANDOM SECRET`. It is the
/// only public way to the secrets.
static void note(const SSL *ssl, const char *line) {
    static const char of_client[] = "CLIENT_TRAFFIC_SECRET_0 ";
    static const char of_server[] = "SERVER_TRAFFIC_SECRET_0 ";
    int is_client = strncmp(line, of_client, sizeof of_client - 1) == 0;
    if (!is_client && strncmp(line, of_server, sizeof of_server - 1) != 0) return;
    const char *secret = strrchr(line, ' ') + 1;
    session_secrets *secrets = SSL_get_ex_data(ssl, place);
    if (!secrets) {
        secrets = OPENSSL_zalloc(sizeof *secrets);
        if (!secrets) return;
        // The session belongs to this thread. The callback only has it as a constant.
        if (!SSL_set_ex_data((SSL *)(uintptr_t)ssl, place, secrets)) {
            OPENSSL_free(secrets);
            return;
        }
    }
    if (is_client)
        secrets->client_size = parse(secret, secrets->client);
    else
        secrets->server_size = parse(secret, secrets->server);
}

void copenssl_note_secrets(SSL_CTX *context) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (pthread_once(&once, make_place) == 0 && place >= 0)
        SSL_CTX_set_keylog_callback(context, note);
}

const session_secrets *copenssl_secrets(const SSL *ssl) {
    return place < 0 ? NULL : SSL_get_ex_data(ssl, place);
}
