#include "CCurl.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void begin(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

// A session is a handle: it keeps its connections from one request to the next.
static CURL *session_handle(ccurl_session *session) { return (CURL *)session; }

typedef struct {
    ccurl_answer answer;
    size_t limit;
    size_t capacity;
    bool is_too_large;
    bool allows_private;
    bool was_private;
} transfer;

static size_t received(char *bytes, size_t size, size_t count, void *context) {
    transfer *state = context;
    size_t length = size * count;
    if (length > state->limit - state->answer.length) {
        state->is_too_large = true;
        return CURL_WRITEFUNC_ERROR;
    }
    size_t needed = state->answer.length + length;
    if (needed > state->capacity) {
        size_t capacity = needed * 2;
        uint8_t *content = realloc(state->answer.content, capacity);
        if (!content) return CURL_WRITEFUNC_ERROR;
        state->answer.content = content;
        state->capacity = capacity;
    }
    memcpy(state->answer.content + state->answer.length, bytes, length);
    state->answer.length = needed;
    return length;
}

// The address is the one that is connected to, so no later answer of a name server can change it.
static curl_socket_t opened(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    transfer *state = context;
    (void)purpose;
    bool is_public = false;
    if (address->family == AF_INET) {
        struct sockaddr_in name;
        memcpy(&name, &address->addr, sizeof name);
        is_public = ccurl_is_public((const uint8_t *)&name.sin_addr, 4);
    } else if (address->family == AF_INET6) {
        struct sockaddr_in6 name;
        // The union of curl_sockaddr is larger than it says: libcurl keeps any address there.
        memcpy(&name, (const char *)&address->addr, sizeof name);
        is_public = ccurl_is_public((const uint8_t *)&name.sin6_addr, 16);
    } else {
        return CURL_SOCKET_BAD;
    }
    if (!is_public && !state->allows_private) {
        state->was_private = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void set(CURL *handle, const ccurl_request *request, transfer *state) {
    curl_easy_setopt(handle, CURLOPT_URL, request->url);
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(
        handle, CURLOPT_PROTOCOLS_STR, request->allows_plain ? "http,https" : "https");
#else
    curl_easy_setopt(
        handle, CURLOPT_PROTOCOLS,
        request->allows_plain ? (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS) : (long)CURLPROTO_HTTPS);
#endif
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(handle, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, request->milliseconds);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "hubbub");
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, received);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, state);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, opened);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, state);
    if (request->authorities) curl_easy_setopt(handle, CURLOPT_CAINFO, request->authorities);
    if (request->content) {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->content_length);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request->content);
    }
    if (request->method) curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request->method);
}

ccurl_answer ccurl_perform(const ccurl_request *request) {
    pthread_once(&once, begin);
    transfer state = {
        .answer = {.outcome = ccurl_outcome_failed, .reason = "there is no memory"},
        .limit = request->limit,
        .allows_private = request->allows_private,
    };
    CURL *handle = request->session ? session_handle(request->session) : curl_easy_init();
    if (!handle) return state.answer;
    set(handle, request, &state);
    struct curl_slist *fields = NULL;
    for (size_t place = 0; place < request->field_count; place++) {
        struct curl_slist *longer = curl_slist_append(fields, request->fields[place]);
        if (longer) fields = longer;
    }
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, fields);
    CURLcode code = curl_easy_perform(handle);
    state.answer.reason = curl_easy_strerror(code);
    if (code == CURLE_OK) {
        state.answer.outcome = ccurl_outcome_answered;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &state.answer.status);
    } else if (state.is_too_large) {
        state.answer.outcome = ccurl_outcome_too_large;
    } else if (state.was_private) {
        state.answer.outcome = ccurl_outcome_private_address;
    } else if (code == CURLE_OPERATION_TIMEDOUT) {
        state.answer.outcome = ccurl_outcome_timed_out;
    }
    curl_slist_free_all(fields);
    if (request->session) {
        // Nothing of this call is kept but the connection.
        curl_easy_reset(handle);
    } else {
        curl_easy_cleanup(handle);
    }
    return state.answer;
}

ccurl_session *ccurl_session_open(void) {
    pthread_once(&once, begin);
    return (ccurl_session *)curl_easy_init();
}

void ccurl_session_close(ccurl_session *session) { curl_easy_cleanup(session_handle(session)); }

void ccurl_free(ccurl_answer *answer) {
    free(answer->content);
    answer->content = NULL;
    answer->length = 0;
}
