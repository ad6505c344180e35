#include "CYAML.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct cyaml_reader {
    yaml_parser_t parser;
    /// The event that holds the text of the last one.
    yaml_event_t event;
    bool has_event;
};

cyaml_reader *cyaml_open(const uint8_t *bytes, size_t count) {
    cyaml_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) return NULL;
    if (!yaml_parser_initialize(&reader->parser)) {
        free(reader);
        return NULL;
    }
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser, bytes, count);
    return reader;
}

static void drop_event(cyaml_reader *reader) {
    if (reader->has_event) yaml_event_delete(&reader->event);
    reader->has_event = false;
}

static bool is_foreign(const yaml_char_t *tag, const char *own) {
    return tag != NULL && strcmp((const char *)tag, own) != 0 &&
           strcmp((const char *)tag, "!") != 0;
}

static void place(cyaml_event *event, yaml_mark_t mark) {
    event->line = mark.line + 1;
    event->column = mark.column + 1;
}

static void fail(const yaml_parser_t *parser, cyaml_event *event) {
    const char *problem = parser->problem != NULL ? parser->problem : "out of memory";
    event->kind = cyaml_kind_fault;
    event->text = problem;
    event->count = strlen(problem);
    // The reader counts bytes, and has read ahead of the parser's mark.
    place(event, parser->error == YAML_READER_ERROR ? parser->mark : parser->problem_mark);
}

/// Returns whether the event means something to the caller.
static bool translate(const yaml_event_t *from, cyaml_event *to) {
    switch (from->type) {
    case YAML_DOCUMENT_START_EVENT: to->kind = cyaml_kind_document; return true;
    case YAML_SEQUENCE_START_EVENT:
        to->kind = cyaml_kind_list;
        to->has_anchor = from->data.sequence_start.anchor != NULL;
        to->has_tag = is_foreign(from->data.sequence_start.tag, YAML_SEQ_TAG);
        return true;
    case YAML_MAPPING_START_EVENT:
        to->kind = cyaml_kind_map;
        to->has_anchor = from->data.mapping_start.anchor != NULL;
        to->has_tag = is_foreign(from->data.mapping_start.tag, YAML_MAP_TAG);
        return true;
    case YAML_SCALAR_EVENT:
        to->kind = cyaml_kind_scalar;
        to->text = (const char *)from->data.scalar.value;
        to->count = from->data.scalar.length;
        to->is_plain = from->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        to->has_anchor = from->data.scalar.anchor != NULL;
        to->has_tag = is_foreign(from->data.scalar.tag, YAML_STR_TAG);
        return true;
    case YAML_ALIAS_EVENT:
        to->kind = cyaml_kind_alias;
        to->text = (const char *)from->data.alias.anchor;
        to->count = strlen(to->text);
        return true;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
    case YAML_DOCUMENT_END_EVENT: to->kind = cyaml_kind_end; return true;
    // After a fault or the end, libyaml has no event.
    case YAML_NO_EVENT:
    case YAML_STREAM_END_EVENT: to->kind = cyaml_kind_over; return true;
    default: return false;
    }
}

void cyaml_next(cyaml_reader *reader, cyaml_event *event) {
    do {
        memset(event, 0, sizeof *event);
        drop_event(reader);
        if (!yaml_parser_parse(&reader->parser, &reader->event)) {
            fail(&reader->parser, event);
            return;
        }
        reader->has_event = true;
        place(event, reader->event.start_mark);
    } while (!translate(&reader->event, event));
}

void cyaml_close(cyaml_reader *reader) {
    drop_event(reader);
    yaml_parser_delete(&reader->parser);
    free(reader);
}
