// SPDX-License-Identifier: MIT
//
// The risks that a chair may have and still be driven, if its file acknowledges them by name.
#ifndef CHAIRD_CORE_RISK_H
#define CHAIRD_CORE_RISK_H

enum chair_risk {
	// of the chair
	RISK_NO_CHARGE_PUMP,
	// of an actuator
	RISK_UNSAFE_WHEN_LOW,
	RISK_UNSAFE_AT_RESET,
	RISK_UNCALIBRATED,
	// of either
	RISK_OWN_RESISTORS,
	RISK_COUNT,
};

#define RISK_BIT(risk)    (1u << (risk))
#define RISKS_OF_CHAIR    (RISK_BIT(RISK_NO_CHARGE_PUMP) | RISK_BIT(RISK_OWN_RESISTORS))
#define RISKS_OF_ACTUATOR ((RISK_BIT(RISK_COUNT) - 1) & ~RISK_BIT(RISK_NO_CHARGE_PUMP))

const char *risk_name(enum chair_risk risk); // "no-charge-pump": what the file calls it
const char *risk_text(enum chair_risk risk); // what may happen, in one clause, for people

#endif
