// SPDX-License-Identifier: MIT
//
// One attempt to connect to the broker, made in a thread of its own: it resolves a name and waits
// for an answer, which may take minutes. Only for mqtt_link.c; it knows no MQTT.
#ifndef CHAIRD_CONTROL_MQTT_ATTEMPT_H
#define CHAIRD_CONTROL_MQTT_ATTEMPT_H

// What is tried. The attempt owns it and runs it in the thread; then it is handed back.
struct attempt {
	int (*run)(struct attempt *attempt); // in the thread; its result is kept in `result`
	void (*free)(struct attempt *attempt);
	int result;
	int fd; // the thread's end
};

// Start the thread. 0 with the descriptor to watch: when it is readable, attempt_finish() has
// the attempt back. -errno: the attempt is still the caller's.
int attempt_start(struct attempt *attempt, int *ret_fd);

// The attempt, from a readable descriptor, which is closed. NULL where there is none.
struct attempt *attempt_finish(int fd);

// Nobody waits any more: the descriptor is closed, and the thread frees the attempt when it ends.
void attempt_abandon(int fd);

#endif
