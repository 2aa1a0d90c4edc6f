// SPDX-License-Identifier: MIT
//
// Private parts of the grammar: what may stand where (grammar.c), and what is wrong otherwise
// (grammar_faults.c).
#ifndef CHAIRD_CONFIG_GRAMMAR_PRIVATE_H
#define CHAIRD_CONFIG_GRAMMAR_PRIVATE_H

#include "config/scanner.h"
#include "config/text.h"

enum expected {
	EXPECT_KEY,
	EXPECT_EQUALS,
	EXPECT_VALUE,
	EXPECT_FIRST_ELEMENT, // or the end of the list
	EXPECT_SETTING_END,
	EXPECT_ELEMENT_END,
};

struct bracket {
	char open;
	int line, keys;
};

struct word {
	const char *at; // NULL: none yet
	size_t length;
};

struct grammar {
	struct scanner scanner;
	enum expected expected;
	struct bracket brackets[TEXT_DEPTH_MAX + 1]; // [0]: the text as a whole
	int depth;
	char previous;    // the last token but one
	struct word word; // the last one behind us
	struct word string;
	struct word unit; // a word that stands behind a number, where a key may stand
	const char *comma;
	struct text_fault fault; // but for its line and column
	const char *fault_at;
};

// The fault of the last token, or at another place of its line; -EINVAL.
int grammar_refuse(struct grammar *grammar, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int grammar_refuse_at(struct grammar *grammar, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

// What is wrong with the last token; -EINVAL.
int grammar_refuse_stray(struct grammar *grammar);
int grammar_refuse_unending(struct grammar *grammar);
int grammar_refuse_bracket(struct grammar *grammar, char token);
int grammar_refuse_end(struct grammar *grammar);
int grammar_refuse_key(struct grammar *grammar, char token);
int grammar_refuse_equals(struct grammar *grammar, char token);
int grammar_refuse_value(struct grammar *grammar, char token);
int grammar_refuse_setting_end(struct grammar *grammar, char token);
int grammar_refuse_element_end(struct grammar *grammar, char token);
int grammar_refuse_number(struct grammar *grammar, const char *fault);
int grammar_refuse_word(struct grammar *grammar);
int grammar_refuse_byte(struct grammar *grammar, const char *at);

// A string on this line may have ended too late, for its end is typographic.
void grammar_blame_quote(struct grammar *grammar, struct word string);

static inline bool grammar_in_group(const struct grammar *grammar)
{
	return grammar->brackets[grammar->depth].open == '{';
}

char grammar_closing(char open); // the bracket that closes this one

#endif
