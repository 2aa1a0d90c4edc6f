// SPDX-License-Identifier: MIT
//
// Plain-text values as people and programs spell them.
//
// A wish to stop is recognised in any spelling: STOP, "stop", off, {"session": "stop"}, UTF-16. Too
// often is harmless, since it only releases. What starts or moves something is never guessed: it
// must be spelled exactly, but for the padding around it.
#ifndef CHAIRD_CONTROL_SPELLING_H
#define CHAIRD_CONTROL_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

#include "core/chair.h"

// Copy a value without white space, quotes, byte order mark and NUL at its ends. False if it is
// longer than any value, or has a NUL inside.
bool spelling_trim(const void *bytes, size_t size, char ret_text[NAME_SIZE]);
// The same for blanks, tabs and line ends alone.
bool spelling_trim_space(const void *bytes, size_t size, char ret_text[NAME_SIZE]);

// True if the text contains "stop", "halt", "abort" or "cancel", in letters of any case and with
// anything between them, or a word like "off", "end" or "quit". At most SPELLING_MAX letters and
// digits are looked at.
#define SPELLING_MAX 255
bool spelling_means_stop(const void *bytes, size_t size);
// The same, or what a switch sends that is turned off: 0, false.
bool spelling_means_off(const void *bytes, size_t size);

bool spelling_means_pause(const void *bytes, size_t size);

#endif
