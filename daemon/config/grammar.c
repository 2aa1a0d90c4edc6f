// SPDX-License-Identifier: MIT
//
// The grammar of a configuration text, which is libconfig's without its excesses:
//
//   settings  { key ("=" | ":") value [";" | ","] }
//   value     word | strings | "{" settings "}" | "(" values ")" | "[" values "]"
//
// libconfig itself says no more than "syntax error" and a line.
#include "config/grammar_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config/utf8.h"
#include "core/number.h"

static bool is_bool(const struct scanner *scanner)
{
	return (scanner->length == 4 && !strncasecmp(scanner->token, "true", 4)) ||
		(scanner->length == 5 && !strncasecmp(scanner->token, "false", 5));
}

static bool begins_number(char c)
{
	return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

static bool is_key(const struct scanner *scanner)
{
	char first = *scanner->token;

	return scanner->plain && !(first >= '0' && first <= '9') && first != '-' && first != '_' &&
		!is_bool(scanner);
}

static int check_word(struct grammar *grammar)
{
	const struct scanner *scanner = &grammar->scanner;
	char fault[NUMBER_FAULT_SIZE];

	if (!begins_number(*scanner->token))
		return is_bool(scanner) ? 0 : grammar_refuse_word(grammar);
	if (number_check(scanner->token, scanner->length, fault))
		return 0;
	if (scanner_is_any(scanner, (const char *const[]){ "+inf", "-inf", NULL }))
		return grammar_refuse_word(grammar);
	return grammar_refuse_number(grammar, fault);
}

// A byte that is not UTF-8. Characters that do not print are the reader's to judge.
static int check_string(struct grammar *grammar)
{
	const struct scanner *scanner = &grammar->scanner;
	const char *end = scanner->token + scanner->length;

	for (const char *at = scanner->token; !scanner->plain && at < end;) {
		size_t n = utf8_length(at, (size_t)(end - at));

		if (!n)
			return grammar_refuse_byte(grammar, at);
		at += n;
	}
	return 0;
}

static void after_value(struct grammar *grammar)
{
	grammar->expected = grammar_in_group(grammar) ? EXPECT_SETTING_END : EXPECT_ELEMENT_END;
}

static int open_bracket(struct grammar *grammar, char token)
{
	if (grammar->brackets[grammar->depth].open == '[')
		return grammar_refuse(grammar,
			"\"%c\" in an array: [ ] holds numbers, strings, or true and false; a list "
			"is written ( )",
			token);
	if (grammar->depth == TEXT_DEPTH_MAX)
		return grammar_refuse(grammar, "nested too deep (at most %d)", TEXT_DEPTH_MAX);
	grammar->brackets[++grammar->depth] = (struct bracket){ .open = token,
		.line = grammar->scanner.line };
	grammar->expected = token == '{' ? EXPECT_KEY : EXPECT_FIRST_ELEMENT;
	return 0;
}

static int close_bracket(struct grammar *grammar, char token)
{
	if (grammar->depth == 0 || token != grammar_closing(grammar->brackets[grammar->depth].open))
		return grammar_refuse_bracket(grammar, token);
	grammar->depth--;
	after_value(grammar);
	return 0;
}

static bool is_closing(char token)
{
	return token == '}' || token == ')' || token == ']';
}

static int take_key(struct grammar *grammar, char token)
{
	if (is_closing(token))
		return close_bracket(grammar, token);
	if (token != TOKEN_WORD || !is_key(&grammar->scanner))
		return grammar_refuse_key(grammar, token);
	if (++grammar->brackets[grammar->depth].keys > TEXT_KEYS_MAX)
		return grammar_refuse(grammar, "too many keys in one group (at most %d)",
			TEXT_KEYS_MAX);
	grammar->expected = EXPECT_EQUALS;
	return 0;
}

static int take_equals(struct grammar *grammar, char token)
{
	if (token != '=')
		return grammar_refuse_equals(grammar, token);
	grammar->expected = EXPECT_VALUE;
	return 0;
}

static int take_value(struct grammar *grammar, char token)
{
	int r = 0;

	if (token == '{' || token == '(' || token == '[')
		return open_bracket(grammar, token);
	if (is_closing(token) && grammar->expected == EXPECT_FIRST_ELEMENT)
		return close_bracket(grammar, token);
	if (token == TOKEN_WORD)
		r = check_word(grammar);
	else if (token == TOKEN_STRING)
		r = check_string(grammar);
	else
		return grammar_refuse_value(grammar, token);
	after_value(grammar);
	return r;
}

static int take_setting_end(struct grammar *grammar, char token)
{
	if (token == ';' || token == ',') {
		grammar->expected = EXPECT_KEY;
		return 0;
	}
	if (is_closing(token) || (token == TOKEN_WORD && is_key(&grammar->scanner)))
		return take_key(grammar, token);
	return grammar_refuse_setting_end(grammar, token);
}

static int take_element_end(struct grammar *grammar, char token)
{
	if (is_closing(token))
		return close_bracket(grammar, token);
	if (token != ',')
		return grammar_refuse_element_end(grammar, token);
	grammar->expected = EXPECT_VALUE;
	return 0;
}

static int take_expected(struct grammar *grammar, char token)
{
	switch (grammar->expected) {
	case EXPECT_KEY:
		return take_key(grammar, token);
	case EXPECT_EQUALS:
		return take_equals(grammar, token);
	case EXPECT_VALUE:
	case EXPECT_FIRST_ELEMENT:
		return take_value(grammar, token);
	case EXPECT_SETTING_END:
		return take_setting_end(grammar, token);
	case EXPECT_ELEMENT_END:
		return take_element_end(grammar, token);
	}
	return -EINVAL;
}

// The end of the text is taken where it may be; what comes before it goes by what is expected.
static int take(struct grammar *grammar, char token)
{
	if (token == TOKEN_STRAY)
		return grammar_refuse_stray(grammar);
	if (token == TOKEN_UNENDING)
		return grammar_refuse_unending(grammar);
	if (token == TOKEN_STRING && grammar->previous == TOKEN_STRING)
		return check_string(grammar); // it continues the other
	if (token != TOKEN_END)
		return take_expected(grammar, token);
	if (grammar->expected == EXPECT_EQUALS || grammar->expected == EXPECT_VALUE)
		return take_expected(grammar, token);
	return grammar->depth ? grammar_refuse_end(grammar) : 0;
}

static void remember(struct grammar *grammar, char token)
{
	const struct scanner *scanner = &grammar->scanner;
	struct word word = { scanner->token, scanner->length };

	if (token == TOKEN_WORD) {
		if (grammar->previous == TOKEN_WORD && grammar->word.at >= scanner->line_start &&
			number_begins(grammar->word.at, grammar->word.length))
			grammar->unit = word;
		grammar->word = word;
	} else if (token == TOKEN_STRING) {
		grammar->string = word;
	} else if (token == ',') {
		grammar->comma = scanner->token;
	}
	grammar->previous = token;
}

// The tokens without what is between them.
struct output {
	char *start, *at; // NULL: not wanted
	int line;
	bool word; // the last one
	const char *text_end;
};

#define BLOCK_SIZE 16

static int output_start(struct output *output, const char *text)
{
	size_t size = strlen(text);

	output->text_end = text + size;
	output->start = output->at = malloc(size + BLOCK_SIZE);
	output->line = 1;
	return output->start ? 0 : -ENOMEM;
}

// Most tokens are within a block, which is copied in the time of a byte.
static void put(struct output *output, const struct scanner *scanner, char token)
{
	for (; output->line < scanner->line; output->line++) {
		*output->at++ = '\n';
		output->word = false;
	}
	if (token == ';')
		return;
	if (output->word && token == TOKEN_WORD)
		*output->at++ = ' ';
	if (scanner->length <= BLOCK_SIZE && output->text_end - scanner->token >= BLOCK_SIZE)
		memcpy(output->at, scanner->token, BLOCK_SIZE);
	else
		memcpy(output->at, scanner->token, scanner->length);
	output->at += scanner->length;
	*output->at = '\0';
	output->word = token == TOKEN_WORD;
}

int text_find_fault(const char *text, char **ret_tokens, struct text_fault *ret_fault)
{
	struct grammar grammar = { .brackets = { { .open = '{' } } };
	struct output output = { 0 };
	char token;
	int r;

	if (ret_tokens && (r = output_start(&output, text)) < 0)
		return r;
	if (ret_tokens)
		*ret_tokens = output.start;
	scanner_start(&grammar.scanner, text);
	do {
		token = scanner_next(&grammar.scanner);
		r = take(&grammar, token);
		if (r == 0 && ret_tokens)
			put(&output, &grammar.scanner, token);
		if (r == 0)
			remember(&grammar, token);
	} while (r == 0 && token != TOKEN_END);
	if (r == 0)
		return 0;
	if (grammar.string.at && token != TOKEN_STRAY)
		grammar_blame_quote(&grammar, grammar.string);
	grammar.fault.line = grammar.scanner.line;
	grammar.fault.column = scanner_column(&grammar.scanner, grammar.fault_at);
	*ret_fault = grammar.fault;
	return r;
}

int text_check(const char *name, const char *text, struct problems *problems)
{
	struct text_fault fault;
	int r = text_find_fault(text, NULL, &fault);

	if (r < 0)
		problems_add_at(problems, name, fault.line, fault.column, "%s", fault.text);
	return r;
}
