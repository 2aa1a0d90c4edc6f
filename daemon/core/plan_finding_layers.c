// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "core/plan_finding_private.h"

static const char *name_of(const struct chair *chair, int actuator)
{
	return actuator >= 0 ? chair->actuators[actuator].name : "?";
}

static void text_of_missing(const struct step_layer *layer, const struct chair *chair, char *buf,
	size_t size)
{
	static const char remedy[] =
		"write optional = true; if chairs without it may play the step without it";

	if (*layer->actuator)
		snprintf(buf, size, "chair %s has no actuator %s (%s)", chair->id, layer->actuator,
			remedy);
	else
		snprintf(buf, size, "chair %s has no %s beside this step (%s)", chair->id,
			actuator_kind_name(layer->kind), remedy);
}

static void text_of_kind(const struct chair *chair, int actuator, char *buf, size_t size)
{
	size_t used = (size_t)snprintf(buf, size,
		"%s is a %s, which cannot be a layer (allowed:", name_of(chair, actuator),
		actuator_kind_name(chair->actuators[actuator].kind));
	const char *comma = "";

	for (unsigned kind = 0; kind < ACTUATOR_KIND_COUNT && used < size; kind++) {
		if (!layer_kind_name(kind))
			continue;
		used += (size_t)snprintf(buf + used, size - used, "%s %s", comma,
			layer_kind_name(kind));
		comma = ",";
	}
	if (used < size)
		snprintf(buf + used, size - used, ")");
}

static void text_of_switched(const struct plan_finding *finding, const struct chair *chair,
	char *buf, size_t size)
{
	const struct actuator *actuator = &chair->actuators[finding->actuator];

	if (actuator->kind == ACTUATOR_HEAT)
		snprintf(buf, size,
			"%g per mille are a part of its heat, and %s is on or off: the chair file "
			"has its temperature (hold_c); write permille = %g;",
			finding->value, actuator->name, finding->bound);
	else
		snprintf(buf, size,
			"%g per mille are a speed, and %s has none: its relay or transistor is on "
			"or off; write permille = %g;",
			finding->value, actuator->name, finding->bound);
}

void plan_finding_layer_text(const struct plan_finding *finding, const struct step_layer *layer,
	const struct chair *chair, char *buf, size_t size)
{
	const char *name = name_of(chair, finding->actuator);

	switch (finding->kind) {
	case FINDING_LAYER_MISSING:
		text_of_missing(layer, chair, buf, size);
		break;
	case FINDING_LAYER_KIND:
		text_of_kind(chair, finding->actuator, buf, size);
		break;
	case FINDING_LAYER_TWICE:
		snprintf(buf, size,
			"%s works in this step already, or holds its rollers at their width", name);
		break;
	case FINDING_LAYER_CLOSED:
		snprintf(buf, size, "%s would press a place that is closed to the person", name);
		break;
	case FINDING_LAYER_ZONE:
		snprintf(buf, size,
			"%s would press where the step presses already: one region of one side "
			"bears one press",
			name);
		break;
	case FINDING_EXCLUSIVE:
		snprintf(buf, size,
			"%s must run beside %s, and the chair excludes that (exclusive)", name,
			name_of(chair, finding->other));
		break;
	case FINDING_CURRENT:
		snprintf(buf, size,
			"with %s the step may take %.0f mA at once (current_max_ma: at most %.0f "
			"mA)",
			name, finding->value, finding->bound);
		break;
	case FINDING_DRIVE:
		snprintf(buf, size, "%g per mille is above the drive of %s (1 ... %.0f per mille)",
			finding->value, name, finding->bound);
		break;
	case FINDING_SWITCHED:
		text_of_switched(finding, chair, buf, size);
		break;
	case FINDING_DRIVE_REGION:
		snprintf(buf, size,
			"%g per mille give, by the table of %s, more than a region bears that it "
			"presses (1 ... %.0f per mille)",
			finding->value, name, finding->bound);
		break;
	case FINDING_TOO_MANY:
		snprintf(buf, size, "the profile has more than %d layers on this chair",
			PLAN_LAYERS_MAX);
		break;
	case FINDING_SHARE:
		snprintf(buf, size,
			"%s may be under drive for up to %.0f s of five minutes (at most %.0f s): "
			"write on_s, and a longer off_s",
			name, finding->value, finding->bound);
		break;
	default:
		snprintf(buf, size,
			"%s may be on for up to %.1f s without a break (at most %.0f s): write a "
			"shorter on_s",
			name, finding->value, finding->bound);
		break;
	}
}
