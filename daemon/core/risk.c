// SPDX-License-Identifier: MIT
#include "core/risk.h"

static const struct {
	const char *name, *text;
} risks[RISK_COUNT] = {
	[RISK_NO_CHARGE_PUMP] = { "no-charge-pump",
		"a computer that freezes keeps its motors running" },
	[RISK_UNSAFE_WHEN_LOW] = { "unsafe-when-low",
		"it is on while its line is low or unplugged; "
		"only the charge pump's relay is left" },
	[RISK_UNSAFE_AT_RESET] = { "unsafe-at-reset",
		"its line is high until the guard has it; only the charge pump's relay is left" },
	[RISK_UNCALIBRATED] = { "uncalibrated",
		"no ceiling in newtons limits it, only drive and time" },
	[RISK_OVERFILL] = { "overfill",
		"a pump whose relay sticks presses harder with it than a hold may" },
	[RISK_OWN_RESISTORS] = { "own-resistors",
		"an unplugged contact reads what resistors outside of the chip make of it" },
};

const char *risk_name(enum chair_risk risk)
{
	return risks[risk].name;
}

const char *risk_text(enum chair_risk risk)
{
	return risks[risk].text;
}
