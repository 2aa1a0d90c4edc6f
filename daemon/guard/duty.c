// SPDX-License-Identifier: MIT
//
// The time that an actuator is under drive: without a break, and in any five minutes.
//
// A press or a cell is under drive from its first push until it is proven released, driven or not,
// because it presses all that time; any other actuator is while it runs. Five minutes are kept as
// one bucket a second, and one more for the running second: the sum covers all of the last five
// minutes and never less.
//
// A press on a carriage has two shares: its own (the chair file's, for the motor), and that of each
// zone of the body (compiled in), because a zone rests while it presses elsewhere:
//
//   on the body, mm   60        100       140       180
//   second   1 ... 90             ######                  90 s at 110 ... 130
//   second  91 ... 150                                #   60 s at 190
//   second 151                      |                     at 118, 90 s are spent:
//                            |------^-------|             within ZONE_APART_MM of it
//
// Each bucket keeps the whole stretch that was pressed in it, and distance alone decides: a press
// that moves to and fro stays on its zone. While the position is not known, the time counts in
// every zone, and so does all time before, whose zones may be wrong.
#include "guard/guard_private.h"

static bool under_drive(const struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	if (actuator_presses(actuator_config(guard, actuator)->kind))
		return !state->released && state->known;
	return state->direction != 0;
}

static void duty_advance(struct duty *duty, int64_t second)
{
	if (second - duty->second >= DUTY_BUCKETS)
		duty->second = second - DUTY_BUCKETS;
	while (duty->second < second) {
		uint32_t *oldest_us = &duty->spent[++duty->second % DUTY_BUCKETS].us;

		duty->sum_us -= *oldest_us;
		*oldest_us = 0;
	}
}

static struct zone present_zone(const struct guard *guard, int actuator)
{
	return travel_zone(guard, actuator_config(guard, actuator)->carriage);
}

static void duty_spend(struct duty *duty, int64_t us, struct zone zone)
{
	size_t newest = (size_t)(duty->second % DUTY_BUCKETS);

	duty->spent[newest].zone = duty->spent[newest].us
		? zone_join(duty->spent[newest].zone, zone)
		: zone;
	duty->spent[newest].us += (uint32_t)us;
	duty->sum_us += us;
}

static void duty_forget_zones(struct duty *duty)
{
	for (size_t i = 0; i < DUTY_BUCKETS; i++)
		duty->spent[i].zone = ZONE_EVERYWHERE;
	duty->near.second = 0;
}

void duty_integrate(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	struct duty *duty = &state->duty;

	duty_advance(duty, guard->now_us / US_PER_S);
	if (state->under_drive_us != TIME_NEVER)
		duty_spend(duty, guard->dt_us, present_zone(guard, actuator));
	if (duty->sum_us && actuator_rides(config) && isnan(travel_mm(guard, config->carriage)))
		duty_forget_zones(duty);
}

void duty_mark(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];

	if (!under_drive(guard, actuator))
		state->under_drive_us = TIME_NEVER;
	else if (state->under_drive_us == TIME_NEVER)
		state->under_drive_us = guard->now_us;
}

// The time spent near here. Only the newest bucket changes within a second.
static int64_t spent_near_us(struct duty *duty, struct zone here)
{
	size_t newest = (size_t)(duty->second % DUTY_BUCKETS);
	bool known = duty->near.second == duty->second && duty->near.here.from_mm == here.from_mm &&
		duty->near.here.to_mm == here.to_mm;

	if (!known) {
		duty->near.second = duty->second;
		duty->near.here = here;
		duty->near.us = 0;
	}
	for (size_t i = 0; !known && i < DUTY_BUCKETS; i++) {
		if (i != newest && zone_near(duty->spent[i].zone, here, ZONE_APART_MM))
			duty->near.us += duty->spent[i].us;
	}
	return duty->near.us +
		(zone_near(duty->spent[newest].zone, here, ZONE_APART_MM) ? duty->spent[newest].us
									  : 0);
}

static bool share_is_spent(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct duty *duty = &guard->actuators[actuator].duty;
	int64_t zone_share_us = actuator_zone_share_us(config);

	if (duty->sum_us >= actuator_share_us(config))
		return true;
	if (duty->sum_us < zone_share_us) // even if all of it was here
		return false;
	return spent_near_us(duty, present_zone(guard, actuator)) >= zone_share_us;
}

int64_t duty_next_us(const struct guard *guard, int actuator)
{
	int64_t on_max_us = actuator_on_max_us(actuator_config(guard, actuator));
	const struct actuator_state *state = &guard->actuators[actuator];

	if (state->under_drive_us == TIME_NEVER || on_max_us == TIME_NEVER)
		return TIME_NEVER;
	return state->under_drive_us + on_max_us;
}

void duty_check(struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	if (state->under_drive_us == TIME_NEVER)
		return;
	if (guard->now_us >= duty_next_us(guard, actuator))
		mode_release(guard, REASON_ON_TIME, actuator);
	else if (share_is_spent(guard, actuator))
		mode_release(guard, REASON_DUTY, actuator);
}
