// SPDX-License-Identifier: MIT
//
// The grammar of a configuration text, which is libconfig's without its excesses:
//
//   settings  { key ("=" | ":") value [";" | ","] }
//   value     word | strings | "{" settings "}" | "(" values ")" | "[" values "]"
//
// libconfig itself says no more than "syntax error" and a line.
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "config/characters.h"
#include "config/scanner.h"
#include "config/text.h"
#include "config/utf8.h"
#include "core/number.h"

#define SHOWN_SIZE 72 // of a token in a message

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

struct grammar {
	struct scanner scanner;
	enum expected expected;
	struct bracket brackets[TEXT_DEPTH_MAX + 1]; // [0]: the text as a whole
	int depth;
	char previous;    // the last token but one
	const char *word; // the last one behind us, and its length
	size_t word_length;
	const char *string; // the same of a string
	size_t string_length;
	const char *comma;
	char fault[512]; // and its place
	const char *fault_at;
};

static int refuse_at(struct grammar *grammar, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int refuse_at(struct grammar *grammar, const char *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(grammar->fault, sizeof(grammar->fault), format, args);
	va_end(args);
	grammar->fault_at = at;
	return -EINVAL;
}

#define refuse(grammar, ...) refuse_at(grammar, (grammar)->scanner.token, __VA_ARGS__)

// The last token, for people.
static const char *shown(const struct grammar *grammar, char token, char buf[SHOWN_SIZE])
{
	const struct scanner *scanner = &grammar->scanner;
	size_t length = scanner->length < 40 ? scanner->length : 40;

	if (token == TOKEN_END)
		snprintf(buf, SHOWN_SIZE, "the end of the text");
	else if (token == TOKEN_STRING && scanner->length > 40)
		snprintf(buf, SHOWN_SIZE, "a string");
	else if (token == TOKEN_STRING)
		snprintf(buf, SHOWN_SIZE, "the string %.*s", (int)scanner->length, scanner->token);
	else if (token == TOKEN_WORD)
		snprintf(buf, SHOWN_SIZE, "%.*s", (int)length, scanner->token);
	else
		snprintf(buf, SHOWN_SIZE, "\"%c\"", *scanner->token);
	return buf;
}

static char closing(char open)
{
	return open == '(' ? ')' : open == '[' ? ']' : '}';
}

static bool in_group(const struct grammar *grammar)
{
	return grammar->brackets[grammar->depth].open == '{';
}

// --- mistakes ---------------------------------------------------------------------------------

// A string on this line may have ended too late, for its end is typographic.
static void blame_quote(struct grammar *grammar, const char *string, size_t length)
{
	const char *quote = string >= grammar->scanner.line_start
		? character_find_quote(string, length)
		: NULL;

	if (quote) {
		character_explain(quote, grammar->fault);
		grammar->fault_at = quote;
	}
}

static int refuse_stray(struct grammar *grammar)
{
	const char *at = grammar->scanner.token;

	if (!strncasecmp(at, "@include", strlen("@include")))
		return refuse(grammar, "@include is not allowed: one file is one whole");
	character_explain(at, grammar->fault);
	grammar->fault_at = at;
	return -EINVAL;
}

static int refuse_unending(struct grammar *grammar)
{
	refuse(grammar, "this string does not end on its line: write \" behind it");
	blame_quote(grammar, grammar->scanner.token, grammar->scanner.length);
	return -EINVAL;
}

static int refuse_bracket(struct grammar *grammar, char token)
{
	const struct bracket *bracket = &grammar->brackets[grammar->depth];

	if (grammar->depth == 0)
		return refuse(grammar, "\"%c\" closes nothing", token);
	return refuse(grammar, "\"%c\" where \"%c\" must close the \"%c\" of line %d", token,
		closing(bracket->open), bracket->open, bracket->line);
}

static int refuse_end(struct grammar *grammar)
{
	const struct bracket *bracket = &grammar->brackets[grammar->depth];

	return refuse(grammar, "\"%c\" is missing: it closes the \"%c\" of line %d",
		closing(bracket->open), bracket->open, bracket->line);
}

static int refuse_key(struct grammar *grammar, char token)
{
	const struct scanner *scanner = &grammar->scanner;
	const char *dot = token == TOKEN_WORD ? memchr(scanner->token, '.', scanner->length) : NULL;
	char buf[SHOWN_SIZE], *end = NULL;

	if (token == TOKEN_WORD && grammar->previous == ',' &&
		number_begins(scanner->token, scanner->length) && grammar->word &&
		grammar->word + grammar->word_length == grammar->comma &&
		number_begins(grammar->word, grammar->word_length) &&
		grammar->comma >= scanner->line_start)
		return refuse_at(grammar, grammar->comma, "a decimal comma: write %.*s.%s",
			(int)grammar->word_length, grammar->word, shown(grammar, token, buf));
	if (token == ';' || token == ',')
		return refuse(grammar, "\"%c\" where a key must stand: delete it", token);
	if (token == TOKEN_STRING)
		return refuse(grammar,
			"a string where a key must stand: a key has no quotes, and \"=\" behind "
			"it");
	shown(grammar, token, buf);
	if (dot && (end = strchr(buf, '.')) && !number_begins(buf, strlen(buf)))
		return refuse(grammar,
			"%s is not a key: a key within a group is written %.*s = { %s = ...; };",
			buf, (int)(end - buf), buf, end + 1);
	return refuse(grammar, "%s where a key must stand (letters, digits, \"_\" and \"-\")", buf);
}

static int refuse_value(struct grammar *grammar, char token)
{
	char buf[SHOWN_SIZE];

	shown(grammar, token, buf);
	if (in_group(grammar))
		return refuse(grammar, "a value is missing before %s", buf);
	if (token == closing(grammar->brackets[grammar->depth].open) && grammar->previous == ',')
		return refuse_at(grammar, grammar->comma, "a comma before %s: delete it", buf);
	return refuse(grammar, "an element of the list is missing before %s", buf);
}

static bool is_any(const struct scanner *scanner, const char *const words[])
{
	for (; *words; words++) {
		if (scanner->length == strlen(*words) &&
			!strncasecmp(scanner->token, *words, scanner->length))
			return true;
	}
	return false;
}

static int refuse_word(struct grammar *grammar)
{
	static const char *const yes[] = { "yes", "on", "enabled", NULL };
	static const char *const no[] = { "no", "off", "disabled", NULL };
	static const char *const none[] = { "null", "none", "nil", NULL };
	static const char *const no_number[] = { "inf", "+inf", "-inf", "nan", "infinity", NULL };
	char buf[SHOWN_SIZE];

	shown(grammar, TOKEN_WORD, buf);
	if (is_any(&grammar->scanner, yes) || is_any(&grammar->scanner, no))
		return refuse(grammar, "%s is not a value: write %s", buf,
			is_any(&grammar->scanner, yes) ? "true" : "false");
	if (is_any(&grammar->scanner, none))
		return refuse(grammar, "%s is not a value: leave the key out", buf);
	if (is_any(&grammar->scanner, no_number))
		return refuse(grammar, "%s is not a finite number", buf);
	return refuse(grammar, "%s is not a value: a string stands in quotes: \"%s\"", buf, buf);
}

// --- what may stand where ---------------------------------------------------------------------

static bool is_bool(const struct scanner *scanner)
{
	return is_any(scanner, (const char *const[]){ "true", "false", NULL });
}

static bool is_key(const struct scanner *scanner)
{
	const char *word = scanner->token;

	return !strchr("0123456789-_.+", *word) && !memchr(word, '.', scanner->length) &&
		!memchr(word, '+', scanner->length) && !is_bool(scanner);
}

static int check_word(struct grammar *grammar)
{
	const struct scanner *scanner = &grammar->scanner;
	char fault[NUMBER_FAULT_SIZE];

	if (is_bool(scanner))
		return 0;
	if (strchr("+-.0123456789", *scanner->token) &&
		!is_any(scanner, (const char *const[]){ "+inf", "-inf", NULL }))
		return number_check(scanner->token, scanner->length, fault)
			? 0
			: refuse(grammar, "%s", fault);
	return refuse_word(grammar);
}

// A byte that is not UTF-8. Characters that do not print are the reader's to judge.
static int check_string(struct grammar *grammar)
{
	const struct scanner *scanner = &grammar->scanner;
	const char *end = scanner->token + scanner->length;
	char text[CHARACTER_TEXT_SIZE];

	for (const char *at = scanner->token; at < end;) {
		size_t n = utf8_length(at, (size_t)(end - at));

		if (!n) {
			character_explain(at, text);
			return refuse_at(grammar, at, "%s", text);
		}
		at += n;
	}
	return 0;
}

static void after_value(struct grammar *grammar)
{
	grammar->expected = in_group(grammar) ? EXPECT_SETTING_END : EXPECT_ELEMENT_END;
}

static int open_bracket(struct grammar *grammar, char token)
{
	if (grammar->brackets[grammar->depth].open == '[')
		return refuse(grammar,
			"\"%c\" in an array: [ ] holds numbers, strings, or true and false; a list "
			"is written ( )",
			token);
	if (grammar->depth == TEXT_DEPTH_MAX)
		return refuse(grammar, "nested too deep (at most %d)", TEXT_DEPTH_MAX);
	grammar->brackets[++grammar->depth] = (struct bracket){ .open = token,
		.line = grammar->scanner.line };
	grammar->expected = token == '{' ? EXPECT_KEY : EXPECT_FIRST_ELEMENT;
	return 0;
}

static int close_bracket(struct grammar *grammar, char token)
{
	if (grammar->depth == 0 || token != closing(grammar->brackets[grammar->depth].open))
		return refuse_bracket(grammar, token);
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
		return refuse_key(grammar, token);
	if (++grammar->brackets[grammar->depth].keys > TEXT_KEYS_MAX)
		return refuse(grammar, "too many keys in one group (at most %d)", TEXT_KEYS_MAX);
	grammar->expected = EXPECT_EQUALS;
	return 0;
}

static int take_equals(struct grammar *grammar, char token)
{
	char buf[SHOWN_SIZE];

	if (token != '=')
		return refuse(grammar, "\"=\" is missing before %s", shown(grammar, token, buf));
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
		return refuse_value(grammar, token);
	after_value(grammar);
	return r;
}

static int take_setting_end(struct grammar *grammar, char token)
{
	char buf[SHOWN_SIZE];

	if (token == ';' || token == ',') {
		grammar->expected = EXPECT_KEY;
		return 0;
	}
	if (is_closing(token) || (token == TOKEN_WORD && is_key(&grammar->scanner)))
		return take_key(grammar, token);
	return refuse(grammar, "\";\" is missing before %s", shown(grammar, token, buf));
}

static int take_element_end(struct grammar *grammar, char token)
{
	char buf[SHOWN_SIZE];

	if (is_closing(token))
		return close_bracket(grammar, token);
	if (token == ';')
		return refuse(grammar, "\";\" in a list: its elements are parted by \",\"");
	if (token != ',')
		return refuse(grammar, "\",\" is missing before %s", shown(grammar, token, buf));
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
		return refuse_stray(grammar);
	if (token == TOKEN_UNENDING)
		return refuse_unending(grammar);
	if (token == TOKEN_STRING && grammar->previous == TOKEN_STRING)
		return check_string(grammar); // it continues the other
	if (token != TOKEN_END)
		return take_expected(grammar, token);
	if (grammar->expected == EXPECT_EQUALS || grammar->expected == EXPECT_VALUE)
		return take_expected(grammar, token);
	return grammar->depth ? refuse_end(grammar) : 0;
}

static void remember(struct grammar *grammar, char token)
{
	const struct scanner *scanner = &grammar->scanner;

	if (token == TOKEN_WORD) {
		grammar->word = scanner->token;
		grammar->word_length = scanner->length;
	} else if (token == TOKEN_STRING) {
		grammar->string = scanner->token;
		grammar->string_length = scanner->length;
	} else if (token == ',') {
		grammar->comma = scanner->token;
	}
	grammar->previous = token;
}

int text_check(const char *name, const char *text, struct problems *problems)
{
	struct grammar grammar = { .brackets = { { .open = '{' } } };
	char token;
	int r;

	scanner_start(&grammar.scanner, text);
	do {
		token = scanner_next(&grammar.scanner);
		r = take(&grammar, token);
		if (r == 0)
			remember(&grammar, token);
	} while (r == 0 && token != TOKEN_END);
	if (r == 0)
		return 0;
	if (grammar.string && token != TOKEN_STRAY)
		blame_quote(&grammar, grammar.string, grammar.string_length);
	problems_add_at(problems, name, grammar.scanner.line,
		scanner_column(&grammar.scanner, grammar.fault_at), "%s", grammar.fault);
	return r;
}
