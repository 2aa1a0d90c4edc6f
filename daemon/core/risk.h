// SPDX-License-Identifier: MIT
//
// Tolerable risks of a chair, which its file must acknowledge by name.
#ifndef CHAIRD_CORE_RISK_H
#define CHAIRD_CORE_RISK_H

enum chair_risk {
	// of the chair
	RISK_NO_CHARGE_PUMP,
	// of an actuator
	RISK_UNSAFE_WHEN_LOW,
	RISK_UNSAFE_AT_RESET,
	RISK_UNCALIBRATED,
	RISK_OVERFILL,
	// of either
	RISK_OWN_RESISTORS,
	RISK_COUNT,
};

#define RISK_BIT(risk)    (1u << (risk))
#define RISKS_OF_CHAIR    (RISK_BIT(RISK_NO_CHARGE_PUMP) | RISK_BIT(RISK_OWN_RESISTORS))
#define RISKS_OF_ACTUATOR ((RISK_BIT(RISK_COUNT) - 1) & ~RISK_BIT(RISK_NO_CHARGE_PUMP))

const char *risk_name(enum chair_risk risk); // "no-charge-pump", as in the file
const char *risk_text(enum chair_risk risk); // the hazard in one clause, for people

#endif
