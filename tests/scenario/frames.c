// SPDX-License-Identifier: MIT
#include "frames.h"

#include <string.h>

void setpoint_init(struct wire_setpoint *frame, const struct chair *chair, uint32_t seq)
{
	*frame = (struct wire_setpoint){ .lease_ms = LEASE_HARD_MAX_MS,
		.n = (uint32_t)chair->n_actuators };
	wire_header_init(&frame->header, WIRE_SETPOINT, sizeof(*frame), seq);
}

size_t bare_frame_init(struct wire_arm *frame, enum wire_type type, uint64_t chair, uint32_t seq)
{
	size_t size = type == WIRE_ARM ? sizeof(struct wire_arm) : sizeof(struct wire_bare);

	frame->chair = chair;
	wire_header_init(&frame->header, type, (uint32_t)size, seq);
	return size;
}

static size_t corrupt_short(struct wire_setpoint *frame)
{
	return sizeof(*frame) - 1;
}

static size_t corrupt_header_only(struct wire_setpoint *frame)
{
	return sizeof(frame->header);
}

static size_t corrupt_one_byte(struct wire_setpoint *frame)
{
	(void)frame;
	return 1;
}

static size_t corrupt_magic(struct wire_setpoint *frame)
{
	frame->header.magic ^= 1;
	return sizeof(*frame);
}

static size_t corrupt_version(struct wire_setpoint *frame)
{
	frame->header.version++;
	return sizeof(*frame);
}

static size_t corrupt_type(struct wire_setpoint *frame)
{
	frame->header.type = WIRE_REPORT;
	return sizeof(*frame);
}

static size_t corrupt_length(struct wire_setpoint *frame)
{
	frame->header.length = UINT32_MAX;
	return sizeof(*frame);
}

static size_t corrupt_n(struct wire_setpoint *frame)
{
	frame->n = UINT32_MAX;
	return sizeof(*frame);
}

static size_t corrupt_lease_zero(struct wire_setpoint *frame)
{
	frame->lease_ms = 0;
	return sizeof(*frame);
}

static size_t corrupt_lease_long(struct wire_setpoint *frame)
{
	frame->lease_ms = LEASE_HARD_MAX_MS + 1;
	return sizeof(*frame);
}

static size_t corrupt_mode(struct wire_setpoint *frame)
{
	frame->demand[0].mode = WIRE_MODE_COUNT;
	return sizeof(*frame);
}

static size_t corrupt_reserved(struct wire_setpoint *frame)
{
	frame->demand[0].reserved[2] = 1;
	return sizeof(*frame);
}

static size_t corrupt_value(struct wire_setpoint *frame)
{
	frame->demand[0] = (struct wire_demand){ .mode = WIRE_DRIVE, .value = INT32_MIN };
	return sizeof(*frame);
}

static size_t corrupt_beyond(struct wire_setpoint *frame)
{
	frame->demand[CHAIR_ACTUATORS_MAX - 1].mode = WIRE_DRIVE;
	return sizeof(*frame);
}

static size_t corrupt_noise(struct wire_setpoint *frame)
{
	memset(frame, 0xa5, sizeof(*frame));
	return sizeof(*frame);
}

const struct bad_frame bad_frames[] = {
	{ "short", corrupt_short },
	{ "header-only", corrupt_header_only },
	{ "one-byte", corrupt_one_byte },
	{ "magic", corrupt_magic },
	{ "version", corrupt_version },
	{ "type", corrupt_type },
	{ "length", corrupt_length },
	{ "n", corrupt_n },
	{ "lease-zero", corrupt_lease_zero },
	{ "lease-long", corrupt_lease_long },
	{ "mode", corrupt_mode },
	{ "reserved", corrupt_reserved },
	{ "value", corrupt_value },
	{ "beyond", corrupt_beyond },
	{ "noise", corrupt_noise },
};

const size_t n_bad_frames = sizeof(bad_frames) / sizeof(bad_frames[0]);
