// SPDX-License-Identifier: MIT
#include "ctl/svg.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#define LINE_SIZE 512

void svg_escape(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, out);
		}
	}
}

void svg_text(FILE *out, const char *style, const char *x, int y, const char *format, ...)
{
	char text[LINE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(out, "<text class=\"%s\" x=\"%s\" y=\"%d\">", style, x, y);
	svg_escape(out, text);
	fputs("</text>\n", out);
}

static bool continues_character(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

// Bytes of the text that fit in a line.
static size_t fitting(const char *text, int columns)
{
	size_t n = 0, space = 0;

	for (int column = 0; text[n]; n++) {
		if (continues_character(text[n]))
			continue;
		if (text[n] == ' ')
			space = n;
		if (column++ == columns)
			return space ? space : n;
	}
	return n;
}

int svg_paragraph(FILE *out, const char *style, const char *x, int y, int line_height, int columns,
	const char *text)
{
	int lines = 0;

	for (; *text; lines++) {
		size_t n = fitting(text, columns);

		if (out)
			svg_text(out, style, x, y + lines * line_height, "%.*s", (int)n, text);
		text += n;
		text += strspn(text, " ");
	}
	return lines;
}
