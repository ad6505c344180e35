// The program that callgrind measures. After each phase, the daemon's costs are dumped under the
// phase's name, and the number of operations is printed.
#include "kernel.h"

#include <stdio.h>
#include <string.h>
#include <valgrind/callgrind.h>

enum {
    CROWD = 1000,      // members of the large room
    WARM_UP = 64,      // members that arrive before counting starts
    BATCH = 100,       // lines of one tick
    TICK_NS = 1000000, // time between ticks
};

static const char plain_request[] =
    "GET /ws?room=%s HTTP/1.1\r\nHost: chat.example.org\r\nConnection: Upgrade\r\n"
    "Pragma: no-cache\r\nCache-Control: no-cache\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    "Upgrade: websocket\r\nOrigin: https://chat.example.org\r\nSec-WebSocket-Version: 13\r\n"
    "Accept-Language: en-US,en;q=0.9\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n";
static const char line[] =
    "{\"username\":\"ann\",\"message\":\"Hello everybody, can you hear me well today?\"}";

static const char reader_request[] =
    "GET /api/v1/rooms/streams/events?history=0 HTTP/1.1\r\nHost: chat.example.org\r\n"
    "Accept: text/event-stream\r\nCache-Control: no-cache\r\n\r\n";

static char speaker_request[1024];
static char crowd_request[1024], alone_request[1024], rich_request[1024];
static uint8_t lines[65536];
static uint32_t line_bytes, batch_bytes;
static uint8_t command[1024];
static uint32_t alone, crowd, rich, backend, speaker;
static int64_t readers;
static uint32_t pings;

static void prepare(void) {
    snprintf(crowd_request, sizeof crowd_request, plain_request, "crowd", "");
    snprintf(alone_request, sizeof alone_request, plain_request, "alone", "");
    snprintf(speaker_request, sizeof speaker_request, plain_request, "streams", "");
    snprintf(rich_request, sizeof rich_request, plain_request, "alone",
             "Sec-WebSocket-Protocol: hubbub.v1\r\n");
    for (int i = 0; i < BATCH; i++)
        batch_bytes += text_frame(lines + batch_bytes, line, sizeof line - 1);
    line_bytes = batch_bytes / BATCH;
}

static void say_text(uint32_t number, const char *text, int64_t replies) {
    say(number, command, text_frame(command, text, (uint32_t)strlen(text)));
    awaited += replies;
}

// The actions of each round of a phase. A round ends when the server has finished them.

static void open_chat(const char *request, int round) {
    if (round % 2 == 0) return arrive(1);
    awaited += 1;
    say(connection_count - 1, request, (uint32_t)strlen(request));
}

static void open_alone(int round) {
    alone = connection_count - (uint32_t)(round % 2);
    open_chat(alone_request, round);
}

static void open_in_crowd(int round) {
    crowd = connection_count - (uint32_t)(round % 2);
    open_chat(crowd_request, round);
}

static void open_speaker(int round) {
    speaker = connection_count - (uint32_t)(round % 2);
    open_chat(speaker_request, round);
}

static void open_reader(int round) {
    readers += round % 2;
    open_chat(reader_request, round);
}

static void open_rich(int round) {
    switch (round) {
    case 0: arrive(1); break;
    case 1:
        rich = connection_count - 1;
        say(rich, rich_request, (uint32_t)strlen(rich_request));
        awaited += 2;  // the response, and `welcome`
        break;
    case 2:
        say_text(rich, "{\"type\":\"join\",\"room\":\"rich\",\"username\":\"ann\"}", 1);
        break;
    }
}

static void say_lines(uint32_t number, int64_t members, bool batched) {
    pass(TICK_NS);
    say(number, lines, batched ? batch_bytes : line_bytes);
    awaited += members * (batched ? BATCH : 1);
}

static void say_alone(int round) {
    (void)round;
    say_lines(alone, 1, false);
}

static void say_batch_alone(int round) {
    (void)round;
    say_lines(alone, 1, true);
}

static void say_to_crowd(int round) {
    (void)round;
    say_lines(crowd, WARM_UP + CROWD, false);
}

static void say_batch_to_crowd(int round) {
    (void)round;
    say_lines(crowd, WARM_UP + CROWD, true);
}

static void say_to_readers(int round) {
    (void)round;
    say_lines(speaker, readers + 1, false);
}

static void say_batch_to_readers(int round) {
    (void)round;
    say_lines(speaker, readers + 1, true);
}

static void say_richly(int round) {
    static int64_t number = 100000000;
    char text[256];
    (void)round;
    pass(TICK_NS);
    snprintf(text, sizeof text,
             "{\"type\":\"message\",\"id\":\"5f0c6b1e-%lld\",\"room\":\"rich\","
             "\"message\":\"Hello everybody, can you hear me well today?\"}",
             (long long)number++);
    say_text(rich, text, 2);  // the line, and `ack`
}

static void open_backend(int round) {
    (void)round;
    backend = connection_count;
    arrive(1);
}

static void say_by_request(int round) {
    static int64_t number = 100000000;
    static char request[1024];
    (void)round;
    pass(TICK_NS);
    int length = snprintf(
        request, sizeof request,
        "POST /api/v1/rooms/rich/messages HTTP/1.1\r\nHost: chat.example.org\r\n"
        "User-Agent: python-requests/2.32.3\r\nAccept-Encoding: gzip, deflate\r\n"
        "Accept: */*\r\nConnection: keep-alive\r\n"
        "Authorization: Bearer 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n"
        "Idempotency-Key: 5f0c6b1e-%lld\r\nContent-Type: application/json\r\n"
        "Content-Length: 59\r\n\r\n"
        "{\"message\": \"Hello everybody, can you hear me well today?\"}",
        (long long)number++);
    say(backend, request, (uint32_t)length);
    awaited += 2;  // the line, and the answer
}

static void wake(int round) {
    (void)round;
    pass(TICK_NS);
}

static void sleep_on(int round) {
    (void)round;
    // `settled` has already let the server's timeout pass.
}

typedef struct {
    const char *name;  // NULL if it isn't counted
    int rounds;
    int each;  // rounds for one counted operation
    void (*act)(int round);
} phase;

static const phase phases[] = {
    {NULL, 2, 1, open_alone},
    {NULL, 200, 1, say_alone},
    {NULL, 2 * WARM_UP, 1, open_in_crowd},
    {"wake-few", 1000, 1, wake},
    {"open", 2 * CROWD, 2, open_in_crowd},
    {"wake-many", 1000, 1, wake},
    {NULL, 20, 1, say_to_crowd},
    {"line-alone", 1000, 1, say_alone},
    {"line-crowd", 100, 1, say_to_crowd},
    {NULL, 2, 1, say_batch_to_crowd},
    {NULL, 2, 1, say_batch_alone},
    {"batch-alone", 20, 1, say_batch_alone},
    {"batch-crowd", 20, 1, say_batch_to_crowd},
    {NULL, 3, 1, open_rich},
    {NULL, 200, 1, say_richly},
    {"rich-alone", 1000, 1, say_richly},
    {NULL, 1, 1, open_backend},
    {NULL, 200, 1, say_by_request},
    {"request-alone", 1000, 1, say_by_request},
    {NULL, 200, 1, sleep_on},
    {"pings", 400, 1, sleep_on},
    {NULL, 2, 1, open_speaker},
    {NULL, 2, 1, open_reader},
    {NULL, 3000, 1, wake},
    {NULL, 200, 1, say_to_readers},
    {"stream-alone", 1000, 1, say_to_readers},
    {NULL, 2, 1, say_batch_to_readers},
    {"stream-batch-alone", 20, 1, say_batch_to_readers},
    {NULL, 2 * (WARM_UP - 1), 1, open_reader},
    {"open-stream", 2 * CROWD, 2, open_reader},
    // Until the readers know of each other.
    {NULL, 3000, 1, wake},
    {NULL, 20, 1, say_to_readers},
    {"stream-crowd", 100, 1, say_to_readers},
    {NULL, 2, 1, say_batch_to_readers},
    {"stream-batch-crowd", 20, 1, say_batch_to_readers},
};
enum { PHASES = sizeof phases / sizeof phases[0] };

void pinged(uint32_t number) {
    pings += 1;
    say(number, pong_frame, sizeof pong_frame);
}

void settled(int milliseconds) {
    static int at, round;
    if (at == 0 && round == 0) prepare();
    if (phases[at].act == sleep_on) {
        if (milliseconds < 0) fail("the server would sleep forever");
        pass((uint64_t)milliseconds * 1000000);
    }
    if (round == phases[at].rounds) {
        const phase *done = &phases[at];
        if (done->name) {
            CALLGRIND_DUMP_STATS_AT(done->name);
            uint32_t count = done->act == sleep_on ? pings : (uint32_t)(done->rounds / done->each);
            printf("%s %u\n", done->name, count);
        }
        at += 1;
        round = 0;
        if (at == PHASES) finish();
        pings = 0;
        CALLGRIND_ZERO_STATS;
    }
    phases[at].act(round++);
}
