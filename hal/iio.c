// SPDX-License-Identifier: MIT
#include "hal/iio.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "hal/attribute.h"
#include "hal/iio_lookup.h"

#define READ_PERIOD_NS 12500000   // as fast as the quickest of these converters (80 Hz)
#define HUNG_READ_NS   1000000000 // a read that lasts longer will not end
#define NS_PER_S       1000000000
#define STACK_SIZE     (128 * 1024) // small, because it is locked into memory

#define SLOT_FRESH 0x80u // the slot in the middle has not been taken yet

// A triple buffer: the writer fills one slot, the reader keeps one, and they exchange the one in
// the middle. Neither waits for the other, and no value is torn.
struct mailbox {
	struct hal_measurement slots[3];
	unsigned back, front; // writer's, reader's
	_Atomic unsigned middle;
};

struct channel {
	int fd; // of the _raw attribute; -1: there is none
	double offset, scale;
	const struct iio_channel *config; // borrowed; NULL: the force of `sensor`
	const struct force_sensor *sensor;
	struct hal_measurement last; // the thread's own
	struct mailbox mailbox;
};

#define FORCE        QUANTITY_COUNT // after the quantities
#define PER_ACTUATOR (QUANTITY_COUNT + 1)
#define CHANNELS_MAX (CHAIR_ACTUATORS_MAX * PER_ACTUATOR)

struct iio {
	size_t n;
	struct channel channels[CHANNELS_MAX]; // by actuator, and by quantity
	pthread_t thread;
	sem_t stop;
};

// --- exchange ---------------------------------------------------------------------------------

static void mailbox_init(struct mailbox *box)
{
	box->back = 0;
	box->front = 1;
	atomic_init(&box->middle, 2);
}

static void mailbox_put(struct mailbox *box, const struct hal_measurement *value)
{
	box->slots[box->back] = *value;
	box->back = atomic_exchange_explicit(&box->middle, box->back | SLOT_FRESH,
			    memory_order_acq_rel) &
		~SLOT_FRESH;
}

static void mailbox_get(struct mailbox *box, struct hal_measurement *ret)
{
	if (atomic_load_explicit(&box->middle, memory_order_relaxed) & SLOT_FRESH)
		box->front = atomic_exchange_explicit(&box->middle, box->front,
				     memory_order_acq_rel) &
			~SLOT_FRESH;
	*ret = box->slots[box->front];
}

// --- the thread -------------------------------------------------------------------------------

static int parse_number(const char *text, double *ret)
{
	char *end;
	double x = strtod(text, &end);

	if (end == text || (*end && *end != '\n' && *end != ' ') || !isfinite(x))
		return -EBADMSG;
	*ret = x;
	return 0;
}

static int read_number(int fd, double *ret)
{
	char text[64];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	if (n < 0)
		return -errno;
	text[n] = '\0';
	return parse_number(text, ret);
}

static double value_of(const struct channel *channel, double raw)
{
	double reading = (raw + channel->offset) * channel->scale;

	if (channel->config)
		return channel_value(channel->config, reading);
	return reading * channel->sensor->n_per_unit - channel->sensor->zero_n;
}

static void read_channel(struct channel *channel)
{
	struct timespec t;
	double raw = NAN;

	channel->last.error = read_number(channel->fd, &raw);
	if (!channel->last.error) {
		clock_gettime(CLOCK_MONOTONIC, &t);
		channel->last.t_us = t.tv_sec * US_PER_S + t.tv_nsec / 1000;
		channel->last.value = value_of(channel, raw);
	}
	mailbox_put(&channel->mailbox, &channel->last);
}

static struct timespec monotonic_in(int64_t ns)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	ns += t.tv_nsec;
	return (struct timespec){ t.tv_sec + ns / NS_PER_S, ns % NS_PER_S };
}

static void *read_channels(void *data)
{
	struct iio *iio = data;
	struct timespec next;

	do {
		for (size_t i = 0; i < iio->n; i++) {
			if (iio->channels[i].fd >= 0)
				read_channel(&iio->channels[i]);
		}
		next = monotonic_in(READ_PERIOD_NS);
	} while (sem_clockwait(&iio->stop, CLOCK_MONOTONIC, &next) < 0);
	return NULL;
}

// A thread of ordinary priority, also if its creator's is real-time, with all signals blocked.
static int start_thread(struct iio *iio)
{
	const struct sched_param ordinary = { 0 };
	pthread_attr_t attributes;
	sigset_t all, before;
	int r = -pthread_attr_init(&attributes);

	if (r)
		return r;
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attributes, SCHED_OTHER);
	pthread_attr_setschedparam(&attributes, &ordinary);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = -pthread_create(&iio->thread, &attributes, read_channels, iio);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return r;
}

// --- finding ----------------------------------------------------------------------------------

// The value of in_voltage0_scale, or of in_voltage_scale, which all voltages share, or `none`.
static int read_attribute(const char *device, const char *channel, const char *attribute,
	double none, double *ret)
{
	size_t type = strcspn(channel, "0123456789");
	const size_t lengths[] = { strlen(channel), type };

	for (size_t i = 0; i < 2; i++) {
		char name[2 * NAME_SIZE];
		int fd, r;

		snprintf(name, sizeof(name), "%.*s_%s", (int)lengths[i], channel, attribute);
		fd = attribute_open(device, name, O_RDONLY);
		if (fd == -ENOENT)
			continue;
		if (fd < 0)
			return fd;
		r = read_number(fd, ret);
		close(fd);
		return r == -EBADMSG ? -EINVAL : r;
	}
	*ret = none;
	return 0;
}

// What the channel is for, and its actuator, for people: "sensor of depth".
struct channel_place {
	const char *device, *channel, *use, *actuator;
};

static int open_channel(struct channel *channel, const struct channel_place *place, const char *dir,
	struct hal_error *error)
{
	char device[PATH_MAX], raw[NAME_SIZE + sizeof("_raw")];
	struct hal_error found;
	int r = iio_find_device(dir, place->device, device, &found);

	if (r < 0) {
		snprintf(error->text, sizeof(error->text), "%s of %s: %.180s", place->use,
			place->actuator, found.text);
		return r;
	}
	r = read_attribute(device, place->channel, "scale", 1.0, &channel->scale);
	if (!r)
		r = read_attribute(device, place->channel, "offset", 0.0, &channel->offset);
	if (r < 0) {
		snprintf(error->text, sizeof(error->text),
			"%s of %s: scale or offset of %s on %s: %s", place->use, place->actuator,
			place->channel, place->device, strerror(-r));
		return r;
	}
	snprintf(raw, sizeof(raw), "%s_raw", place->channel);
	channel->fd = attribute_open(device, raw, O_RDONLY);
	if (channel->fd >= 0)
		return 0;
	snprintf(error->text, sizeof(error->text), "%s of %s: channel %s of %s: %s", place->use,
		place->actuator, raw, place->device, strerror(-channel->fd));
	return channel->fd;
}

// Open it if the actuator has a channel for this use. 1: opened; 0: it has none.
static int open_use(struct channel *channel, const struct actuator *actuator, int use,
	const char *dir, struct hal_error *error)
{
	struct channel_place place = { .actuator = actuator->name };
	int r;

	channel->fd = -1;
	mailbox_init(&channel->mailbox);
	if (use == FORCE ? !actuator->sensor.present : !actuator->measured[use].present)
		return 0;
	if (use == FORCE) {
		channel->sensor = &actuator->sensor;
		place.device = actuator->sensor.device;
		place.channel = actuator->sensor.channel;
		place.use = "sensor";
	} else {
		channel->config = &actuator->measured[use];
		place.device = actuator->measured[use].device;
		place.channel = actuator->measured[use].channel;
		place.use = quantity_name((enum quantity)use);
	}
	r = open_channel(channel, &place, dir, error);
	return r < 0 ? r : 1;
}

static bool is_same_file(int fd, int other)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && fstat(other, &b) == 0 && a.st_dev == b.st_dev &&
		a.st_ino == b.st_ino;
}

// Two uses of one channel, which the chair file calls by two names of its device: each would be the
// other's value.
static int refuse_shared(const struct iio *iio, const struct chair *chair, size_t opened,
	struct hal_error *error)
{
	for (size_t i = 0; i < opened; i++) {
		if (iio->channels[i].fd < 0 ||
			!is_same_file(iio->channels[i].fd, iio->channels[opened].fd))
			continue;
		snprintf(error->text, sizeof(error->text),
			"%s and %s read the same IIO channel: write the channel of each",
			chair->actuators[i / PER_ACTUATOR].name,
			chair->actuators[opened / PER_ACTUATOR].name);
		return -EBUSY;
	}
	return 0;
}

static void close_channels(struct iio *iio)
{
	for (size_t i = 0; i < iio->n; i++) {
		if (iio->channels[i].fd >= 0)
			close(iio->channels[i].fd);
	}
}

int iio_open(const struct chair *chair, const char *dir, struct iio **ret_iio,
	struct hal_error *ret_error)
{
	struct iio *iio = calloc(1, sizeof(*iio));
	bool any = false;
	int r = 0;

	if (!iio) {
		snprintf(ret_error->text, sizeof(ret_error->text), "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	for (; iio->n < chair->n_actuators * PER_ACTUATOR; iio->n++) {
		r = open_use(&iio->channels[iio->n], &chair->actuators[iio->n / PER_ACTUATOR],
			(int)(iio->n % PER_ACTUATOR), dir, ret_error);
		if (r < 0)
			goto out;
		any |= r;
		r = r ? refuse_shared(iio, chair, iio->n, ret_error) : 0;
		if (r < 0) {
			iio->n++; // to be closed, too
			goto out;
		}
	}
	r = 0;
	if (any) {
		sem_init(&iio->stop, 0, 0);
		r = start_thread(iio);
		if (r < 0)
			snprintf(ret_error->text, sizeof(ret_error->text),
				"cannot start the sensors' thread: %s", strerror(-r));
	}
out:
	if (r < 0 || !any) {
		close_channels(iio);
		free(iio);
		iio = NULL;
	}
	if (r < 0)
		return r;
	*ret_iio = iio;
	return 0;
}

void iio_latest(struct iio *iio, int actuator, struct hal_force *ret_force)
{
	struct hal_measurement force;

	iio_measured(iio, actuator, FORCE, &force);
	*ret_force = (struct hal_force){ force.error, force.t_us, force.value };
}

void iio_measured(struct iio *iio, int actuator, enum quantity quantity,
	struct hal_measurement *ret_measurement)
{
	mailbox_get(&iio->channels[actuator * PER_ACTUATOR + (int)quantity].mailbox,
		ret_measurement);
}

struct iio *iio_close(struct iio *iio)
{
	struct timespec give_up;

	if (!iio)
		return NULL;
	sem_post(&iio->stop);
	give_up = monotonic_in(HUNG_READ_NS);
	if (pthread_clockjoin_np(iio->thread, NULL, CLOCK_MONOTONIC, &give_up)) {
		pthread_detach(iio->thread); // it still uses the memory
		return NULL;
	}
	sem_destroy(&iio->stop);
	close_channels(iio);
	free(iio);
	return NULL;
}
