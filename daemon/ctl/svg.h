// SPDX-License-Identifier: MIT
//
// Text in SVG documents: escaped, and broken into lines that SVG itself does not break.
#ifndef CHAIRD_CTL_SVG_H
#define CHAIRD_CTL_SVG_H

#include <stdio.h>

// Write text with its markup characters as entities, and characters that XML forbids as '?'.
void svg_escape(FILE *out, const char *text);

// <text class="STYLE" x="X" y="Y">...</text>, printf-like and escaped. x: "16", "50%".
void svg_text(FILE *out, const char *style, const char *x, int y, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

// Lines of at most `columns` characters, broken at spaces, or within a longer word. Each is a
// svg_text(), `line_height` below the last. Returns the number of lines; NULL as `out` only counts.
int svg_paragraph(FILE *out, const char *style, const char *x, int y, int line_height, int columns,
	const char *text);

#endif
