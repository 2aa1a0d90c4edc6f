// SPDX-License-Identifier: MIT
//
// What is wrong with a configuration text, and how to read on behind it.
#include "config/grammar_private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "config/characters.h"
#include "config/utf8.h"
#include "core/number.h"

#define SHOWN_SIZE 72 // of a token in a message

#define QUOTE "\""

static void refuse(struct grammar *grammar, const char *at, const char *format, va_list args)
{
	vsnprintf(grammar->fault.text, sizeof(grammar->fault.text), format, args);
	grammar->fault.remedy = (struct text_remedy){ 0 };
	grammar->fault_at = at;
}

int grammar_refuse(struct grammar *grammar, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	refuse(grammar, grammar->scanner.token, format, args);
	va_end(args);
	return -EINVAL;
}

int grammar_refuse_at(struct grammar *grammar, const char *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	refuse(grammar, at, format, args);
	va_end(args);
	return -EINVAL;
}

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

char grammar_closing(char open)
{
	return open == '(' ? ')' : open == '[' ? ']' : '}';
}

// --- remedies ---------------------------------------------------------------------------------

// Write a text in the place of these bytes.
static void write_instead(struct grammar *grammar, const char *from, size_t length,
	const char *text)
{
	struct text_remedy remedy = { .from = from, .to = from + length };

	snprintf(remedy.before, sizeof(remedy.before), "%s", text);
	grammar->fault.remedy = remedy;
}

static void write_token(struct grammar *grammar, const char *text)
{
	write_instead(grammar, grammar->scanner.token, grammar->scanner.length, text);
}

static void write_before(struct grammar *grammar, const char *text)
{
	write_instead(grammar, grammar->scanner.token, 0, text);
}

// Write these bytes as a string, in the place of length bytes.
static void write_string(struct grammar *grammar, const char *from, size_t length,
	const char *kept_from, const char *kept_to)
{
	grammar->fault.remedy = (struct text_remedy){ .from = from,
		.to = from + length,
		.kept_from = kept_from,
		.kept_to = kept_to,
		.before = QUOTE,
		.behind = QUOTE };
}

static void quote_token(struct grammar *grammar)
{
	const struct scanner *scanner = &grammar->scanner;

	write_string(grammar, scanner->token, scanner->length, scanner->token,
		scanner->token + scanner->length);
}

// --- characters -------------------------------------------------------------------------------

void grammar_blame_quote(struct grammar *grammar, struct word string)
{
	const char *quote = string.at >= grammar->scanner.line_start
		? character_find_quote(string.at, string.length)
		: NULL;
	char text[CHARACTER_TEXT_SIZE];

	if (!quote)
		return;
	character_explain(quote, text);
	grammar_refuse_at(grammar, quote, "%s", text);
	write_instead(grammar, quote, utf8_length(quote, string.length), QUOTE);
}

// The next quotation mark on this line, or what people write for it; NULL: there is none.
static const char *next_quote(const char *at)
{
	for (; *at && *at != '\n'; at++) {
		if (*at == '"' || character_is_quote(at))
			return at;
	}
	return NULL;
}

int grammar_refuse_stray(struct grammar *grammar)
{
	const char *at = grammar->scanner.token, *end;
	char text[CHARACTER_TEXT_SIZE];
	size_t length;

	if (!strncasecmp(at, "@include", strlen("@include")))
		return grammar_refuse(grammar, "@include is not allowed: one file is one whole");
	length = character_explain(at, text);
	grammar_refuse(grammar, "%s", text);
	if (!character_is_quote(at)) {
		write_instead(grammar, at, length,
			(const char[]){ character_substitute(at), '\0' });
		return -EINVAL;
	}
	end = next_quote(at + length);
	if (end)
		write_string(grammar, at, (size_t)(end - at) + utf8_length(end, 4), at + length,
			end);
	return -EINVAL;
}

// A byte of a string that is not UTF-8.
int grammar_refuse_byte(struct grammar *grammar, const char *at)
{
	char text[CHARACTER_TEXT_SIZE];

	character_explain(at, text);
	grammar_refuse_at(grammar, at, "%s", text);
	write_instead(grammar, at, 1, "?");
	return -EINVAL;
}

int grammar_refuse_unending(struct grammar *grammar)
{
	const struct scanner *scanner = &grammar->scanner;
	const char *string = scanner->token, *end = string + scanner->length;

	grammar_refuse(grammar, "this string does not end on its line: write \" behind it");
	while (end > string + 1 && strchr(" \t\r;,", end[-1]))
		end--;
	// A bracket may belong to the string or end what it is in.
	if (grammar_in_group(grammar) && strcspn(string, "{}[]()#\n") >= (size_t)(end - string))
		write_string(grammar, string, scanner->length, string + 1, end);
	grammar_blame_quote(grammar, (struct word){ string, scanner->length });
	return -EINVAL;
}

// --- brackets ---------------------------------------------------------------------------------

int grammar_refuse_bracket(struct grammar *grammar, char token)
{
	const struct bracket *bracket = &grammar->brackets[grammar->depth];

	if (grammar->depth == 0)
		return grammar_refuse(grammar, "\"%c\" closes nothing", token);
	return grammar_refuse(grammar, "\"%c\" where \"%c\" must close the \"%c\" of line %d",
		token, grammar_closing(bracket->open), bracket->open, bracket->line);
}

int grammar_refuse_end(struct grammar *grammar)
{
	const struct bracket *bracket = &grammar->brackets[grammar->depth];

	return grammar_refuse(grammar, "\"%c\" is missing: it closes the \"%c\" of line %d",
		grammar_closing(bracket->open), bracket->open, bracket->line);
}

// --- keys and values --------------------------------------------------------------------------

static bool is_decimal_comma(const struct grammar *grammar)
{
	const struct scanner *scanner = &grammar->scanner;
	const struct word *word = &grammar->word;

	return grammar->previous == ',' && number_begins(scanner->token, scanner->length) &&
		word->at && word->at + word->length == grammar->comma &&
		number_begins(word->at, word->length) && grammar->comma >= scanner->line_start;
}

static int refuse_word_as_key(struct grammar *grammar)
{
	const struct scanner *scanner = &grammar->scanner;
	const char *dot = memchr(scanner->token, '.', scanner->length);
	char buf[SHOWN_SIZE], *end = NULL;

	shown(grammar, TOKEN_WORD, buf);
	if (is_decimal_comma(grammar)) {
		grammar_refuse_at(grammar, grammar->comma, "a decimal comma: write %.*s.%s",
			(int)grammar->word.length, grammar->word.at, buf);
		write_instead(grammar, grammar->comma, 1, ".");
		return -EINVAL;
	}
	if (dot && (end = strchr(buf, '.')) && !number_begins(buf, strlen(buf)))
		grammar_refuse(grammar,
			"%s is not a key: a key within a group is written %.*s = { %s = ...; };",
			buf, (int)(end - buf), buf, end + 1);
	else
		grammar_refuse(grammar,
			"%s where a key must stand (letters, digits, \"_\" and \"-\")", buf);
	write_token(grammar, "x");
	return -EINVAL;
}

int grammar_refuse_key(struct grammar *grammar, char token)
{
	char buf[SHOWN_SIZE];

	if (token == TOKEN_WORD)
		return refuse_word_as_key(grammar);
	if (token == ';' || token == ',') {
		grammar_refuse(grammar, "\"%c\" where a key must stand: delete it", token);
		write_token(grammar, " ");
		return -EINVAL;
	}
	if (token == TOKEN_STRING)
		return grammar_refuse(grammar,
			"a string where a key must stand: a key has no quotes, and \"=\" behind "
			"it");
	return grammar_refuse(grammar,
		"%s where a key must stand (letters, digits, \"_\" and \"-\")",
		shown(grammar, token, buf));
}

int grammar_refuse_equals(struct grammar *grammar, char token)
{
	const struct word *unit = &grammar->unit;
	char buf[SHOWN_SIZE];

	if (unit->at == grammar->word.at && unit->at >= grammar->scanner.line_start) {
		grammar_refuse_at(grammar, unit->at,
			"%.*s behind a number: a number stands without its unit",
			unit->length < 40 ? (int)unit->length : 40, unit->at);
		write_instead(grammar, unit->at, unit->length, " ");
		return -EINVAL;
	}
	grammar_refuse(grammar, "\"=\" is missing before %s", shown(grammar, token, buf));
	if (token == ';')
		write_before(grammar, "= \"\"");
	else if (token == TOKEN_WORD || token == TOKEN_STRING || strchr("{[(", token))
		write_before(grammar, "= ");
	return -EINVAL;
}

int grammar_refuse_value(struct grammar *grammar, char token)
{
	char buf[SHOWN_SIZE];

	shown(grammar, token, buf);
	if (grammar_in_group(grammar)) {
		grammar_refuse(grammar, "a value is missing before %s", buf);
		if (token == '=')
			write_token(grammar, " ");
		else if (token != TOKEN_END && strchr(";,}", token))
			write_before(grammar, "\"\"");
		return -EINVAL;
	}
	if (token == grammar_closing(grammar->brackets[grammar->depth].open) &&
		grammar->previous == ',') {
		grammar_refuse_at(grammar, grammar->comma, "a comma before %s: delete it", buf);
		write_instead(grammar, grammar->comma, 1, " ");
		return -EINVAL;
	}
	grammar_refuse(grammar, "an element of the list is missing before %s", buf);
	if (token == ',')
		write_token(grammar, " ");
	return -EINVAL;
}

int grammar_refuse_setting_end(struct grammar *grammar, char token)
{
	char buf[SHOWN_SIZE];

	grammar_refuse(grammar, "\";\" is missing before %s", shown(grammar, token, buf));
	if (token == TOKEN_WORD || token == TOKEN_STRING)
		write_token(grammar, " ");
	return -EINVAL;
}

int grammar_refuse_element_end(struct grammar *grammar, char token)
{
	char buf[SHOWN_SIZE];

	if (token == ';') {
		grammar_refuse(grammar, "\";\" in a list: its elements are parted by \",\"");
		write_token(grammar, ",");
		return -EINVAL;
	}
	grammar_refuse(grammar, "\",\" is missing before %s", shown(grammar, token, buf));
	if (token == TOKEN_WORD || token == TOKEN_STRING || (token && strchr("{[(", token)))
		write_before(grammar, ", ");
	return -EINVAL;
}

// A string in its place has the wrong type: its figure is not judged as well.
int grammar_refuse_number(struct grammar *grammar, const char *fault)
{
	grammar_refuse(grammar, "%s", fault);
	quote_token(grammar);
	return -EINVAL;
}

int grammar_refuse_word(struct grammar *grammar)
{
	static const char *const yes[] = { "yes", "on", "enabled", NULL };
	static const char *const no[] = { "no", "off", "disabled", NULL };
	static const char *const none[] = { "null", "none", "nil", NULL };
	static const char *const no_number[] = { "inf", "+inf", "-inf", "nan", "infinity", NULL };
	char buf[SHOWN_SIZE];

	shown(grammar, TOKEN_WORD, buf);
	if (scanner_is_any(&grammar->scanner, yes) || scanner_is_any(&grammar->scanner, no)) {
		const char *value = scanner_is_any(&grammar->scanner, yes) ? "true" : "false";

		grammar_refuse(grammar, "%s is not a value: write %s", buf, value);
		write_token(grammar, value);
		return -EINVAL;
	}
	if (scanner_is_any(&grammar->scanner, none))
		grammar_refuse(grammar, "%s is not a value: leave the key out", buf);
	else if (scanner_is_any(&grammar->scanner, no_number))
		grammar_refuse(grammar, "%s is not a finite number", buf);
	else
		grammar_refuse(grammar, "%s is not a value: a string stands in quotes: \"%s\"", buf,
			buf);
	quote_token(grammar);
	return -EINVAL;
}
