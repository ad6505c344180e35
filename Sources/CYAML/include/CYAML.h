// The part of libyaml that Hubbub needs: the events of a document. It is in C because libyaml's
// parser must not move and its event is a union.
#ifndef HUBBUB_CYAML_H
#define HUBBUB_CYAML_H

#if !__has_include(<yaml.h>)
#error "The headers of libyaml are missing. Install them with: apt-get install libyaml-dev"
#else

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Reads a YAML text that stays where it is until the reader is closed.
typedef struct cyaml_reader cyaml_reader;

typedef enum __attribute__((enum_extensibility(closed))) {
    cyaml_kind_document,
    cyaml_kind_scalar,
    cyaml_kind_list,
    cyaml_kind_map,
    /// A list, a map or a document ends.
    cyaml_kind_end,
    cyaml_kind_alias,
    /// The text ends.
    cyaml_kind_over,
    /// The text is not YAML. Nothing follows.
    cyaml_kind_fault,
} cyaml_kind;

typedef struct {
    cyaml_kind kind;
    /// Its place, counted from 1. The column counts characters.
    size_t line;
    size_t column;
    /// The text of a scalar, or what is wrong. It isn't terminated, and valid until the next event.
    const char *_Nullable text;
    size_t count;
    /// Whether a scalar was written without quotes.
    bool is_plain;
    bool has_anchor;
    /// Whether it has a tag that makes it something else than a text, a list or a map.
    bool has_tag;
} cyaml_event;

/// Opens a reader of UTF-8. NULL if there is no memory.
cyaml_reader *_Nullable cyaml_open(const uint8_t *_Nullable bytes, size_t count);

/// Replaces the event by the next one.
void cyaml_next(cyaml_reader *_Nonnull reader, cyaml_event *_Nonnull event);

void cyaml_close(cyaml_reader *_Nonnull reader);

#endif
#endif
