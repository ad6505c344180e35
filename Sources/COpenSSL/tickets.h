// The keys of session tickets, for the files of this module.
#ifndef HUBBUB_TICKETS_H
#define HUBBUB_TICKETS_H

#include "COpenSSL.h"

#include <openssl/ssl.h>

/// OpenSSL's callback for tickets. The tickets are the application data of the session's context.
int copenssl_ticket_key(
    SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac,
    int encrypts);
int64_t copenssl_tickets_lifetime(const copenssl_tickets *tickets);

#endif
