// The parts of a certificate and its key, for the files of this module.
#ifndef HUBBUB_CREDENTIALS_H
#define HUBBUB_CREDENTIALS_H

#include "COpenSSL.h"

#include <openssl/x509v3.h>

struct copenssl_credentials {
    X509 *leaf;
    STACK_OF(X509) *chain;
    EVP_PKEY *key;
    char **names;
    size_t name_count;
};

#endif
