// SPDX-License-Identifier: MIT
//
// Numbers as people write them: decimal, in files and on command lines.
#ifndef CHAIRD_CORE_NUMBER_H
#define CHAIRD_CORE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#define NUMBER_FAULT_SIZE 160

// True if a word of this length begins as a number does.
bool number_begins(const char *word, size_t length);

// True if the word is a decimal number, whole or with a point or an exponent. False: why not, and
// what to write, in ret_fault.
bool number_check_form(const char *word, size_t length, char ret_fault[NUMBER_FAULT_SIZE]);

// The same, and it fits: a whole number has 32 bits, any other is finite.
bool number_check(const char *word, size_t length, char ret_fault[NUMBER_FAULT_SIZE]);

#endif
