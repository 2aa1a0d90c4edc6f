// SPDX-License-Identifier: MIT
//
// Picture of a recording, as an SVG document: over time the phases, target, delivered and felt
// pressure with their ceilings, positions and breath; the same for each place that is pressed; and
// a map of the body with what each point received.
//
// It refers to nothing outside, contains no script, and follows the reader's light or dark scheme.
// The panels are as wide as the page; from CHART_WIDE_PX on there are two columns. So text has the
// same size on every page: nothing is scaled.
#ifndef CHAIRD_CTL_CHART_H
#define CHAIRD_CTL_CHART_H

#include <stdio.h>

#include "ctl/recording.h"

#define CHART_WIDE_PX   800
#define CHART_NARROW_PX 360 // the narrowest page that the texts fit

// 0, or -ENOMEM. Errors of the stream are left to the caller (ferror). Without samples: nothing.
int chart_draw(const struct recording *recording, FILE *stream);

#endif
