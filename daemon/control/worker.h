// SPDX-License-Identifier: MIT
//
// Something that may take long, done once in a thread of its own, and handed back to the loop.
//
// Here: to connect to a broker, which resolves a name and waits for an answer.
#ifndef CHAIRD_CONTROL_WORKER_H
#define CHAIRD_CONTROL_WORKER_H

// The thread owns it until it is handed back.
struct worker {
	int (*run)(void *data); // in the thread; what it returns is kept in `result`
	void (*free)(void *data);
	void *data;
	int result;
	int fd; // the thread's end
};

// Start the thread. 0 with the descriptor to watch: when it is readable, worker_finish() has
// the worker back. -errno: data is still the caller's.
int worker_start(int (*run)(void *data), void (*free)(void *data), void *data, int *ret_fd);

// From a readable descriptor, which is closed: what it returned, and its data, which is the
// caller's again. -errno where there is nothing.
int worker_finish(int fd, int *ret_result, void **ret_data);

// Nobody waits any more: the descriptor is closed, and data is freed when the thread ends.
void worker_abandon(int fd);

#endif
