// Measures the cost of connections: 1 000 of them, then 10 000 and so on up to the environment
// variable MOST_CONNECTIONS, all in one room. For each number a line of JSON is printed.
#include "kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    AT_ONCE = 128,         // connections that arrive in one tick
    TICK_NS = 100000,      // time between ticks while they arrive
    STEP_MS = 250,         // a step of the histogram of pings
    INTERVAL_STEPS = 100,  // a ping interval of 25 s
    WAKES = 1000,          // idle ticks that are timed together
    TRIES = 11,            // tries of those, and of lines to all
};

static const char request[] =
    "GET /ws HTTP/1.1\r\nHost: chat.example.org\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
static const char text[] = "{\"username\":\"ann\",\"message\":\"Hello everybody!\"}";
static uint8_t line[256];
static uint32_t line_bytes;

static uint32_t size = 1000, most;
static enum { REST, ARRIVE, ASK, WAKE, SAY, SLEEP } act = REST;
static int round, try;
static uint32_t asked;
static uint64_t started, begun;
static uint64_t opening, waking, saying[TRIES];
static long empty, idle, most_bytes;
static uint32_t pings[INTERVAL_STEPS];

// Bytes of the process's own memory now. The maximum is kept. The clients are in shared memory,
// which isn't counted.
static long private_bytes(void) {
    char buffer[256];
    long kilobytes = -1;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(buffer, sizeof buffer, file))
        if (sscanf(buffer, "RssAnon: %ld kB", &kilobytes) == 1) break;
    if (kilobytes < 0) fail("/proc/self/status has no RssAnon");
    fclose(file);
    if (kilobytes * 1024 > most_bytes) most_bytes = kilobytes * 1024;
    return kilobytes * 1024;
}

static int by_value(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static void print(void) {
    qsort(saying, TRIES, sizeof *saying, by_value);
    printf("{\"connections\": %u, \"empty_bytes\": %ld, \"idle_bytes\": %ld, \"most_bytes\": %ld, "
           "\"handshake_ns\": %llu, \"tick_ns\": %.1f, \"line_ns\": %llu, \"pings\": [",
           connection_count, empty, idle, most_bytes,
           (unsigned long long)(opening / connection_count), (double)waking / WAKES, (unsigned long long)saying[TRIES / 2]);
    for (int i = 0; i < INTERVAL_STEPS; i++) printf("%s%u", i ? ", " : "", pings[i]);
    printf("]}\n");
    fflush(stdout);
}

void pinged(uint32_t number) {
    if (act == SLEEP && elapsed() >= begun) {
        uint64_t step = (elapsed() - begun) / 1000000 / STEP_MS;
        if (step < INTERVAL_STEPS) pings[step] += 1;
    }
    say(number, pong_frame, sizeof pong_frame);
}

// The steps of the scenario. Each ends with the next.

static void next_size(void) {
    if (size > most) finish();
    act = ARRIVE;
}

static void arrive_next(void) {
    uint32_t missing = size - connection_count;
    if (missing == 0) {
        opening += processor_time() - started;
        idle = private_bytes();
        act = WAKE;
        try = round = 0;
        waking = UINT64_MAX;
        return;
    }
    pass(TICK_NS);
    arrive(missing < AT_ONCE ? missing : AT_ONCE);
    act = ASK;
}

static void ask_next(void) {
    if (connection_count % (64 * AT_ONCE) == 0) private_bytes();
    for (; asked < connection_count; asked++) {
        say(asked, request, sizeof request - 1);
        awaited += 1;
    }
    act = ARRIVE;
}

static void wake_next(void) {
    if (round == 0) {
        started = processor_time();
    } else if (round == WAKES) {
        uint64_t taken = processor_time() - started;
        if (taken < waking) waking = taken;
        round = 0;
        if (++try == TRIES) {
            act = SAY;
            try = 0;
        }
        return;
    }
    round += 1;
}

static void say_next(void) {
    if (round == 1) {
        saying[try++] = processor_time() - started;
        round = 0;
    }
    if (try == TRIES) {
        act = SLEEP;
        // A whole interval and more passes first, so that a new client has had its first ping.
        begun = (elapsed() / 1000000 / STEP_MS + INTERVAL_STEPS * 2) * STEP_MS * 1000000;
        memset(pings, 0, sizeof pings);
        return;
    }
    pass(TICK_NS);
    round = 1;
    say(connection_count - 1, line, line_bytes);
    awaited += connection_count;
    started = processor_time();
}

static void sleep_next(int milliseconds) {
    if (milliseconds < 0) fail("the server would sleep forever");
    pass((uint64_t)milliseconds * 1000000);
    private_bytes();
    if (elapsed() < begun + (uint64_t)INTERVAL_STEPS * STEP_MS * 1000000) return;
    print();
    size *= 10;
    act = REST;
}

void settled(int milliseconds) {
    if (line_bytes == 0) {
        line_bytes = text_frame(line, text, sizeof text - 1);
        empty = private_bytes();
        const char *wanted = getenv("MOST_CONNECTIONS");
        most = wanted ? (uint32_t)atoi(wanted) : 0;
        if (most < size || most > MOST_CONNECTIONS) fail("MOST_CONNECTIONS is out of range");
    }
    if (act == REST) {
        next_size();
        started = processor_time();
    }
    switch (act) {
    case REST: break;
    case ARRIVE: arrive_next(); break;
    case ASK: ask_next(); break;
    case WAKE: wake_next(); break;
    case SAY: say_next(); break;
    case SLEEP: sleep_next(milliseconds); break;
    }
}
